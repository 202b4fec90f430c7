import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBacktestOptions } from '@helios/backtest/backtest-options.ts';
import { openData } from '@helios/backtest/data/open-data.ts';
import { FEATURE_NAMES } from '@helios/shared/domain/features.ts';
import { TrainingRow } from '@helios/shared/domain/training-row.ts';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { IMBALANCE_ALONE_ENVIRONMENT } from '@helios/shared/testing/imbalance-alone.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { longestHoldMs } from '../src/longest-hold.ts';
import { trainingRows } from '../src/training-rows.ts';
import { writeCandles } from './made-candles.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'training-rows-'));
const FILE = join(FOLDER, 'BTCUSDT-1m-2026-01.csv');
const PLACE = { cwd: FOLDER, root: FOLDER, env: IMBALANCE_ALONE_ENVIRONMENT, nowMs: 0 };
const MINUTE_MS = 60_000;

let rows: TrainingRow[];

const halved = (_: string, ts: string, ...prices: string[]) =>
  [ts, ...prices.slice(0, 4).map((price) => (Number(price) / 2).toFixed(2))].join(',');

function optionsOf(...more: string[]) {
  const args = ['--data', FILE, '--set=signals.nobi_threshold=0.4', ...more];
  return readBacktestOptions(readCommandLine('backtest', args), PLACE);
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
  // Within a minute the price is made up.
  ofBooks.push('return_now', 'trade_flow_10s');
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

test('has no outcome and no move across a gap, also while another symbol plays on', async () => {
  const [gap, other] = ['ETHUSDT-1m-2026-01.csv', 'BNBUSDT-1m-2026-01.csv'].map((name) => join(FOLDER, name));
  writeCandles({ file: gap ?? '', seed: 6, days: 1, edgeBp: 0 });
  writeCandles({ file: other ?? '', seed: 7, days: 1, edgeBp: 0 });
  const lines = readFileSync(gap ?? '', 'utf8').split('\n');
  const [gapFromTs, gapToTs] = [600, 900].map((at) => Number(lines[at]?.split(',')[0]));
  // The price jumps by half meanwhile.
  const later = lines.slice(900).map((line) => line.replace(/^(\d+),([\d.]+),([\d.]+),([\d.]+),([\d.]+)/, halved));
  writeFileSync(gap ?? '', [...lines.slice(0, 600), ...later].join('\n'));
  const options = readBacktestOptions(
    readCommandLine('backtest', ['--data', gap ?? '', other ?? '', '--set=signals.nobi_threshold=0.4']),
    PLACE,
  );
  const found: TrainingRow[] = [];
  for await (const row of trainingRows(await openData(options), options)) found.push(row);
  const own = found.filter(({ symbol }) => symbol === 'ETHUSDT');
  const isAcross = ({ ts, end_ts }: TrainingRow) => ts < (gapToTs ?? 0) && end_ts > (gapFromTs ?? 0);
  expect(own.filter(({ ts }) => ts < (gapFromTs ?? 0)).length).toBeGreaterThan(10);
  expect(own.filter(({ ts }) => ts >= (gapToTs ?? 0)).length).toBeGreaterThan(10);
  expect(own.filter(isAcross)).toEqual([]);
  expect(found.filter(({ net_bp, best_bp }) => Math.abs(net_bp) > 2_000 || best_bp > 2_000)).toEqual([]);
  expect(found.filter(({ exit_reason }) => exit_reason === 'SESSION_END')).toEqual([]);
  const longest = Math.max(...found.map(({ ts, end_ts }) => end_ts - ts));
  expect(longest).toBeLessThanOrEqual(longestHoldMs(options.settings, []));
});

test('says the same of the past whatever the future holds', async () => {
  const cutTs = (rows[0]?.ts ?? 0) + 1_440 * MINUTE_MS;
  const cut = await rowsOf(`--to=${new Date(cutTs).toISOString()}`);
  const before = (all: readonly TrainingRow[]) => all.filter(({ end_ts }) => end_ts < cutTs - 60 * MINUTE_MS);
  expect(before(cut).length).toBeGreaterThan(10);
  expect(before(cut)).toEqual(before(rows));
});
