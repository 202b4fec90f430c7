import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { typedCommand } from '@helios/shared/runtime/cli/command-line.mjs';
import { probeOf } from './find-redis.ts';
import { startPrivateRedis } from './private-redis.ts';
import { ensureRedisPassword, isPrivatePlace, withKeptPassword } from './redis-password.ts';
import { StartRefused } from './start-refused.ts';
import { runningSupervisor } from './supervisor-file.ts';

/** Folder of the private Redis' file in the data folder. */
export const privateRedisDir = (dataDir: string): string => resolve(dataDir, 'redis-data');

/** The Redis for one command. */
export interface RedisForACall {
  /** Settings with the password that this Redis needs. */
  readonly system: Settings['system'];
  /** Stops the Redis that was started for this command. */
  readonly end: () => Promise<void>;
}

/**
 * Makes sure that a Redis answers for one command. If no fleet runs, starts the private Redis on its file.
 * @param say shows a line to the operator
 * @throws StartRefused if no Redis answers and none can be started
 */
export async function redisForACall(
  given: Settings['system'],
  dataDir: string,
  say: (line: string) => void,
): Promise<RedisForACall> {
  const { redis_host: host, redis_port: port } = given;
  const probe = await probeOf(given);
  if (probe.kind === 'NOT_REDIS' && probe.said === '')
    say(
      `The program on ${host}:${port} does not answer a PING: it hangs, or it is not a Redis. Ctrl-C ends this command.`,
    );
  if (probe.kind !== 'NOTHING') return { system: await withKeptPassword(given, dataDir), end: async () => {} };
  refuseWithoutFile(given, dataDir);
  const system = { ...given, redis_password: given.redis_password || ensureRedisPassword(dataDir, say) };
  const redis = await startPrivateRedis({
    host,
    port,
    username: system.redis_username,
    password: system.redis_password,
    say,
    server: process.env['HELIOS_REDIS_SERVER'] ?? 'redis-server',
    dataDir: privateRedisDir(dataDir),
    env: process.env,
    onLine: () => {},
    // Another start ended it and uses the file now: do not restart it here.
    onChange: (child) => {
      if (child.state === 'RESTARTING') void child.stop(0);
    },
  });
  say(`No fleet runs. Helios started its Redis on ${host}:${port} for this command and stops it afterwards.`);
  return { system, end: () => redis.stop(5_000) };
}

function refuseWithoutFile(system: Settings['system'], dataDir: string): void {
  const { redis_host: host, redis_port: port } = system;
  const running = runningSupervisor(dataDir);
  if (running !== undefined) {
    throw new StartRefused([
      `The fleet runs (process ${running.pid}), but its Redis at ${host}:${port} does not answer.`,
      `  • The fleet restarts it by itself; ${typedCommand('status')} and ${typedCommand('logs')} show its state.`,
    ]);
  }
  if (!isPrivatePlace(system)) {
    throw new StartRefused([
      `No Redis answers at ${host}:${port} (connection refused). Helios cannot run a private Redis with these settings.`,
      '  • Start it there, or correct REDIS_HOST and REDIS_PORT (or REDIS_URL).',
    ]);
  }
  const folder = privateRedisDir(dataDir);
  if (existsSync(folder)) return;
  throw new StartRefused([
    `No Redis answers at ${host}:${port}, and ${folder} holds no file of a private one: no fleet has run here yet.`,
    `  • Start the fleet: ${typedCommand('start')}`,
    '  • Or correct REDIS_HOST and REDIS_PORT.',
  ]);
}
