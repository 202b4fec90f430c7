import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeFolder } from './make-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-make-folder-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('makes a folder with those above it, twice and at once', async () => {
  const deep = join(folder, 'a', 'b', 'c');
  await Promise.all([makeFolder(deep), makeFolder(deep)]);
  await makeFolder(deep);
  expect(statSync(deep).isDirectory()).toBe(true);
});

test('refuses a name that a file has', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(makeFolder(join(folder, 'file'))).rejects.toThrow('is a file, and a folder is needed there');
  await expect(makeFolder(join(folder, 'file', 'below'))).rejects.toThrow('is a file');
});

test.runIf(process.platform === 'linux')('ends where the system makes no folder', async () => {
  await expect(makeFolder('/proc/helios/trials')).rejects.toThrow('ENOENT');
});
