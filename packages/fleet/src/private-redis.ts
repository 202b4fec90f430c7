import { mkdir } from 'node:fs/promises';
import { isIP } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { probeRedis } from '@helios/shared/runtime/redis-probe.ts';
import { type Child, createChild } from './child.ts';
import { foreignEnvironment } from './foreign-environment.ts';
import { guardAgainstOrphan, type OrphanGuard } from './orphan-guard.ts';
import { StartRefused } from './start-refused.ts';

const READY_WITHIN_MS = 60_000;
const POLL_MS = 50;
const NOTHING_SERVED = 'redis-server was not found';

/** Where the private server listens and keeps its file. */
export interface PrivateRedisOptions {
  readonly host: string;
  readonly port: number;
  readonly password: string;
  /** Path of redis-server or valkey-server. */
  readonly server: string;
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onLine: (line: string, from: 'stdout' | 'stderr') => void;
  readonly onChange: (child: Child, delayMs?: number) => void;
}

/** True for an address of this machine that only this machine reaches. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/**
 * The server's whole configuration, handed over on its standard input: a password on a command line would be visible to
 * everybody on the machine.
 */
export function redisConfiguration(
  options: Pick<PrivateRedisOptions, 'host' | 'port' | 'password' | 'dataDir'>,
): string {
  const lines = [
    `bind ${options.host}`,
    `port ${options.port}`,
    `dir ${quoted(options.dataDir)}`,
    'daemonize no',
    // Kept: every command, on disk within a second. Never thrown away: whatever the memory.
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    'databases 16',
  ];
  if (options.password !== '') lines.push(`requirepass ${quoted(options.password)}`);
  return `${lines.join('\n')}\n`;
}

const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;

/**
 * Starts a Redis of our own and waits until it takes connections. It is started again when it dies, and ends with us
 * whatever ends us.
 * @throws StartRefused with what it said where it does not come up
 */
export async function startPrivateRedis(options: PrivateRedisOptions): Promise<Child> {
  await mkdir(options.dataDir, { recursive: true });
  const env = foreignEnvironment(options.env);
  const said: string[] = [];
  let guard: OrphanGuard | undefined;
  const child = createChild({
    name: 'redis',
    command: options.server,
    args: ['-'],
    env,
    cwd: options.dataDir,
    input: redisConfiguration(options),
    channel: false,
    onLine: (line, from) => {
      said.push(line);
      if (said.length > 20) said.shift();
      options.onLine(line, from);
    },
    onChange: (changed, delayMs) => {
      guard?.release();
      guard = changed.pid === undefined ? undefined : guardAgainstOrphan(changed.pid, env);
      options.onChange(changed, delayMs);
      if (changed.state === 'STARTING' && changed.restarts > 0)
        void untilReady(options).then(() => child.markRunning());
    },
    now: () => Date.now(),
  });
  child.start();
  if (await untilReady(options, () => child.lastEnd !== undefined)) {
    child.markRunning();
    return child;
  }
  const how = child.lastEnd ?? `no answer within ${READY_WITHIN_MS / 1_000} s`;
  await child.stop(1_000);
  throw new StartRefused([
    `The private Redis (${options.server || NOTHING_SERVED}) did not start on ${options.host}:${options.port}: ${how}.`,
    ...said.slice(-6).map((line) => `    ${line}`),
    `Its file is in ${options.dataDir}. If that is damaged or the disk is full, mend it or move the folder away; if the`,
    'port is the trouble, set REDIS_PORT to a free one.',
  ]);
}

/** True once it answers; false when `isOver` or the time is up. */
async function untilReady(place: { host: string; port: number }, isOver = () => false): Promise<boolean> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline && !isOver()) {
    const probe = await probeRedis(place.host, place.port, 1_000);
    if (probe.kind === 'READY' || probe.kind === 'PASSWORD_NEEDED') return true;
    await pause(POLL_MS);
  }
  return false;
}
