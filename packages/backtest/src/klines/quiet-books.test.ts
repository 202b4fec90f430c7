import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
function candlesOf(symbol: string, seed: string): string {
  const rng = new Rng(seed);
  const lines = ['time,open,high,low,close,volume,taker_buy_volume'];
  let price = 10_000;
  for (let n = 0; n < MINUTES; n += 1) {
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

async function play(names: readonly string[], mode: 'HF_MARKET' | 'LF_MARKET', changes: RunChanges) {
  const settings = defaultSettings({ simulation: { mode }, signals: { confirmation_count: 1, nobi_threshold: 0.7 } });
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
  engine.quietThreshold = () => undefined;
  return engine;
};

test.each(['HF_MARKET', 'LF_MARKET'] as const)(
  'in %s books that can change nothing need not be played',
  async (mode) => {
    for (const names of [files.slice(0, 1), files]) {
      const whole = await play(names, mode, { createEngine: watchful, recordsRefusals: false });
      expect(await play(names, mode, { recordsRefusals: false })).toEqual(whole);
      expect(whole.trades.length).toBeGreaterThan(20);
      const { refusals, ...rest } = await play(names, mode, {});
      expect(refusals.length).toBeGreaterThan(20);
      expect({ ...rest, refusals: [] }).toEqual(whole);
    }
  },
);
