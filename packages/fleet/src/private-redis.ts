import { mkdir } from 'node:fs/promises';
import { isIP } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { probeRedis } from '@helios/shared/runtime/redis-probe.ts';
import { cutPadding, isAppendFileFault, putAppendFilesAside } from './append-file.ts';
import { type Child, createChild } from './child.ts';
import { foreignEnvironment } from './foreign-environment.ts';
import { guardAgainstOrphan, type OrphanGuard } from './orphan-guard.mjs';
import type { RestartDelay } from './restart-policy.ts';
import { StartRefused } from './start-refused.ts';

const READY_WITHIN_MS = 60_000;
const POLL_MS = 50;
const NOTHING_SERVED = 'redis-server was not found';

/** Address, file and password of the private server. */
export interface PrivateRedisOptions {
  readonly host: string;
  readonly port: number;
  /** Empty means the default user. */
  readonly username: string;
  readonly password: string;
  /** Path of redis-server or valkey-server. */
  readonly server: string;
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
  /** Shows a line to the operator. */
  readonly say: (line: string) => void;
  readonly onLine: (line: string, from: 'stdout' | 'stderr') => void;
  readonly onChange: (child: Child, delayMs?: number) => void;
  readonly restartDelayMs?: RestartDelay | undefined;
}

/** True for an address of this machine that only this machine reaches. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/**
 * The server's whole configuration, for its standard input: every user of the machine could read a password on a command
 * line.
 */
export function redisConfiguration(
  options: Pick<PrivateRedisOptions, 'host' | 'port' | 'username' | 'password' | 'dataDir'>,
): string {
  const lines = [
    `bind ${options.host}`,
    `port ${options.port}`,
    `dir ${quoted(options.dataDir)}`,
    'daemonize no',
    // Redis writes every command to disk within a second, and never evicts a key.
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    'databases 16',
  ];
  if (options.password !== '') lines.push(`requirepass ${quoted(options.password)}`);
  if (options.username !== '') {
    const password = options.password === '' ? 'nopass' : quoted(`>${options.password}`);
    lines.push(`user ${quoted(options.username)} on ${password} ~* &* +@all`);
  }
  return `${lines.join('\n')}\n`;
}

const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;

/**
 * Starts a private Redis and waits until it accepts connections. It restarts after a crash, and ends in any case when this
 * process ends. If a power cut damaged its append-only file, the start repairs the file or moves it aside; decision-logger
 * then writes its ledger to the empty Redis again.
 * @throws StartRefused with the server's output if it does not come up
 */
export async function startPrivateRedis(options: PrivateRedisOptions): Promise<Child> {
  await mkdir(options.dataDir, { recursive: true });
  for (const mend of [undefined, cutAndSay, putAsideAndSay]) {
    if (mend !== undefined && !mend(options)) continue;
    const started = await launch(options);
    if (started.child) return started.child;
    if (mend === putAsideAndSay || !isAppendFileFault(started.said)) throw notStarted(options, started);
  }
  throw new Error('unreachable: the last attempt returns or throws');
}

interface Failed {
  readonly child?: undefined;
  readonly how: string;
  readonly said: readonly string[];
}

async function launch(options: PrivateRedisOptions): Promise<{ readonly child: Child } | Failed> {
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
    restartDelayMs: options.restartDelayMs,
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
    return { child };
  }
  const how = child.lastEnd ?? `no answer within ${READY_WITHIN_MS / 1_000} s`;
  await child.stop(1_000);
  return { how, said };
}

function notStarted(options: PrivateRedisOptions, { how, said }: Failed): StartRefused {
  return new StartRefused([
    `The private Redis (${options.server || NOTHING_SERVED}) did not start on ${options.host}:${options.port}: ${how}.`,
    ...said.slice(-6).map((line) => `    ${line}`),
    `Its file is in ${options.dataDir}. If the file is damaged, move the folder away. If the disk is full, free some space.`,
    'If another program uses the port, set REDIS_PORT to a free one.',
  ]);
}

/** False if there was nothing to cut. */
function cutAndSay({ dataDir, say }: PrivateRedisOptions): boolean {
  const cut = cutPadding(dataDir);
  for (const { path, bytes } of cut)
    say(
      `  Redis: ${path} ended in ${bytes} zero bytes, as after a power cut. Helios cut them off; nothing else is lost.`,
    );
  return cut.length > 0;
}

/** False if there is no file. */
function putAsideAndSay({ dataDir, say }: PrivateRedisOptions): boolean {
  const aside = putAppendFilesAside(dataDir, Date.now());
  if (aside === undefined) return false;
  say(`  Redis: its append-only file is damaged. Helios moved it to ${aside}.`);
  say('  Redis starts empty. The ledger restores trades and figures; unread signals are lost.');
  return true;
}

/** True as soon as the server answers; false if `isOver` or the time is up. */
async function untilReady(place: { host: string; port: number }, isOver = () => false): Promise<boolean> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline && !isOver()) {
    const probe = await probeRedis(place.host, place.port, 1_000);
    if (probe.kind === 'READY' || probe.kind === 'PASSWORD_NEEDED') return true;
    await pause(POLL_MS);
  }
  return false;
}
