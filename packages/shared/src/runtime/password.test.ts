import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensurePassword, hashPassword, passwordFile, readPasswordHash, verifyPassword } from './password.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'helios-password-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('passwords', () => {
  it('knows the right one and refuses others', async () => {
    const stored = await hashPassword('häuschen 1');
    expect(await verifyPassword('häuschen 1', stored)).toBe(true);
    expect(await verifyPassword('häuschen 2', stored)).toBe(false);
    expect(await verifyPassword('', stored)).toBe(false);
    expect((await hashPassword('häuschen 1')).hash).not.toBe(stored.hash);
  });

  it('is made and told once, kept as a hash that only its owner may read', async () => {
    const dataDir = join(folder, 'new', 'data');
    const password = await ensurePassword(dataDir);
    if (password === undefined) throw new Error('no password was made');
    expect(password.length).toBeGreaterThanOrEqual(16);
    expect(await ensurePassword(dataDir)).toBeUndefined();
    const text = await readFile(passwordFile(dataDir), 'utf8');
    expect(text).not.toContain(password);
    expect((await stat(passwordFile(dataDir))).mode & 0o077).toBe(0);
    const stored = await readPasswordHash(dataDir);
    if (stored === undefined) throw new Error('no hash was kept');
    expect(await verifyPassword(password, stored)).toBe(true);
  });

  it('is made by one of several that start together', async () => {
    const made = await Promise.all([1, 2, 3].map(() => ensurePassword(folder)));
    const passwords = made.filter((password) => password !== undefined);
    expect(passwords).toHaveLength(1);
  });

  it('says what to do about a damaged file, and leaves it', async () => {
    await writeFile(passwordFile(folder), '{"salt":"');
    await expect(ensurePassword(folder)).rejects.toThrow(/damaged\. Delete it/);
    expect(await readFile(passwordFile(folder), 'utf8')).toBe('{"salt":"');
  });
});
