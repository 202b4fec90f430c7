import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { afterAll, expect, test } from 'vitest';
import type { BacktestOptions } from '../backtest-options.ts';
import { openData } from '../data/open-data.ts';
import { NO_LATENCY } from '../models/order-latency.ts';
import { playBacktest } from '../run-backtest.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-rules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const T0 = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;
const HEADER = 'time,open,high,low,close,volume,taker_buy_volume';

function write(name: string, lines: readonly string[]): string {
  const file = join(folder, name);
  writeFileSync(file, [HEADER, ...lines].join('\n'));
  return file;
}

/** Candles of a random walk around 10,000 ticks; a tick has so many decimals. */
function walk(symbol: string, decimals: number): string {
  const rng = new Rng('rules');
  let price = 10_000;
  const lines = Array.from({ length: 1_200 }, (_, n) => {
    const [open, close] = [price, price + rng.below(61) - 30];
    price = close;
    const [high, low] = [Math.max(open, close) + rng.below(20), Math.min(open, close) - rng.below(20)];
    const volume = 1_000_000 + rng.below(1_000_000);
    const prices = [open, high, low, close].map((ticks) => (ticks / 10 ** decimals).toFixed(decimals));
    return [T0 + n * MINUTE_MS, ...prices, volume, Math.round(volume * rng.uniform())].join(',');
  });
  return write(`${symbol}-1m.csv`, lines);
}

const USUAL = walk('AAAUSDT', 2);
/** Prices of 1e-8 and less, in ticks of a ten-thousandth of it. */
const TINY = walk('BBBUSDT', 12);
/** Hourly candles that never move, so they never trade. */
const HOURLY = write(
  'CCCUSDT-1h.csv',
  Array.from({ length: 20 }, (_, n) => [T0 + n * 60 * MINUTE_MS, 5, 5, 5, 5, 1_000, 500].join(',')),
);

async function play(
  files: readonly string[],
  changes: Parameters<typeof defaultSettings>[0],
  recordsRefusals = false,
  detail: readonly string[] = [],
  signals: NonNullable<Parameters<typeof defaultSettings>[0]>['signals'] = {},
) {
  const settings = defaultSettings({
    ...changes,
    signals: { confirmation_count: 1, nobi_threshold: 0.5, edge_gate: 'off', refusal_log_interval_sec: 10, ...signals },
    risk: { trailing_stop: false, ...changes?.risk },
  });
  const options: BacktestOptions = {
    ...{
      kind: 'KLINES',
      files,
      klines: { detail, warm: [], known: new Map() },
      market: 'usdm',
      settings,
      changed: {},
      latency: NO_LATENCY,
      fundingRate: 0,
    },
    ...{ fromTs: Number.NEGATIVE_INFINITY, toTs: Number.POSITIVE_INFINITY },
  };
  return await playBacktest(await openData(options), options, { recordsRefusals });
}

/** Of each hundred follow-ups, those that the market filled. */
async function filledPercent(file: string, changes: Parameters<typeof defaultSettings>[0]): Promise<number> {
  const { refusals } = await play([file], changes, true);
  const ended = refusals.flatMap(({ follow_up }) => follow_up ?? []);
  expect(ended.length).toBeGreaterThan(50);
  return (100 * ended.filter(({ outcome }) => outcome === 'CLOSED').length) / ended.length;
}

test('resting follow-ups fill at tiny prices, and in the live profile, as they do in a simulation', async () => {
  const simulated = await filledPercent(USUAL, { simulation: { mode: 'HF_LIMIT' } });
  expect(simulated).toBeGreaterThan(20);
  const tiny = await filledPercent(TINY, { simulation: { mode: 'HF_LIMIT', position_notional: 100 } });
  expect(Math.abs(tiny - simulated)).toBeLessThan(10);
  const live = await filledPercent(USUAL, { simulation: { mode: 'HF_LIMIT', profile: 'live' } });
  expect(Math.abs(live - simulated)).toBeLessThan(10);
});

test('longer candles of another symbol change no trade', async () => {
  for (const mode of ['HF_MARKET', 'HF_LIMIT'] as const) {
    const changes = { simulation: { mode }, risk: { stop_loss_atr: 20, take_profit_atr: 40, max_hold_sec: 630 } };
    const [alone, joined] = [await play([USUAL], changes), await play([USUAL, HOURLY], changes)];
    const figures = (of: typeof alone) =>
      of.trades.map(({ symbol, entry_ts, exit_ts, exit_reason, exit_price }) => {
        return [symbol, entry_ts, exit_ts, exit_reason, exit_price];
      });
    expect(figures(joined)).toEqual(figures(alone));
    expect(alone.trades.filter(({ exit_reason }) => exit_reason === 'TIME_EXIT').length).toBeGreaterThan(5);
  }
});

test.each(['in_gain', 'always'] as const)(
  'a reversal (%s) leaves at open or close, not at an extreme',
  async (choice) => {
    const { trades } = await play([USUAL], { risk: { reversal_exit: choice, reversal_min_hold_sec: 30 } });
    const times = trades.flatMap(({ exit_reason, exit_ts }) =>
      exit_reason === 'SIGNAL_REVERSAL' ? [exit_ts % MINUTE_MS] : [],
    );
    expect(times.length).toBeGreaterThan(5);
    for (const ms of times) expect([1_000, 59_000]).toContain(ms);
  },
);

test('a trigger enters at open or close, not at an extreme', async () => {
  const changes = { risk: { stop_loss_atr: 0.5, take_profit_atr: 0.5, reversal_exit: 'off' } } as const;
  const { trades, refusals } = await play([USUAL], changes, true, [], { cooldown_sec: 1 });
  const times = [...trades.map(({ entry_ts }) => entry_ts), ...refusals.map(({ timestamp }) => timestamp)];
  expect(trades.length).toBeGreaterThan(100);
  for (const ts of times) expect([1_000, 59_000]).toContain(ts % MINUTE_MS);
});

test('a time limit inside a candle that the detail does not cover counts at the end of that candle', async () => {
  const [header, ...minutes] = readFileSync(USUAL, 'utf8').split('\n');
  const fives = Array.from({ length: minutes.length / 5 }, (_, n) => fiveOf(minutes.slice(5 * n, 5 * n + 5)));
  const long = write('AAAUSDT-5m.csv', fives);
  const half = T0 + 600 * MINUTE_MS;
  mkdirSync(join(folder, 'half'));
  const detail = join(folder, 'half', 'AAAUSDT-1m.csv');
  writeFileSync(detail, [header, ...minutes.slice(0, 600)].join('\n'));
  const { trades } = await play(
    [long],
    { risk: { stop_loss_atr: 40, take_profit_atr: 80, max_hold_sec: 430, reversal_exit: 'off' } },
    false,
    [detail],
  );
  const ends = trades.filter(({ exit_reason }) => exit_reason === 'TIME_EXIT').map(({ exit_ts }) => exit_ts);
  const [detailed, coarse] = [ends.filter((ts) => ts < half), ends.filter((ts) => ts >= half + 5 * MINUTE_MS)];
  expect([detailed.length > 5, coarse.length > 5]).toEqual([true, true]);
  expect(new Set(coarse.map((ts) => ts % (5 * MINUTE_MS)))).toEqual(new Set([0]));
  expect(detailed.filter((ts) => ts % (5 * MINUTE_MS) !== 0).length).toBeGreaterThan(5);
});

/** One candle of five, with few or many buyers. */
function fiveOf(minutes: readonly string[]): string {
  const cells = minutes.map((line) => line.split(','));
  const of = (column: number) => cells.map((row) => Number(row[column]));
  const volume = of(5).reduce((total, value) => total + value, 0);
  const buyers = volume * (volume % 2 === 0 ? 0.05 : 0.95);
  const prices = [cells[0]?.[1], Math.max(...of(2)), Math.min(...of(3)), cells.at(-1)?.[4]];
  return [cells[0]?.[0], ...prices, volume, buyers].join(',');
}
