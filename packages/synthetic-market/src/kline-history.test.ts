import { historyLength } from '@helios/shared/domain/kline-history.ts';
import { KLINE_INTERVAL_MS, Kline, type KlineInterval } from '@helios/shared/domain/market-data.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGeneratorSource } from './generator-source.ts';
import { autocorrelation, deviation, mean } from './series-statistics.ts';

const INTERVALS = ['1m', '5m', '15m', '1h', '4h'] as const satisfies readonly KlineInterval[];
const START_MS = 1_700_000_012_345;

const source = (seed: number, startMs = START_MS, startPrices?: Record<string, number>) =>
  createGeneratorSource({ seed, symbols: ['BTCUSDT', 'DOGEUSDT'], startMs, ...(startPrices ? { startPrices } : {}) });

describe('warm-up klines', () => {
  it('are as many as a start loads, closed, aligned, without gaps, and end right before the start', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 1.6e12, max: 1.9e12 }),
        fc.constantFrom(...INTERVALS),
        async (seed, startMs, interval) => {
          const length = KLINE_INTERVAL_MS[interval];
          const klines = await source(seed, startMs).history('DOGEUSDT', interval, 2_000);
          expect(klines).toHaveLength(historyLength(interval));
          expect(klines.at(-1)?.close_ts).toBe(Math.floor(startMs / length) * length - 1);
          klines.forEach((kline, index) => {
            expect(kline.open_ts).toBe((klines[0]?.open_ts ?? 0) + index * length);
            expect(kline.close_ts).toBe(kline.open_ts + length - 1);
            const [open, high, low, close] = [kline.open, kline.high, kline.low, kline.close].map(Number);
            expect(Math.max(open ?? 0, close ?? 0)).toBeLessThanOrEqual(high ?? 0);
            expect(Math.min(open ?? 0, close ?? 0)).toBeGreaterThanOrEqual(low ?? 0);
            expect(low).toBeGreaterThan(0);
          });
        },
      ),
      { numRuns: 15 },
    );
  });

  it('fit the kline schema', async () => {
    for (const interval of INTERVALS) {
      for (const kline of await source(9).history('BTCUSDT', interval, 20)) expect(Kline.parse(kline)).toEqual(kline);
    }
  });

  it('of longer intervals equal the folded shorter ones', async () => {
    for (const [index, interval] of INTERVALS.entries()) {
      const shorter = INTERVALS[index - 1];
      if (shorter === undefined) continue;
      const parts = await source(4).history('BTCUSDT', shorter, 500);
      let compared = 0;
      for (const whole of await source(4).history('BTCUSDT', interval, 500)) {
        const own = parts.filter((part) => part.open_ts >= whole.open_ts && part.close_ts <= whole.close_ts);
        if (own.length * KLINE_INTERVAL_MS[shorter] !== KLINE_INTERVAL_MS[interval]) continue;
        compared += 1;
        expect(whole.open).toBe(own[0]?.open);
        expect(whole.close).toBe(own.at(-1)?.close);
        expect(Number(whole.high)).toBe(Math.max(...own.map((part) => Number(part.high))));
        expect(Number(whole.low)).toBe(Math.min(...own.map((part) => Number(part.low))));
        const volume = own.reduce((sum, part) => sum + Number(part.volume), 0);
        expect(Number(whole.volume)).toBeCloseTo(volume, 1);
      }
      expect(compared).toBeGreaterThan(90);
    }
  });

  it('end at the start price, also at a given one', async () => {
    expect((await source(2).history('BTCUSDT', '1m', 1))[0]?.close).toBe('64000.00');
    const asked = await source(2, START_MS, { BTCUSDT: 51_234.5 }).history('BTCUSDT', '1m', 1);
    expect(asked[0]?.close).toBe('51234.50');
  });

  it('are the same for the same seed; a limit returns the newest; an unknown symbol has none', async () => {
    const all = await source(6).history('BTCUSDT', '15m', 500);
    expect(await source(6).history('BTCUSDT', '15m', 500)).toEqual(all);
    expect(await source(6).history('BTCUSDT', '15m', 7)).toEqual(all.slice(-7));
    expect(await source(6).history('ETHUSDT', '15m', 7)).toEqual([]);
    expect(await source(7).history('BTCUSDT', '15m', 500)).not.toEqual(all);
  });

  it('move like crypto: a few basis points per minute, with clustered volatility', async () => {
    const sigmas: number[] = [];
    const clustering: number[] = [];
    for (let seed = 1; seed <= 12; seed += 1) {
      const klines = await source(seed).history('BTCUSDT', '1m', 500);
      const returns = klines.map((kline) => Math.log(Number(kline.close) / Number(kline.open)) * 10_000);
      sigmas.push(deviation(returns) ?? 0);
      clustering.push(autocorrelation(returns.map(Math.abs), 10) ?? 0);
    }
    expect(mean(sigmas)).toBeGreaterThan(2.5);
    expect(mean(sigmas)).toBeLessThan(8);
    expect(mean(clustering)).toBeGreaterThan(0.05);
  });

  it('have volumes that vary and last as those of real minutes', async () => {
    const spreads: number[] = [];
    const memories: number[] = [];
    for (let seed = 1; seed <= 12; seed += 1) {
      const klines = await source(seed).history('BTCUSDT', '1m', 1_440);
      const logs = klines.map((kline) => Math.log(Number(kline.quote_volume)));
      spreads.push(deviation(logs) ?? 0);
      memories.push(autocorrelation(logs, 10) ?? 0);
    }
    // Real months, in windows of 36 hours: 0.76 to 1.68, and 0.17 to 0.42.
    expect(mean(spreads)).toBeGreaterThan(0.76);
    expect(mean(spreads)).toBeLessThan(1.68);
    expect(mean(memories)).toBeGreaterThan(0.17);
    expect(mean(memories)).toBeLessThan(0.5);
  });
});
