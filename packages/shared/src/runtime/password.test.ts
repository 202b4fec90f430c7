import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { messageOf } from './cli/run-command.ts';
import { HopelessStart, StartBlocked } from './errors.ts';
import { ensurePassword, hashPassword, passwordFile, readPasswordHash, verifyPassword } from './password.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'helios-password-'));
});
afterEach(() => rm(folder, { recursive: true }));

const failure = (work: () => Promise<unknown>): Promise<unknown> =>
  work().then(
    () => expect.unreachable('it must fail'),
    (error) => error,
  );

describe('passwords', () => {
  it('the right one is accepted, and others are refused', async () => {
    const stored = await hashPassword('häuschen 1');
    expect(await verifyPassword('häuschen 1', stored)).toBe(true);
    expect(await verifyPassword('häuschen 2', stored)).toBe(false);
    expect(await verifyPassword('', stored)).toBe(false);
    expect((await hashPassword('häuschen 1')).hash).not.toBe(stored.hash);
  });

  it('one is generated and shown once, and stored as a hash that only its owner may read', async () => {
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

  it('only one of several simultaneous starts generates one', async () => {
    const made = await Promise.all([1, 2, 3].map(() => ensurePassword(folder)));
    const passwords = made.filter((password) => password !== undefined);
    expect(passwords).toHaveLength(1);
  });

  it.each(['{"salt":"', ''])(
    'a damaged file (%j) ends the start with advice, without a stack, and stays',
    async (text) => {
      await writeFile(passwordFile(folder), text);
      const error = await failure(() => ensurePassword(folder));
      expect(error).toBeInstanceOf(HopelessStart);
      expect(messageOf(error)).toBe(
        `The dashboard's password file ${passwordFile(folder)} is damaged. Delete it: the next start generates a new password and says where it is. Or set DASHBOARD_PASSWORD.`,
      );
      expect(await readFile(passwordFile(folder), 'utf8')).toBe(text);
    },
  );

  it('an unreadable file ends the start with advice, without a stack; a later start may succeed', async () => {
    await mkdir(passwordFile(folder));
    const unread = await failure(() => ensurePassword(folder));
    expect(unread).toBeInstanceOf(StartBlocked);
    expect(messageOf(unread)).toMatch(
      /^The dashboard's password file \S+ cannot be read \(EISDIR[^\n]*DASHBOARD_PASSWORD\.$/,
    );
  });
});
