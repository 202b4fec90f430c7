import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SimulationMode } from '@helios/core/execution/fees.ts';
import { createStrategyEngine } from '@helios/core/strategy/engine.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { afterAll, expect, test } from 'vitest';
import type { BacktestOptions } from '../backtest-options.ts';
import { openData } from '../data/open-data.ts';
import { NO_LATENCY } from '../models/order-latency.ts';
import { playBacktest, type RunChanges } from '../run-backtest.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-quiet-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const T0 = Date.UTC(2026, 0, 1);
const MINUTES = 1_500;

/** Candles of a random walk; buyers take from none to all of a minute's volume. */
function candlesOf(symbol: string, seed: string, minutes = MINUTES): string {
  const rng = new Rng(seed);
  const lines = ['time,open,high,low,close,volume,taker_buy_volume'];
  let price = 10_000;
  for (let n = 0; n < minutes; n += 1) {
    const close = price + rng.below(61) - 30;
    const [high, low] = [Math.max(price, close) + rng.below(20), Math.min(price, close) - rng.below(20)];
    const volume = 100_000 + rng.below(100_000);
    const bought = Math.round(volume * rng.uniform());
    const prices = [price, high, low, close].map((cents) => (cents / 100).toFixed(2));
    // A gap ends the session in between.
    if (n < 900 || n > 950) lines.push([T0 + n * 60_000, ...prices, volume / 1_000, bought / 1_000].join(','));
    price = close;
  }
  const file = join(folder, `${symbol}-1m.csv`);
  writeFileSync(file, lines.join('\n'));
  return file;
}

const files = [candlesOf('AAAUSDT', 'a'), candlesOf('BBBUSDT', 'b')];
/** Long enough to know the usual moves. */
const longFiles = [candlesOf('CCCUSDT', 'c', 4_000), candlesOf('DDDUSDT', 'd', 4_000)];

type Threshold = BacktestOptions['settings']['signals']['nobi_threshold'];

async function play(names: readonly string[], mode: SimulationMode, nobi_threshold: Threshold, changes: RunChanges) {
  const settings = defaultSettings({ simulation: { mode }, signals: { confirmation_count: 1, nobi_threshold } });
  const window = { fromTs: Number.NEGATIVE_INFINITY, toTs: Number.POSITIVE_INFINITY };
  const options: BacktestOptions = {
    ...{ kind: 'KLINES', files: names, market: 'usdm', ...window, settings, changed: {} },
    ...{ latency: NO_LATENCY, fundingRate: 0.0001 },
  };
  return await playBacktest(await openData(options), options, changes);
}

/** An engine that wants every book. */
const watchful: typeof createStrategyEngine = (...args) => {
  const engine = createStrategyEngine(...args);
  engine.quiet.threshold = () => undefined;
  engine.quiet.openThreshold = () => undefined;
  return engine;
};

/** Counts the minutes that pass while a position is open. */
function counting(counts: { passed: number }): typeof createStrategyEngine {
  return (...args) => {
    const engine = createStrategyEngine(...args);
    const passPrices = engine.quiet.passPrices.bind(engine.quiet);
    engine.quiet.passPrices = (prices) => {
      const passes = passPrices(prices);
      if (passes) counts.passed += 1;
      return passes;
    };
    return engine;
  };
}

test.each([
  ['HF_MARKET', 0.7, 1],
  ['HF_MARKET', 'auto', 1],
  ['HF_MARKET', 'auto', 2],
  ['LF_MARKET', 0.7, 2],
  ['HF_LIMIT', 0.7, 1],
  ['HF_LIMIT', 'auto', 2],
] as const)(
  'in %s at %s books of %s symbols that can change nothing need not be played',
  async (mode, threshold, symbols) => {
    const names = files.slice(0, symbols);
    const whole = await play(names, mode, threshold, { createEngine: watchful, recordsRefusals: false });
    const counts = { passed: 0 };
    const createEngine = counting(counts);
    expect(await play(names, mode, threshold, { createEngine, recordsRefusals: false })).toEqual(whole);
    expect(whole.trades.length).toBeGreaterThan(20);
    expect(counts.passed).toBeGreaterThan(10);
    const { refusals, ...rest } = await play(names, mode, threshold, {});
    expect(refusals.length).toBeGreaterThan(20);
    expect({ ...rest, refusals: [] }).toEqual(whole);
  },
);

test.each([
  [1, 1, 'off'],
  [2, 1, 'off'],
  [2, 2, 'off'],
  [1, 2, 'in_gain'],
] as const)(
  'minutes without a reason pass with their triggers: %s confirmations, %s symbols, reversal %s',
  async (confirmation_count, symbols, reversal_exit) => {
    const names = longFiles.slice(0, symbols);
    const settings = defaultSettings({
      signals: { confirmation_count },
      reasons: { enabled: ['EXHAUSTION'], exhaustion_sigmas: 0.3 },
      risk: { reversal_exit },
    });
    const passed = { open: 0, infinite: 0 };
    const createEngine: typeof createStrategyEngine = (...args) => {
      const engine = createStrategyEngine(...args);
      const openThreshold = engine.quiet.openThreshold.bind(engine.quiet);
      engine.quiet.openThreshold = (symbol) => {
        const threshold = openThreshold(symbol);
        passed[threshold === Number.POSITIVE_INFINITY ? 'infinite' : 'open'] += 1;
        return threshold;
      };
      return engine;
    };
    const changes = { settings, recordsRefusals: false };
    const whole = await play(names, 'HF_MARKET', 0.3, { ...changes, createEngine: watchful });
    expect(await play(names, 'HF_MARKET', 0.3, { ...changes, createEngine })).toEqual(whole);
    expect(whole.trades.length).toBeGreaterThan(5);
    expect(passed.infinite).toBeGreaterThan(300);
    expect(passed.open).toBeGreaterThan(50);
  },
);

test('confirmations that passed unseen count for the next trigger', async () => {
  const settings = defaultSettings({
    signals: { confirmation_count: 2 },
    reasons: { enabled: ['EXHAUSTION'], exhaustion_sigmas: 0.3 },
    risk: { reversal_exit: 'off' },
  });
  const forgetful: typeof createStrategyEngine = (...args) => {
    const engine = createStrategyEngine(...args);
    engine.quiet.rememberTrigger = () => undefined;
    return engine;
  };
  const changes = { settings, recordsRefusals: false };
  const whole = await play(longFiles.slice(0, 1), 'HF_MARKET', 0.3, changes);
  const other = await play(longFiles.slice(0, 1), 'HF_MARKET', 0.3, { ...changes, createEngine: forgetful });
  expect(other.trades).not.toEqual(whole.trades);
});
