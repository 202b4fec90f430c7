import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pruneFolder } from '../../src/train/prune-folder.ts';
import { playedRows } from '../../src/train/rows/played-rows.ts';
import { StepStore } from '../../src/train/step-store.ts';

const HOUR_MS = 3_600_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'helios-prune-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Sets when a file was used last. */
const usedBefore = (name: string, hours: number) => {
  const at = new Date(Date.now() - hours * HOUR_MS);
  utimesSync(join(folder, name), at, at);
};
function put(name: string, size: number, hours: number): void {
  writeFileSync(join(folder, name), 'x'.repeat(size));
  usedBefore(name, hours);
}
const left = () => readdirSync(folder).sort();

test('the least recently used files go; drafts stay while somebody may write them', async () => {
  put('new', 40, 1);
  put('large', 90, 2);
  put('small', 40, 3);
  put('old', 40, 4);
  put('busy.1.part', 90, 5);
  put('lost.2.part', 90, 30);
  await pruneFolder(folder, 100, Date.now());
  expect(left()).toEqual(['busy.1.part', 'new', 'small']);
});

test('a step and rows that a training used again stay before newer ones', async () => {
  const play = async function* () {};
  const rows = { folder, key: 'month', play, signal: new AbortController().signal };
  await new StepStore(folder, 'base').once('fold', async () => 1);
  await playedRows(rows);
  const kept = left();
  for (const name of kept) usedBefore(name, 9);
  put('unused', 10_000, 1);
  expect(await new StepStore(folder, 'base').once('fold', async () => 2)).toBe(1);
  await playedRows(rows);
  await pruneFolder(folder, 10_000, Date.now());
  expect(left()).toEqual(kept);
});
