import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRotatingFile } from './rotating-file.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotating-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function failOnFault(error: Error): never {
  throw error;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('condition not met within 5 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('lines arrive in order, also in a new folder', async () => {
  const path = join(folder, 'new', 'a.log');
  const file = openRotatingFile(path, { maxBytes: 1_000, keep: 2, onFault: failOnFault });
  for (let i = 0; i < 20; i += 1) file.write(`line ${i}`);
  await file.close();
  const text = await readFile(path, 'utf8');
  expect(text).toBe(Array.from({ length: 20 }, (_, i) => `line ${i}\n`).join(''));
});

test('no file exceeds the limit, the newest lines stay, and old files beyond `keep` are deleted', async () => {
  const path = join(folder, 'a.log');
  const file = openRotatingFile(path, { maxBytes: 100, keep: 2, onFault: failOnFault });
  for (let i = 100; i < 200; i += 1) file.write(`line ${i}`);
  await file.close();
  expect((await readdir(folder)).sort()).toEqual(['a.log', 'a.log.1', 'a.log.2']);
  const parts = await Promise.all(['a.log.2', 'a.log.1', 'a.log'].map((name) => readFile(join(folder, name), 'utf8')));
  for (const part of parts) expect(part.length).toBeLessThanOrEqual(100);
  const lines = parts.join('').trimEnd().split('\n');
  expect(lines).toEqual(Array.from({ length: lines.length }, (_, i) => `line ${200 - lines.length + i}`));
});

test('a restart continues the same file and counts its present content', async () => {
  const path = join(folder, 'a.log');
  await writeFile(path, `${'x'.repeat(90)}\n`);
  const file = openRotatingFile(path, { maxBytes: 100, keep: 1, onFault: failOnFault });
  file.write('a second line');
  await file.close();
  expect(await readFile(path, 'utf8')).toBe('a second line\n');
  expect(await readFile(`${path}.1`, 'utf8')).toHaveLength(91);
});

test('a line above the limit is written completely, in its own file', async () => {
  const path = join(folder, 'a.log');
  const file = openRotatingFile(path, { maxBytes: 50, keep: 5, onFault: failOnFault });
  file.write('before');
  file.write('y'.repeat(80));
  file.write('after');
  await file.close();
  expect(await readFile(path, 'utf8')).toBe('after\n');
  expect(await readFile(`${path}.1`, 'utf8')).toBe(`${'y'.repeat(80)}\n`);
});

test('a disk fault is reported once and loses only lines, and writing continues when the disk works again', async () => {
  const blocker = join(folder, 'logs');
  await writeFile(blocker, 'a file where the folder should be');
  const faults: Error[] = [];
  const recoveries: number[] = [];
  const path = join(blocker, 'a.log');
  const file = openRotatingFile(path, {
    maxBytes: 1_000,
    keep: 1,
    onFault: (error) => faults.push(error),
    onRecovered: (lines) => recoveries.push(lines),
  });
  file.write('lost 1');
  await until(() => faults.length === 1);
  file.write('lost 2');
  await rm(blocker);
  let tries = 0;
  await until(() => {
    tries += 1;
    file.write('again');
    return recoveries.length === 1;
  });
  await file.close();
  expect(faults).toHaveLength(1);
  expect(recoveries[0]).toBeGreaterThanOrEqual(2);
  expect(recoveries[0]).toBeLessThan(tries + 2);
  expect(await readFile(path, 'utf8')).toMatch(/^(again\n)+$/);
});

test.skipIf(process.platform !== 'linux')('F49 a full disk is such a fault', async () => {
  const faults: Error[] = [];
  const file = openRotatingFile('/dev/full', { maxBytes: 1_000, keep: 1, onFault: (error) => faults.push(error) });
  file.write('a');
  file.write('b');
  await file.close();
  expect(faults.map((fault) => (fault as NodeJS.ErrnoException).code)).toEqual(['ENOSPC']);
});
