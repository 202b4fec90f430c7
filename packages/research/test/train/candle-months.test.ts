import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBacktestOptions } from '@helios/backtest/backtest-options.ts';
import { ProgressLine } from '@helios/backtest/progress/progress-line.ts';
import { messageOf, readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { IMBALANCE_ALONE_ENVIRONMENT } from '@helios/shared/testing/imbalance-alone.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CompactRow } from '../../src/train/rows/compact-row.ts';
import { playCandidates } from '../../src/train/rows/play-candidates.ts';
import { playedRows } from '../../src/train/rows/played-rows.ts';
import { writeCandles } from '../made-candles.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'candle-months-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));
const JANUARY = join(FOLDER, 'BTCUSDT-1m-2026-01.csv');
const FEBRUARY = join(FOLDER, 'BTCUSDT-1m-2026-02.csv');
const FEBRUARY_TS = Date.UTC(2026, 1, 1);
const EVERY_MS = 15 * 60_000;

beforeAll(() => {
  // Half a day at the end of January and half a day of February, as two files.
  writeCandles({ file: JANUARY, seed: 9, days: 1, edgeBp: 0 });
  const shift = Date.UTC(2026, 0, 31, 12) - Date.UTC(2026, 0, 1);
  const lines = readFileSync(JANUARY, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const cells = line.split(',');
      return [Number(cells[0]) + shift, ...cells.slice(1, 6), Number(cells[6]) + shift, ...cells.slice(7)].join(',');
    });
  writeFileSync(JANUARY, `${lines.slice(0, 720).join('\n')}\n`);
  writeFileSync(FEBRUARY, `${lines.slice(720).join('\n')}\n`);
});

async function played(files: readonly string[], kept: string, ...more: string[]) {
  const line = readCommandLine('train', [
    '--data',
    ...files,
    '--set=signals.nobi_threshold=0.4',
    '--set=signals.max_entry_spread_bp=9',
    ...more,
  ]);
  const options = readBacktestOptions(line, { cwd: FOLDER, root: FOLDER, env: IMBALANCE_ALONE_ENVIRONMENT, nowMs: 0 });
  const rows: CompactRow[] = [];
  const folder = join(FOLDER, kept);
  const [progress, signal] = [new ProgressLine({ write: () => true }, () => 0), new AbortController().signal];
  const source = { options, texts: {}, apartMs: EVERY_MS, folder, progress, signal };
  const assumptions = await playCandidates(source, (row) => rows.push(row));
  return { rows, assumptions, files: readdirSync(folder).sort() };
}
const comparable = (rows: readonly CompactRow[]) => rows.map(({ id: _, ...row }) => row);

test('plays each month once: another training plays only new months', async () => {
  const january = await played([JANUARY], 'kept');
  expect(january.files.length).toBe(1);
  expect(january.rows.length).toBeGreaterThan(8);
  const both = await played([FEBRUARY, JANUARY], 'kept');
  // The end of January now knows its outcomes, so it is played again.
  expect(both.files.length).toBe(3);
  const [kept] = both.files.filter((name) => name !== january.files[0]);
  writeFileSync(join(FOLDER, 'kept', kept ?? ''), 'damaged');
  const again = await played([JANUARY, FEBRUARY], 'kept');
  expect(comparable(again.rows)).toEqual(comparable(both.rows));
  expect(again.files).toEqual(both.files);
  const fresh = await played([JANUARY, FEBRUARY], 'fresh');
  expect(comparable(fresh.rows)).toEqual(comparable(both.rows));
});

test('warms a month with the days before it, and takes candidates at the given distance', async () => {
  const rows = (await played([JANUARY, FEBRUARY], 'fresh')).rows.toSorted((a, b) => a.ts - b.ts);
  const first = rows.find(({ ts }) => ts >= FEBRUARY_TS);
  expect((first?.ts ?? Number.POSITIVE_INFINITY) - FEBRUARY_TS).toBeLessThan(60 * 60_000);
  expect(first?.sequence).toBeDefined();
  const alone = await played([FEBRUARY], 'alone');
  const missing = (row: CompactRow | undefined) => row?.features.filter(Number.isNaN).length ?? 0;
  expect(missing(alone.rows[0])).toBeGreaterThan(missing(first));
  // The spacing begins again in each month: only its first one may be closer.
  const distances = rows.slice(1).map(({ ts }, n) => ts - (rows[n]?.ts ?? 0));
  expect(distances.filter((distance) => distance < EVERY_MS).length).toBeLessThanOrEqual(1);
});

test('keeps candidates of other settings apart, and says what was assumed', async () => {
  const usual = await played([FEBRUARY], 'settings');
  const other = await played([FEBRUARY], 'settings', '--set=risk.stop_loss_atr=4');
  expect(other.files.length).toBe(usual.files.length + 1);
  expect(comparable(other.rows)).not.toEqual(comparable(usual.rows));
  expect(usual.assumptions.join()).toContain('Candles hold no book');
  const lines = readFileSync(FEBRUARY, 'utf8').trimEnd().split('\n');
  const nameless = join(FOLDER, 'ETHUSDT-1m-2026-02.csv');
  const cells = lines.map((line) => line.split(',').slice(0, 6).join(','));
  writeFileSync(nameless, ['timestamp,open,high,low,close,volume', ...cells].join('\n'));
  const estimated = await played([nameless], 'estimated');
  expect(estimated.rows.length).toBeGreaterThan(8);
  expect(estimated.assumptions.join()).toContain('ETHUSDT: the file does not say how much buyers took');
});

test('refuses candles of five minutes, which hide features and moves, and takes them with their minutes', async () => {
  const cellsOf = (line: string) => line.split(',');
  const detail = join(FOLDER, 'detail', 'BTCUSDT-1m-2026-01.csv');
  mkdirSync(join(FOLDER, 'detail'));
  writeCandles({ file: detail, seed: 9, days: 4, edgeBp: 0 });
  const minutes = readFileSync(detail, 'utf8').trimEnd().split('\n').map(cellsOf);
  const long = minutes.flatMap((first, n) => {
    if (n % 5 !== 0) return [];
    const five = minutes.slice(n, n + 5);
    const of = (column: number) => five.map((cells) => Number(cells[column]));
    const sum = (column: number) => of(column).reduce((total, value) => total + value, 0);
    const prices = [first[1], Math.max(...of(2)), Math.min(...of(3)), five.at(-1)?.[4]];
    return [[first[0], ...prices, sum(5), five.at(-1)?.[6], sum(7), 500, sum(9), 0, 0].join(',')];
  });
  const file = join(FOLDER, 'BTCUSDT-5m-2026-01.csv');
  writeFileSync(file, `${long.join('\n')}\n`);
  await expect(played([file], 'long')).rejects.toThrow(/^BTCUSDT has candles of 5m\. .* as --detail\.$/);
  const { rows } = await played([file], 'detailed', '--detail', detail);
  expect(rows.length).toBeGreaterThan(3);
  expect(rows.filter(({ moveBp }) => moveBp === 0)).toEqual([]);
});

test.each(['ENOSPC', 'EDQUOT'])('a full disk (%s) ends the training plainly, and leaves what is kept', async (code) => {
  const folder = join(FOLDER, `full-${code}`);
  const signal = new AbortController().signal;
  const kept = async function* () {
    yield* [];
  };
  await playedRows({ folder, key: 1, play: kept, signal });
  const before = readdirSync(folder);
  const play = async function* () {
    yield* [];
    throw Object.assign(new Error(`${code}: no room, write`), { code });
  };
  const fault = await playedRows({ folder, key: 2, play, signal }).then(String, (error: unknown) => messageOf(error));
  expect(fault).toContain(
    `the disk is full: the candidates that it plays are kept in ${folder} (${code}: no room, write)`,
  );
  expect(fault).toContain('The former model has not changed');
  expect(fault).toContain('then run the same command again');
  expect(fault).not.toMatch(/port|^ +at /m);
  expect(readdirSync(folder)).toEqual(before);
});
