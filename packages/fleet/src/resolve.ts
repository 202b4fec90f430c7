import { resolve } from 'node:path';
import { runToEnd } from '@helios/shared/runtime/cli/run-command.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { createLogger } from '@helios/shared/runtime/logger.ts';
import { redisAddressOf } from '@helios/shared/runtime/redis/settings-address.ts';
import { connectAdmin } from '@helios/shared/runtime/redis-admin.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { admitMode } from './admit-mode.ts';
import { describeRun, establishRun, modeOfStart, placeOf } from './establish-run.ts';
import { inspectServer } from './inspect-server.ts';
import { resolveMode } from './resolve-mode.mjs';
import { StartRefused } from './start-refused.ts';

/** Maximum wait for a Redis container that starts at the same time. */
const REDIS_WITHIN_MS = 60_000;

/** The one-shot mode resolver of the compose files. It claims the database, archives, writes `fleet:mode`, and ends. */
async function main(): Promise<number> {
  const root = resolve(import.meta.dirname, '../../..');
  const { settings, switches } = loadSettings({ env: process.env, root });
  const { system, binance } = settings;
  const log = createLogger({ service: 'fleet', level: system.log_level });
  const resolution = resolveMode({ binance, switches, seed: system.synthetic_seed, replay: undefined });
  if (resolution.kind === 'ABORT') throw new StartRefused(resolution.lines);
  // Nothing has started yet, so a signal may end this process directly.
  const never = new AbortController().signal;
  await admitMode(resolution.mode, settings, [], (line) => console.log(line), never);
  const bus = await connectBus('fleet', { ...redisAddressOf(system), log, connectTimeoutMs: REDIS_WITHIN_MS });
  const admin = await connectAdmin(redisAddressOf(system), log, 5_000);
  try {
    for (const warning of await inspectServer(admin, system)) console.log(`warning: ${warning}`);
    const mode = await modeOfStart(resolution.mode, settings, []);
    const archived = await establishRun(admin, bus, mode, placeOf(system, false));
    for (const line of describeRun(mode, archived)) console.log(line);
    return 0;
  } finally {
    admin.close();
    await bus.close();
  }
}

await runToEnd(main);
