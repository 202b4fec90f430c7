import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { probeRedis } from '@helios/shared/runtime/redis-probe.ts';
import { listenerUser } from './listener-user.ts';
import { isLoopback } from './private-redis.ts';

const BYTES = 24;
const FORM = /^[0-9a-f]{48}$/;
const FOR_OTHERS = 0o077;

/** Where the private Redis' password is kept. */
export const redisPasswordFile = (dataDir: string): string => join(dataDir, 'redis-password');

/**
 * The kept password; undefined where there is none that can be used.
 * @throws the system's error where another user owns the file
 */
export function readRedisPassword(dataDir: string): string | undefined {
  try {
    const text = readFileSync(redisPasswordFile(dataDir), 'utf8').trim();
    return FORM.test(text) ? text : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The password for a private Redis that is about to start: the kept one, else a new one. A file that other users could read,
 * or that is damaged, is replaced.
 * @param say shows a line to the operator
 */
export function ensureRedisPassword(dataDir: string, say: (line: string) => void): string {
  const file = redisPasswordFile(dataDir);
  const stats = statSync(file, { throwIfNoEntry: false });
  const kept = readRedisPassword(dataDir);
  const isOpen = stats !== undefined && (stats.mode & FOR_OTHERS) !== 0;
  if (kept !== undefined && !isOpen) return kept;
  if (stats !== undefined) {
    rmSync(file);
    say(`  Redis: ${file} ${isOpen ? 'could be read by other users' : 'is damaged'}; a new password is in its place.`);
  }
  return makePassword(file) ?? ensureRedisPassword(dataDir, say);
}

/**
 * The settings with the kept password, where the Redis that answers asks for one and none is set.
 * @throws BusUnavailable where a program of another user listens in its place: the password is not sent to it
 */
export async function withKeptPassword(system: Settings['system'], dataDir: string): Promise<Settings['system']> {
  if (!isPrivatePlace(system) || system.redis_password !== '') return system;
  const kept = readRedisPassword(dataDir);
  if (kept === undefined) return system;
  const { kind } = await probeRedis(system.redis_host, system.redis_port);
  if (kind !== 'PASSWORD_NEEDED') return system;
  mustBeOurs(system, dataDir);
  return { ...system, redis_password: kept };
}

/** The private Redis runs as the user who owns its password file, or as root. */
function mustBeOurs({ redis_host: host, redis_port: port }: Settings['system'], dataDir: string): void {
  const user = listenerUser(host, port);
  if (user === undefined || user === 0 || user === statSync(redisPasswordFile(dataDir)).uid) return;
  throw new BusUnavailable(
    'REDIS_AUTH',
    `On ${host}:${port} listens a program of another user (id ${user}), and it asks for a password. It is not the private Redis of this folder, so the kept password was not sent. Set REDIS_PORT to a free port, or end that program; if it is a Redis of yours, set REDIS_PASSWORD to its password.`,
  );
}

/** True where a private Redis could be. */
export const isPrivatePlace = (system: Settings['system']): boolean =>
  isLoopback(system.redis_host) && !system.redis_tls;

/** Undefined where another process has just made one. */
function makePassword(file: string): string | undefined {
  const password = randomBytes(BYTES).toString('hex');
  mkdirSync(dirname(file), { recursive: true });
  try {
    // Never replaces: of two processes that start together only one makes the password.
    writeByDraft(file, password, (draft) => linkSync(draft, file));
    return password;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
}

/** Writes the password of a Redis that runs in place of what the file holds. */
export function replaceRedisPassword(dataDir: string, password: string): void {
  const file = redisPasswordFile(dataDir);
  writeByDraft(file, password, (draft) => renameSync(draft, file));
}

/** Nobody finds half a password: it is written beside its place and then put there. */
function writeByDraft(file: string, password: string, put: (draft: string) => void): void {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(draft, `${password}\n`, { mode: 0o600, flag: 'wx', flush: true });
    put(draft);
  } finally {
    rmSync(draft, { force: true });
  }
}
