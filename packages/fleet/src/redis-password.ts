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

/** Path of the private Redis' password file. */
export const redisPasswordFile = (dataDir: string): string => join(dataDir, 'redis-password');

/**
 * The kept password; undefined if there is no usable one.
 * @throws the system's error if another user owns the file
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
 * The password for a private Redis that is about to start: the kept one, else a new one. Replaces a damaged file and one that
 * other users could read.
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
    say(`  Redis: ${isOpen ? `other users could read ${file}` : `${file} is damaged`}. Helios made a new password.`);
  }
  return makePassword(file) ?? ensureRedisPassword(dataDir, say);
}

/**
 * The settings with the kept password added, if the Redis that answers needs one and the settings have none.
 * @throws BusUnavailable if another user's program listens there: Helios does not send the password to it
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
    `A program of another user (id ${user}) listens on ${host}:${port} and asks for a password. It is not the private Redis of this folder, so Helios did not send the kept password. Set REDIS_PORT to a free port, or end that program. If it is your Redis, set REDIS_PASSWORD to its password.`,
  );
}

/** True if the settings allow a private Redis: a loopback address without TLS. */
export const isPrivatePlace = (system: Settings['system']): boolean =>
  isLoopback(system.redis_host) && !system.redis_tls;

/** Makes the file; undefined if another process has just made it. */
function makePassword(file: string): string | undefined {
  const password = randomBytes(BYTES).toString('hex');
  mkdirSync(dirname(file), { recursive: true });
  try {
    // A link never replaces a file: if two processes start together, only one makes the password.
    writeByDraft(file, password, (draft) => linkSync(draft, file));
    return password;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
}

/** Replaces the file's content with the password of the running Redis. */
export function replaceRedisPassword(dataDir: string, password: string): void {
  const file = redisPasswordFile(dataDir);
  writeByDraft(file, password, (draft) => renameSync(draft, file));
}

/** Writes a draft file and then puts it in place, so that nobody reads half a password. */
function writeByDraft(file: string, password: string, put: (draft: string) => void): void {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(draft, `${password}\n`, { mode: 0o600, flag: 'wx', flush: true });
    put(draft);
  } finally {
    rmSync(draft, { force: true });
  }
}
