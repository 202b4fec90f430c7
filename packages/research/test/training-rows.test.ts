import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBacktestOptions } from '@helios/backtest/backtest-options.ts';
import { openData } from '@helios/backtest/data/open-data.ts';
import { FEATURE_NAMES } from '@helios/shared/domain/features.ts';
import { TrainingRow } from '@helios/shared/domain/training-row.ts';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { trainingRows } from '../src/training-rows.ts';
import { writeCandles } from './made-candles.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'training-rows-'));
const FILE = join(FOLDER, 'BTCUSDT-1m-2026-01.csv');
const MINUTE_MS = 60_000;

let rows: TrainingRow[];

function optionsOf(...more: string[]) {
  const args = ['--data', FILE, '--set=signals.nobi_threshold=0.4', ...more];
  const place = { cwd: FOLDER, root: FOLDER, env: {}, nowMs: 0 };
  return readBacktestOptions(readCommandLine('backtest', args), place);
}

async function rowsOf(...more: string[]): Promise<TrainingRow[]> {
  const options = optionsOf(...more);
  const found: TrainingRow[] = [];
  for await (const row of trainingRows(await openData(options), options)) found.push(row);
  return found;
}

beforeAll(async () => {
  writeCandles({ file: FILE, seed: 5, days: 2, edgeBp: 0 });
  rows = await rowsOf();
});
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

test('yields rows of trades and of follow-ups, each valid and of its own', () => {
  expect(rows.length).toBeGreaterThan(50);
  for (const row of rows) expect(TrainingRow.parse(row)).toEqual(row);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  expect(new Set(rows.map(({ taken }) => taken))).toEqual(new Set([true, false]));
  expect(new Set(rows.map(({ side }) => side))).toEqual(new Set(['LONG', 'SHORT']));
});

test('knows of candles what candles say, and nothing of books', () => {
  const newest = rows.at(-1);
  const read = (name: string) => newest?.features[FEATURE_NAMES.indexOf(name)];
  const ofBooks = ['queue_imbalance', 'imbalance_20', 'order_flow_60s', 'spread_bp', 'depth_skew', 'btc_imbalance_20'];
  expect(ofBooks.map(read)).toEqual(ofBooks.map(() => null));
  for (const name of ['trade_flow_60s', 'volatility_240m', 'return_15m', 'trend_5m', 'vwap_distance', 'hour_sin'])
    expect(read(name), name).toEqual(expect.any(Number));
  expect(newest?.sequence?.flat().filter((x) => x === null)).toEqual([]);
});

test('has the outcome within the excursions, and costs above zero', () => {
  const filled = rows.filter(({ exit_reason }) => exit_reason !== 'MISSED');
  expect(filled.filter(({ cost_bp }) => !(cost_bp > 0))).toEqual([]);
  expect(rows.filter(({ ts, end_ts }) => end_ts < ts)).toEqual([]);
  // A stop or a time limit lies within what the price did until the horizon, but for spread and slippage.
  const beyond = filled.filter(({ gross_bp, best_bp }) => gross_bp > best_bp + 10);
  expect(beyond).toEqual([]);
});

test('says the same of the past whatever the future holds', async () => {
  const cutTs = (rows[0]?.ts ?? 0) + 1_440 * MINUTE_MS;
  const cut = await rowsOf(`--to=${new Date(cutTs).toISOString()}`);
  const before = (all: readonly TrainingRow[]) => all.filter(({ end_ts }) => end_ts < cutTs - 60 * MINUTE_MS);
  expect(before(cut).length).toBeGreaterThan(10);
  expect(before(cut)).toEqual(before(rows));
});
