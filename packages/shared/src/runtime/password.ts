import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { HopelessStart, StartBlocked } from './errors.ts';

/** A stored password: salted and hashed, with the cost parameters of the hash. */
export const PasswordHash = z.strictObject({
  salt: z.string().regex(/^[0-9a-f]{16,}$/),
  hash: z.string().regex(/^[0-9a-f]{32,}$/),
  n: z.number().int().min(1_024).max(1_048_576),
  r: z.number().int().min(1).max(64),
  p: z.number().int().min(1).max(64),
  keylen: z.number().int().min(16).max(128),
});
export type PasswordHash = z.infer<typeof PasswordHash>;

const COST = { n: 16_384, r: 8, p: 1, keylen: 32 } as const;

/** The file of the dashboard's password hash. */
export const passwordFile = (dataDir: string): string => join(dataDir, 'dashboard-auth.json');

/** The file with a generated password, written if no terminal could show it. */
export const readablePasswordFile = (dataDir: string): string => join(dataDir, 'dashboard-password');

/** Writes a new password into a file that only its owner may read, and replaces an earlier one. */
export async function keepReadable(dataDir: string, password: string): Promise<string> {
  const file = readablePasswordFile(dataDir);
  await rm(file, { force: true });
  await writeFile(file, `${password}\n`, { mode: 0o600, flag: 'wx', flush: true });
  return file;
}

function derive(password: string, salt: Buffer, cost: Omit<PasswordHash, 'salt' | 'hash'>): Promise<Buffer> {
  const options = { N: cost.n, r: cost.r, p: cost.p, maxmem: 256 * cost.n * cost.r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, cost.keylen, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

/** Hashes a password with a fresh salt (scrypt). */
export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST);
  return { salt: salt.toString('hex'), hash: key.toString('hex'), ...COST };
}

/** True if `password` matches the hash; takes the same time either way. */
export async function verifyPassword(password: string, stored: PasswordHash): Promise<boolean> {
  const expected = Buffer.from(stored.hash, 'hex');
  const key = await derive(password, Buffer.from(stored.salt, 'hex'), stored);
  return key.length === expected.length && timingSafeEqual(key, expected);
}

/**
 * Reads the stored hash; undefined if there is none.
 * @throws HopelessStart if the file is damaged, StartBlocked if it cannot be read; both name the file and what to do.
 */
export async function readPasswordHash(dataDir: string): Promise<PasswordHash | undefined> {
  const file = passwordFile(dataDir);
  try {
    return PasswordHash.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const advice =
      'Delete it: the next start generates a new password and says where it is. Or set DASHBOARD_PASSWORD.';
    const what = `The dashboard's password file ${file}`;
    if (error instanceof z.ZodError || error instanceof SyntaxError)
      throw new HopelessStart(`${what} is damaged. ${advice}`, { cause: error });
    const why = error instanceof Error ? error.message : error;
    throw new StartBlocked(`${what} cannot be read (${why}). ${advice}`, { cause: error });
  }
}

/**
 * Generates a password unless one is stored, and stores its hash.
 * @returns the new password, which cannot be read again; undefined if one is already stored
 * @throws StartBlocked if the folder cannot be written; also what `readPasswordHash` throws
 */
export async function ensurePassword(dataDir: string): Promise<string | undefined> {
  if ((await readPasswordHash(dataDir)) !== undefined) return undefined;
  const password = randomBytes(12).toString('base64url');
  const text = `${JSON.stringify(await hashPassword(password))}\n`;
  const file = passwordFile(dataDir);
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(dataDir, { recursive: true });
    await writeFile(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    // `link` never replaces a file, so two processes that start together cannot show two passwords.
    await link(draft, file);
    return password;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw new StartBlocked(
      `The dashboard's password cannot be stored in ${file} (${error instanceof Error ? error.message : error}). Make the folder writable for this user, or set DASHBOARD_PASSWORD.`,
      { cause: error },
    );
  } finally {
    await rm(draft, { force: true });
  }
}
