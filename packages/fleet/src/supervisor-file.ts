import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { StartRefused } from './start-refused.ts';

/** Address settings of a fleet's Redis, without the password. */
export type RedisSettings = Pick<
  Settings['system'],
  'redis_host' | 'redis_port' | 'redis_db' | 'redis_username' | 'redis_tls' | 'redis_tls_ca'
>;

/** The file of a running supervisor, for `status` and `stop`. */
export interface SupervisorRecord {
  readonly pid: number;
  /** Start time of the process, in the system's format: another process may have the same id by now. */
  readonly began: string;
  readonly started_ts: number;
  readonly detached: boolean;
  /** Addresses of its Redis and its page; absent in the file of an earlier version. */
  readonly redis?: RedisSettings;
  readonly dashboard?: Pick<Settings['dashboard'], 'host' | 'port'>;
}

/** How often a supervisor checks that its file still exists. */
const LOOK_EVERY_MS = 3_000;

const fileIn = (dataDir: string): string => join(dataDir, 'supervisor.json');

/** Start time of a process in the system's format; undefined if there is no such process. */
export function processBegan(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold any text; the fields after the last bracket are fixed.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z'
      ? undefined
      : `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
  } catch {
    // No such process, or a system without /proc.
  }
  try {
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim() || undefined
    );
  } catch {
    return undefined;
  }
}

/** The running supervisor; undefined if none runs, even if an earlier one left its file. */
export function runningSupervisor(dataDir: string): SupervisorRecord | undefined {
  const record = readRecord(fileIn(dataDir));
  return record !== undefined && processBegan(record.pid) === record.began ? record : undefined;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function readRecord(file: string): SupervisorRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8'));
    return typeof record?.pid === 'number' && typeof record?.began === 'string' ? record : undefined;
  } catch {
    // Absent, or cut off by a crash.
    return undefined;
  }
}

function placeOf(system: RedisSettings): RedisSettings {
  const { redis_host, redis_port, redis_db, redis_username, redis_tls, redis_tls_ca } = system;
  return { redis_host, redis_port, redis_db, redis_username, redis_tls, redis_tls_ca };
}

/**
 * The settings with the Redis of the running fleet of this folder, whatever the environment says now.
 * @param say gets one line if the settings name another Redis
 */
export function withRedisOfFleet(
  system: Settings['system'],
  dataDir: string,
  say: (line: string) => void,
): Settings['system'] {
  const place = runningSupervisor(dataDir)?.redis;
  if (place === undefined) return system;
  const { redis_host: host, redis_port: port, redis_db: db } = place;
  if (host !== system.redis_host || port !== system.redis_port || db !== system.redis_db)
    say(
      `The fleet of this folder uses the Redis at ${host}:${port}, database ${db}. This command uses it too and ignores the settings (${system.redis_host}:${system.redis_port}, database ${system.redis_db}).`,
    );
  return { ...system, ...place };
}

/**
 * Registers this process as the project's only supervisor. Writes the file again if it is deleted or damaged.
 * @returns a function that ends the registration; it leaves the file of another supervisor alone
 * @throws StartRefused while another one runs
 */
export function registerSupervisor(
  dataDir: string,
  detached: boolean,
  { system, dashboard }: Pick<Settings, 'system' | 'dashboard'>,
): () => void {
  const file = fileIn(dataDir);
  const record: SupervisorRecord = {
    pid: process.pid,
    began: processBegan(process.pid) ?? '',
    started_ts: Date.now(),
    detached,
    redis: placeOf(system),
    dashboard: { host: dashboard.host, port: dashboard.port },
  };
  const text = `${JSON.stringify(record)}\n`;
  takeFile(dataDir, text);
  const timer = setInterval(() => {
    if (textOf(file) !== text) takeAgain(dataDir, text);
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    const left = readRecord(file);
    if (left?.pid === record.pid && left.began === record.began) rmSync(file, { force: true });
  };
}

function takeAgain(dataDir: string, text: string): void {
  try {
    takeFile(dataDir, text);
  } catch {
    // Another supervisor holds the file now, or the folder is not writable: the next check tries again.
  }
}

/** @throws StartRefused while another supervisor runs */
function takeFile(dataDir: string, text: string): void {
  const file = fileIn(dataDir);
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, text);
    for (let tries = 0; tries < 5; tries += 1) {
      if (linked(draft, file)) return;
      const other = runningSupervisor(dataDir);
      if (other !== undefined) throw alreadyRunning(other);
      // A killed supervisor left this file.
      rmSync(file, { force: true });
    }
    throw new StartRefused([`Cannot register in ${file}: other starts keep taking it. Try again.`]);
  } finally {
    rmSync(draft, { force: true });
  }
}

function linked(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function alreadyRunning(other: SupervisorRecord): StartRefused {
  const since = new Date(other.started_ts).toISOString();
  return new StartRefused([
    `The fleet is already running (process ${other.pid}, since ${since}).`,
    '  • npm run status shows it, npm stop ends it.',
  ]);
}
