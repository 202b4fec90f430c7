import { realpath } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { redisAddressOf } from '@helios/shared/runtime/redis/settings-address.ts';
import { connectAdmin } from '@helios/shared/runtime/redis-admin.ts';
import { probeRedis, type RedisProbe } from '@helios/shared/runtime/redis-probe.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { isLoopback } from './private-redis.ts';
import { StartRefused } from './start-refused.ts';
import { describeDatabase, readBeat, refuseBesideAnother } from './supervisor-beat.ts';

const LOADING_MS = 60_000;

/** Which Redis to use: the one that answers, or a private one that the start launches. */
export type RedisChoice = { readonly kind: 'THERE' } | { readonly kind: 'START_PRIVATE' };

/**
 * Probes the configured host and port. Ends a private Redis that an earlier start left behind, so that this start can launch
 * it as its own child.
 * @throws StartRefused if something else listens there, if nothing listens and the host is another machine, or if our own
 * Redis serves a running fleet
 */
export async function findRedis(system: Settings['system'], privateDir: string, log: Logger): Promise<RedisChoice> {
  const { redis_host: host, redis_port: port } = system;
  const probe = await settledProbe(system);
  switch (probe.kind) {
    case 'NOTHING':
      if (isLoopback(host) && !system.redis_tls) return { kind: 'START_PRIVATE' };
      if (isLoopback(host))
        throw new StartRefused([
          `No Redis answers at ${host}:${port}. The settings ask for encryption (REDIS_TLS, or rediss:// in REDIS_URL), which a private Redis lacks.`,
          '  • Start that Redis, or unset REDIS_TLS or REDIS_URL to let npm start run a private one.',
        ]);
      throw new StartRefused([
        `No Redis answers at ${host}:${port} (connection refused), and this address is on another machine.`,
        '  • Start it there, or correct REDIS_HOST and REDIS_PORT.',
        '  • REDIS_HOST=127.0.0.1 lets npm start run a private one.',
      ]);
    case 'UNREACHABLE':
      throw new StartRefused([
        `Cannot reach the Redis at ${host}:${port} (${probe.problem}).`,
        '  • Correct REDIS_HOST and REDIS_PORT, or repair the network; REDIS_HOST=127.0.0.1 is this machine.',
      ]);
    case 'NOT_REDIS':
      throw new StartRefused([
        `Another program, not a Redis, listens on port ${port} of ${host}${saying(probe.said)}.`,
        `  • Use another port: REDIS_PORT=${port === 6379 ? 6380 : port + 1} (in the environment or in .env), or`,
        `  • end that program (to see which: lsof -i :${port}).`,
      ]);
    case 'LOADING':
      throw new StartRefused([
        `The Redis at ${host}:${port} has been loading its data for ${LOADING_MS / 1_000} s. Wait, then start again.`,
      ]);
    default:
      return (await endLeftover(system, privateDir, log)) ? { kind: 'START_PRIVATE' } : { kind: 'THERE' };
  }
}

const saying = (said: string): string =>
  said.trim() === ''
    ? ' (it does not answer a PING)'
    : ` (it answers “${said.split('\n', 1)[0]?.trim().slice(0, 60)}”)`;

/** Probes the Redis of the settings. */
export function probeOf(system: Settings['system'], timeoutMs?: number): Promise<RedisProbe> {
  return probeRedis(system.redis_host, system.redis_port, timeoutMs, redisAddressOf(system).tls);
}

async function settledProbe(system: Settings['system']): Promise<RedisProbe> {
  const deadline = Date.now() + LOADING_MS;
  for (;;) {
    const probe = await probeOf(system);
    if (probe.kind !== 'LOADING' || Date.now() > deadline) return probe;
    await pause(200);
  }
}

/** Ends the private Redis of an earlier start. True if there was one. */
async function endLeftover(system: Settings['system'], privateDir: string, log: Logger): Promise<boolean> {
  const admin = await connectAdmin(redisAddressOf(system), log, 3_000).catch(explainRefusal);
  try {
    const dir = await admin.serverSetting('dir');
    if (dir === undefined || (await realPathOf(dir)) !== (await realPathOf(privateDir))) return false;
    // If somebody deleted the file of a running supervisor, this Redis may serve its fleet.
    await refuseBesideAnother(() => readBeat(admin), { host: hostname() }, describeDatabase(system));
    log.info({ dir }, 'private redis of an earlier start found, ending it');
    await admin.shutdown();
  } finally {
    admin.close();
  }
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await probeOf(system)).kind === 'NOTHING') return true;
    await pause(100);
  }
  throw new StartRefused([
    `The private Redis of an earlier start at ${system.redis_host}:${system.redis_port} does not end.`,
    `  • End it: npm run redis -- SHUTDOWN, then start again.`,
  ]);
}

/** @throws StartRefused that suggests the private Redis of another folder if the password was wrong, else the error itself */
function explainRefusal(error: unknown): never {
  if (!(error instanceof BusUnavailable) || error.code !== 'REDIS_AUTH') throw error;
  throw new StartRefused([
    error.message,
    '  • If it is the private Redis of a Helios in another folder, set REDIS_PORT to a free port.',
  ]);
}

/** A path with links resolved; unchanged if it does not exist. */
const realPathOf = (path: string): Promise<string> => realpath(path).catch(() => path);
