import { aKline, defaultSettings } from '@helios/shared/testing/builders.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aQuotation, type MadeFigures } from '../testing/made-market.ts';
import { logShares } from './log-shares.ts';
import { percentileRanks } from './percentile-ranks.ts';
import { scoreCandidates } from './score.ts';
import { dayRangePct, hourlyAtrPct, volatilityFit } from './volatility.ts';

const { trading } = defaultSettings();

const score = (...figures: Partial<MadeFigures>[]) =>
  scoreCandidates(
    figures.map((one, i) => ({ symbol: `C${i}USDT`, atrPct: undefined, ...aQuotation(`C${i}USDT`, one) })),
    trading,
  );

describe('ranks', () => {
  test('are the share of the other values below a value; equal values count half', () => {
    expect(percentileRanks([30, 10, 20])).toEqual([1, 0, 0.5]);
    expect(percentileRanks([1, 1, 1])).toEqual([0.5, 0.5, 0.5]);
    expect(percentileRanks([5])).toEqual([0.5]);
    expect(percentileRanks([])).toEqual([]);
  });

  test('keep the order of any values', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })), (values) => {
        const ranks = percentileRanks(values);
        for (const [i, a] of values.entries()) {
          for (const [j, b] of values.entries()) {
            if (a < b) expect(ranks[i]).toBeLessThan(ranks[j] ?? Number.NaN);
            if (a === b) expect(ranks[i]).toBe(ranks[j]);
          }
        }
        for (const rank of ranks) expect(rank >= 0 && rank <= 1).toBe(true);
      }),
    );
  });
});

describe('volatility', () => {
  test('fits within the band, and falls with its logarithm on both sides', () => {
    expect([0.4, 1, 2].map((pct) => volatilityFit(pct, 0.4, 2))).toEqual([1, 1, 1]);
    expect(volatilityFit(0.2, 0.4, 2)).toBeCloseTo(0.5);
    expect(volatilityFit(4, 0.4, 2)).toBeCloseTo(0.5);
    expect([0, 0.1, 0.05, 8, 50].map((pct) => volatilityFit(pct, 0.4, 2))).toEqual([0, 0, 0, 0, 0]);
  });

  test('is the ATR of hourly klines in percent of the last close', () => {
    const flat = Array.from({ length: 20 }, () => aKline({ interval: '1h', high: '101', low: '99', close: '100' }));
    expect(hourlyAtrPct(flat)).toBeCloseTo(2);
    expect(hourlyAtrPct(flat.slice(0, 13))).toBeUndefined();
    expect(hourlyAtrPct([])).toBeUndefined();
  });

  test('estimated from the day’s range is that of a random walk', () => {
    // For a random walk of 1 % an hour, ln(high/low) of a day is √(24 · 4 ln 2 / (8/π)) ≈ 5.11 times the expected
    // hourly range.
    expect(dayRangePct(aQuotation('XUSDT', { dayRangePct: 5.11 }).ticker)).toBeCloseTo(1, 2);
  });
});

describe('volume', () => {
  test('counts by its logarithm: ten times the turnover is worth the same step anywhere', () => {
    const [small = 0, middle = 0, large = 0] = logShares([2e7, 2e8, 2e9]);
    expect(large - middle).toBeCloseTo(middle - small, 6);
    expect([small, large]).toEqual([0, 1]);
    expect(logShares([5, 5])).toEqual([0.5, 0.5]);
    expect(logShares([0, 0])).toEqual([0.5, 0.5]);
    expect(logShares([])).toEqual([]);
  });

  test('of thirty times as much is worth a place, also among symbols that lie close together', () => {
    // Ninety symbols at the minimum, one with thirty times their turnover, one with a thousand times.
    const crowd = Array.from({ length: 90 }, (_, i) => ({ quoteVolume: 2e7 * (1 + i / 1_000) }));
    const scored = score(...crowd, { quoteVolume: 6e8 }, { quoteVolume: 2e10 });
    const thirty = (scored[90]?.score ?? 0) - (scored[89]?.score ?? 0);
    expect(thirty).toBeGreaterThan(0.35 * 0.4);
    expect(thirty).toBeLessThan(0.35 * 0.6);
  });
});

describe('a score', () => {
  test('rises with volume and depth, falls with the spread', () => {
    const [small, large] = score({ quoteVolume: 1e8 }, { quoteVolume: 2e8 });
    expect(large?.score).toBeGreaterThan(small?.score ?? 1);
    const [thin, deep] = score({ topDepth: 1_000 }, { topDepth: 9_000 });
    expect(deep?.score).toBeGreaterThan(thin?.score ?? 1);
    const [wide, narrow] = score({ spreadBp: 5 }, { spreadBp: 1 });
    expect(narrow?.score).toBeGreaterThan(wide?.score ?? 1);
  });

  test('is lower in a market that is too quiet or too volatile', () => {
    const [quiet, right, wild] = score({ dayRangePct: 0.6 }, { dayRangePct: 5 }, { dayRangePct: 40 });
    expect(right?.score).toBeGreaterThan(quiet?.score ?? 1);
    expect(right?.score).toBeGreaterThan(wild?.score ?? 1);
  });

  test('is the weighted mean of its parts, which include their figures', () => {
    const [best, worst] = score({ quoteVolume: 2e8, topDepth: 2_000, spreadBp: 1 }, { topDepth: 1_000, spreadBp: 2 });
    expect(best).toMatchObject({
      score: 1,
      parts: { volume_share: 1, depth_rank: 1, spread_rank: 1, volatility_fit: 1 },
    });
    expect(worst?.score).toBeCloseTo(trading.volatility_weight);
    expect(worst?.parts).toMatchObject({ quote_volume: 1e8, volatility_source: 'DAY_RANGE' });
    expect(worst?.parts.top_depth).toBeCloseTo(1_000);
    expect(worst?.parts.spread_bp).toBeCloseTo(2);
    const [measured] = scoreCandidates([{ symbol: 'XUSDT', atrPct: 8, ...aQuotation('XUSDT') }], trading);
    expect(measured?.parts).toMatchObject({ volatility_fit: 0, volatility_pct: 8, volatility_source: 'ATR' });
  });
});
