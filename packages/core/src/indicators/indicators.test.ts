import fc from 'fast-check';
import * as oracle from 'trading-signals';
import { describe, expect, test } from 'vitest';
import { BollingerBands, RealisedVolatility, RollingDistribution } from './dispersion.ts';
import { Ema, RollingMean, WilderAverage } from './moving-averages.ts';
import { Momentum, Rsi } from './oscillators.ts';
import { SessionVwap } from './session-vwap.ts';
import { Adx, Atr } from './true-range.ts';

/** A random walk of klines, always the same: a linear congruential generator drives it. */
function klines(count: number): { high: number; low: number; close: number }[] {
  let state = 12_345;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  let close = 100;
  return Array.from({ length: count }, () => {
    const open = close;
    close = Math.max(1, open + random() * 2 - 1);
    return { high: Math.max(open, close) + random(), low: Math.min(open, close) - random() * 0.5, close };
  });
}

const walk = klines(2_000);
const closes = walk.map((openKline) => openKline.close);

describe('indicators equal those of an independent library', () => {
  test('EMA, but for the 2 % of weight that lies beyond its window', () => {
    const mine = new Ema(21);
    const theirs = new oracle.EMA(21);
    for (const [index, close] of closes.entries()) {
      mine.update(close);
      theirs.update(close, false);
      if (index < 42) continue;
      const reach = Math.max(...closes.slice(0, index + 1)) - Math.min(...closes.slice(0, index + 1));
      expect(Math.abs((mine.value ?? 0) - theirs.getResultOrThrow())).toBeLessThan(0.02 * reach);
    }
  });

  test('RSI at every kline', () => {
    const mine = new Rsi(14);
    const theirs = new oracle.RSI(14);
    for (const close of closes) {
      mine.update(close);
      const expected = theirs.update(close, false);
      if (expected !== null) expect(mine.value).toBeCloseTo(expected, 9);
      else expect(mine.value).toBeUndefined();
    }
  });

  test('ATR at every kline', () => {
    const mine = new Atr(14);
    const theirs = new oracle.ATR(14);
    for (const openKline of walk) {
      mine.update(openKline.high, openKline.low, openKline.close);
      const expected = theirs.update(openKline, false);
      if (expected !== null) expect(mine.value).toBeCloseTo(expected, 9);
    }
  });

  test('ADX and both directional indicators, after their start values have faded', () => {
    const mine = new Adx(14);
    const theirs = new oracle.ADX(14);
    for (const openKline of walk) {
      mine.update(openKline.high, openKline.low, openKline.close);
      theirs.update(openKline, false);
    }
    expect(mine.value).toBeCloseTo(theirs.getResultOrThrow(), 6);
    expect(mine.plusDi).toBeCloseTo(100 * Number(theirs.pdi), 6);
    expect(mine.minusDi).toBeCloseTo(100 * Number(theirs.mdi), 6);
  });

  test('Bollinger bands at every value', () => {
    const mine = new BollingerBands(20, 2);
    const theirs = new oracle.BollingerBands(20, 2);
    for (const close of closes) {
      mine.update(close);
      const expected = theirs.update(close, false);
      if (expected === null) continue;
      expect(mine.value?.upper).toBeCloseTo(expected.upper, 9);
      expect(mine.value?.lower).toBeCloseTo(expected.lower, 9);
    }
  });

  test('momentum at every value', () => {
    const mine = new Momentum(10);
    const theirs = new oracle.ROC(10);
    for (const close of closes) {
      mine.update(close);
      const expected = theirs.update(close, false);
      if (expected !== null) expect(mine.value).toBeCloseTo(expected, 9);
    }
  });
});

describe('indicators equal figures computed by hand', () => {
  test('an EMA halves the weights of a period of three, and is absent before', () => {
    const ema = new Ema(3);
    ema.update(1);
    ema.update(2);
    expect(ema.value).toBeUndefined();
    ema.update(6);
    expect(ema.value).toBeCloseTo((4 * 6 + 2 * 2 + 1) / 7, 12);
    ema.update(5);
    expect(ema.value).toBeCloseTo((8 * 5 + 4 * 6 + 2 * 2 + 1) / 15, 12);
  });

  test('Wilder smoothing', () => {
    const average = new WilderAverage(2);
    for (const x of [2, 4, 7]) average.update(x);
    expect(average.value).toBe(5);
  });

  test('ADX of a straight rise is 100', () => {
    const adx = new Adx(3);
    for (let i = 0; i < 12; i += 1) adx.update(i + 2, i + 1, i + 1.5);
    expect(adx.value).toBeCloseTo(100, 9);
    expect(adx.minusDi).toBe(0);
  });

  test('RSI of a constant market is 50', () => {
    const rsi = new Rsi(3);
    for (let i = 0; i < 6; i += 1) rsi.update(10);
    expect(rsi.value).toBe(50);
  });

  test('realised volatility of returns +10 % and −10 % (log)', () => {
    const volatility = new RealisedVolatility(2);
    for (const price of [100, 110, 100]) volatility.update(price);
    expect(volatility.value).toBeCloseTo(Math.log(1.1) * Math.SQRT2, 12);
  });

  test('VWAP weighs by quantity, restarts at midnight UTC and ignores a late trade of the previous day', () => {
    const midnight = 1_700_006_400_000;
    const vwap = new SessionVwap();
    vwap.update(1, 1, midnight - 86_400_001);
    vwap.update(100, 1, midnight - 2_000);
    vwap.update(200, 3, midnight - 1_000);
    expect(vwap.value).toBe(175);
    vwap.update(50, 2, midnight);
    vwap.update(999, 9, midnight - 1);
    expect(vwap.value).toBe(50);
  });

  test('σ of the session weighs by quantity', () => {
    const vwap = new SessionVwap();
    const midnight = 1_700_006_400_000;
    vwap.update(100, 1, midnight);
    expect(vwap.sigma).toBe(0);
    vwap.update(104, 3, midnight + 60_000);
    expect(vwap.value).toBe(103);
    expect(vwap.sigma).toBeCloseTo(Math.sqrt((1 * 9 + 3 * 1) / 4), 12);
  });

  test('VWAP and σ are absent on a day whose midnight nobody saw', () => {
    const vwap = new SessionVwap();
    const midnight = 1_700_006_400_000;
    vwap.update(100, 1, midnight + 60_000);
    expect([vwap.value, vwap.sigma]).toEqual([undefined, undefined]);
    vwap.update(50, 1, midnight + 86_400_000 + 120_000);
    expect([vwap.value, vwap.sigma]).toEqual([50, 0]);
  });

  test('percentile rank counts equal values half, and both figures need half a window', () => {
    const distribution = new RollingDistribution(4);
    distribution.update(1);
    expect([distribution.percentile, distribution.median]).toEqual([undefined, undefined]);
    for (const x of [2, 3, 3]) distribution.update(x);
    expect([distribution.percentile, distribution.median]).toEqual([75, 2.5]);
  });
});

describe('indicators keep their invariants', () => {
  const prices = fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 60, maxLength: 200 });

  test('rolling figures depend only on their window', () => {
    fc.assert(
      fc.property(prices, (xs) => {
        const long = new RollingMean(20);
        for (const x of xs) long.update(x);
        const short = new RollingMean(20);
        for (const x of xs.slice(-20)) short.update(x);
        expect(long.value).toBeCloseTo(short.value ?? Number.NaN, 6);
      }),
    );
  });

  test('an EMA depends only on its newest two periods, to the bit', () => {
    fc.assert(
      fc.property(prices, (xs) => {
        const [long, short] = [new Ema(20), new Ema(20)];
        for (const x of xs) long.update(x);
        for (const x of xs.slice(-40)) short.update(x);
        expect(long.value).toBe(short.value);
      }),
    );
  });

  test('median and percentile are those of the sorted window', () => {
    const coarse = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 10, maxLength: 80 });
    fc.assert(
      fc.property(coarse, (xs) => {
        const distribution = new RollingDistribution(10);
        for (const x of xs) distribution.update(x);
        const kept = xs.slice(-10).toSorted((a, b) => a - b);
        const newest = xs.at(-1) ?? 0;
        const rank = kept.filter((x) => x < newest).length + kept.filter((x) => x === newest).length / 2;
        expect(distribution.median).toBe(((kept[4] ?? 0) + (kept[5] ?? 0)) / 2);
        expect(distribution.percentile).toBe(10 * rank);
      }),
    );
  });

  test('RSI, ADX and percentile stay within 0..100, and the ATR is never negative', () => {
    fc.assert(
      fc.property(prices, (xs) => {
        const rsi = new Rsi(5);
        const adx = new Adx(5);
        const atr = new Atr(5);
        const percentile = new RollingDistribution(10);
        for (const x of xs) {
          rsi.update(x);
          adx.update(x * 1.01, x * 0.99, x);
          atr.update(x * 1.01, x * 0.99, x);
          percentile.update(x);
        }
        for (const value of [rsi.value, adx.value, percentile.percentile]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(100 + 1e-9);
        }
        expect(atr.value).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
