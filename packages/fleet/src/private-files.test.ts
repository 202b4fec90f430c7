import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { closeToOthers } from './private-files.ts';
import { ensureRedisPassword, redisPasswordFile } from './redis-password.ts';

let root: string;
let dataDir: string;
let logDir: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'helios-private-'));
  dataDir = join(root, '.helios');
  logDir = join(root, 'logs');
  for (const folder of ['toolchain', 'ledger', 'redis-data/appendonlydir'])
    mkdirSync(join(dataDir, folder), { recursive: true, mode: 0o755 });
  mkdirSync(logDir, { mode: 0o755 });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8);
const close = () => closeToOthers({ root, dataDir, logDir });

test('folders and files of the fleet are closed, the launcher’s tools stay as they are, and one line says so', () => {
  const files = ['ledger/a.sqlite', 'redis-data/appendonlydir/a.aof', 'supervisor.json'].map((name) =>
    join(dataDir, name),
  );
  for (const file of [...files, join(logDir, 'helios.log')]) writeFileSync(file, '', { mode: 0o644 });
  writeFileSync(join(dataDir, 'toolchain/node'), '', { mode: 0o755 });
  expect(close()).toEqual([
    'The rights of 5 folders and 4 files of this fleet were too wide: they included other users of this machine. Now only the owner has rights.',
  ]);
  for (const folder of [dataDir, join(dataDir, 'ledger'), join(dataDir, 'redis-data'), logDir])
    expect(modeOf(folder)).toBe('700');
  for (const file of files) expect(modeOf(file)).toBe('600');
  expect(modeOf(join(dataDir, 'toolchain/node'))).toBe('755');
  expect(close()).toEqual([]);
});

test('files in a folder that was closed are not said to have been readable, and no zero is counted', () => {
  close();
  writeFileSync(join(dataDir, 'supervisor.json'), '', { mode: 0o644 });
  expect(close()).toEqual([
    'The rights of 1 file of this fleet were too wide: they included other users of this machine. Now only the owner has rights.',
  ]);
});

test('a password of Redis that others could read is not just closed: the start replaces it and says so', () => {
  close();
  const kept = ensureRedisPassword(dataDir, () => expect.unreachable());
  chmodSync(redisPasswordFile(dataDir), 0o644);
  const lines = close();
  const next = ensureRedisPassword(dataDir, (line) => lines.push(line));
  expect(next).not.toBe(kept);
  expect(modeOf(redisPasswordFile(dataDir))).toBe('600');
  expect(lines).toEqual([
    `  Redis: ${redisPasswordFile(dataDir)} could be read by other users; a new password is in its place.`,
  ]);
});

test('a folder that is not the fleet’s alone keeps its mode, and what a link points to too', () => {
  const shared = join(root, 'shared');
  mkdirSync(shared);
  chmodSync(shared, 0o1777);
  const other = join(root, 'other.txt');
  writeFileSync(other, '', { mode: 0o644 });
  symlinkSync(other, join(shared, 'helios.log'));
  logDir = shared;
  expect(close().filter((line) => line.includes('warning'))).toEqual([
    `warning: ${shared} is shared with others; its files are private.`,
  ]);
  expect([modeOf(shared), modeOf(other)]).toEqual(['1777', '644']);
  chmodSync(root, 0o755);
  logDir = root;
  close();
  expect(modeOf(root)).toBe('755');
});
