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

test('folders and files of the fleet are closed to others, the launcher’s tools stay open, and one line reports it', () => {
  const files = ['ledger/a.sqlite', 'redis-data/appendonlydir/a.aof', 'supervisor.json'].map((name) =>
    join(dataDir, name),
  );
  for (const file of [...files, join(logDir, 'helios.log')]) writeFileSync(file, '', { mode: 0o644 });
  writeFileSync(join(dataDir, 'toolchain/node'), '', { mode: 0o755 });
  expect(close()).toEqual([
    'Other users of this machine had access to 5 folders and 4 files of this fleet. Now only the owner has access.',
  ]);
  for (const folder of [dataDir, join(dataDir, 'ledger'), join(dataDir, 'redis-data'), logDir])
    expect(modeOf(folder)).toBe('700');
  for (const file of files) expect(modeOf(file)).toBe('600');
  expect(modeOf(join(dataDir, 'toolchain/node'))).toBe('755');
  expect(close()).toEqual([]);
});

test('the line omits files in an already closed folder, and omits zero counts', () => {
  close();
  writeFileSync(join(dataDir, 'supervisor.json'), '', { mode: 0o644 });
  expect(close()).toEqual([
    'Other users of this machine had access to 1 file of this fleet. Now only the owner has access.',
  ]);
});

test('the start replaces a Redis password that others could read, and reports it', () => {
  close();
  const kept = ensureRedisPassword(dataDir, () => expect.unreachable());
  chmodSync(redisPasswordFile(dataDir), 0o644);
  const lines = close();
  const next = ensureRedisPassword(dataDir, (line) => lines.push(line));
  expect(next).not.toBe(kept);
  expect(modeOf(redisPasswordFile(dataDir))).toBe('600');
  expect(lines).toEqual([`  Redis: other users could read ${redisPasswordFile(dataDir)}. Helios made a new password.`]);
});

test('a shared folder keeps its mode, and so does the target of a link', () => {
  const shared = join(root, 'shared');
  mkdirSync(shared);
  chmodSync(shared, 0o1777);
  const other = join(root, 'other.txt');
  writeFileSync(other, '', { mode: 0o644 });
  symlinkSync(other, join(shared, 'helios.log'));
  logDir = shared;
  expect(close().filter((line) => line.includes('warning'))).toEqual([
    `warning: other users share ${shared}; the files in it are private.`,
  ]);
  expect([modeOf(shared), modeOf(other)]).toEqual(['1777', '644']);
  chmodSync(root, 0o755);
  logDir = root;
  close();
  expect(modeOf(root)).toBe('755');
});
