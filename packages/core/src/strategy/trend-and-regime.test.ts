import type { Kline } from '@helios/shared/domain/market-data.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { numbersOf } from '../indicators/number-kline.ts';
import { RegimeClassifier } from './regime.ts';
import { TimeframeTrend, trendAgreement } from './trend.ts';

const trend: Settings['trend'] = {
  enabled: true,
  timeframes: ['5m'],
  ema_fast: 3,
  ema_slow: 6,
  momentum_period: 4,
  min_agreement: 0.5,
};
const regime: Settings['regime'] = {
  ...defaultSettings().regime,
  enabled: true,
  interval: '5m',
  adx_period: 5,
  adx_trending: 25,
  ema_separation_atr: 0.5,
  volatility_window: 30,
  volatile_ratio: 1.8,
  quiet_ratio: 0.55,
  hysteresis: 0.2,
};

function kline(index: number, close: number, range = 0.2): Kline {
  const open_ts = index * 300_000;
  return {
    type: 'kline',
    symbol: 'BTCUSDT',
    ts_event: open_ts + 300_000,
    ts_init: open_ts + 300_000,
    interval: '5m',
    open_ts,
    close_ts: open_ts + 299_999,
    open: String(close),
    high: String(close + range),
    low: String(close - range),
    close: String(close),
    volume: '1',
    quote_volume: '1',
    trades: 1,
  };
}

function classify(closes: readonly number[]): RegimeClassifier {
  const classifier = new RegimeClassifier(regime, trend);
  for (const [index, close] of closes.entries()) classifier.update(numbersOf(kline(index, close)));
  return classifier;
}

/** Returns of ±`step` percent in turn, with a drift of `drift` percent per kline. */
function path(count: number, step: (index: number) => number, drift = 0): number[] {
  let close = 100;
  return Array.from({ length: count }, (_, index) => {
    close *= 1 + ((index % 2 === 0 ? 1 : -1) * step(index) + drift) / 100;
    return close;
  });
}

describe('trend of a timeframe', () => {
  test.each([
    ['UP', 1],
    ['DOWN', -1],
  ] as const)('is %s if both EMAs and momentum agree', (vote, sign) => {
    const timeframe = new TimeframeTrend(trend);
    for (let i = 0; i < 10; i += 1) timeframe.update(100 + sign * i);
    expect(timeframe.vote).toBe(vote);
  });

  test('has no vote without data, and is FLAT at a standstill', () => {
    const timeframe = new TimeframeTrend(trend);
    for (let i = 0; i < 5; i += 1) timeframe.update(100);
    expect(timeframe.vote).toBeUndefined();
    timeframe.update(100);
    expect(timeframe.vote).toBe('FLAT');
  });

  test('counts only the warm timeframes', () => {
    expect(trendAgreement([undefined, 'UP', 'UP', 'DOWN', 'FLAT'])).toEqual({ up: 0.5, down: 0.25 });
    expect(trendAgreement([undefined])).toBeUndefined();
  });
});

describe('regime', () => {
  const rising = (index: number) => 0.1 + (index % 7) * 0.01;

  test('is UNKNOWN until every figure is warm, and when switched off', () => {
    expect(classify(path(20, rising)).regime).toBe('UNKNOWN');
    const off = new RegimeClassifier({ ...regime, enabled: false }, trend);
    for (const [index, close] of path(80, rising).entries()) off.update(numbersOf(kline(index, close)));
    expect(off.regime).toBe('UNKNOWN');
  });

  test.each([
    ['TRENDING_UP', 0.4],
    ['TRENDING_DOWN', -0.4],
  ] as const)('%s', (expected, drift) => {
    const seen = new Set<string>();
    const closes = path(100, rising, drift);
    const classifier = new RegimeClassifier(regime, trend);
    for (const [index, close] of closes.entries()) {
      classifier.update(numbersOf(kline(index, close)));
      seen.add(classifier.regime);
    }
    expect(seen).toContain(expected);
    expect(seen).not.toContain(drift > 0 ? 'TRENDING_DOWN' : 'TRENDING_UP');
  });

  test('keeps a state until its figure is back beyond the limit by the hysteresis', () => {
    const classifier = new RegimeClassifier({ ...regime, volatility_window: 60, hysteresis: 0.5 }, trend);
    const abrupt = new RegimeClassifier({ ...regime, volatility_window: 60, hysteresis: 0 }, trend);
    const seen = [classifier, abrupt].map(() => new Set<string>());
    // Wild klines, then klines of 1.3 times the usual volatility: between the limit of 1.8 and half of it.
    const closes = path(110, (i) => (i < 80 ? 0.1 + (i % 5) * 0.01 : i < 92 ? 0.4 : 0.16));
    for (const [index, close] of closes.entries()) {
      for (const [at, one] of [classifier, abrupt].entries()) {
        one.update(numbersOf(kline(index, close)));
        if (index > 105) seen[at]?.add(one.regime);
      }
    }
    expect(classifier.volatilityRatio).toBeGreaterThan(0.9);
    expect(classifier.volatilityRatio).toBeLessThan(1.8);
    expect(seen.map((regimes) => [...regimes])).toEqual([['VOLATILE'], ['RANGING']]);
  });

  test('calls nothing VOLATILE or QUIET by rank: a market that varies little is RANGING all the time', () => {
    const classifier = new RegimeClassifier({ ...regime, volatility_window: 60 }, trend);
    const seen = new Set<string>();
    for (const [index, close] of path(400, (i) => 0.3 + 0.06 * Math.sin(i / 9)).entries()) {
      classifier.update(numbersOf(kline(index, close)));
      seen.add(classifier.regime);
    }
    expect([...seen]).toEqual(['UNKNOWN', 'RANGING']);
  });

  test('is the same wherever the data begin, once the window is full', () => {
    const closes = path(700, (i) => 0.2 + 0.15 * Math.sin(i / 11), 0.02);
    const [whole, late] = [new RegimeClassifier(regime, trend), new RegimeClassifier(regime, trend)];
    for (const [index, close] of closes.entries()) {
      whole.update(numbersOf(kline(index, close)));
      if (index >= 300) late.update(numbersOf(kline(index, close)));
      if (index < 500) continue;
      expect(late.regime).toBe(whole.regime);
      expect(late.emaSeparationAtr).toBeCloseTo(whole.emaSeparationAtr ?? Number.NaN, 9);
      expect(late.volatilityRatio).toBeCloseTo(whole.volatilityRatio ?? Number.NaN, 12);
    }
  });

  test('measures a trend in ATRs: ten times the price gives the same figures', () => {
    const closes = path(200, rising, 0.3);
    const [small, large] = [classify(closes), new RegimeClassifier(regime, trend)];
    for (const [index, close] of closes.entries()) large.update(numbersOf(kline(index, 10 * close, 2)));
    expect(large.emaSeparationAtr).toBeCloseTo(small.emaSeparationAtr ?? Number.NaN, 9);
    expect(large.regime).toBe(small.regime);
  });

  test('is VOLATILE when volatility has just risen, QUIET when it has just fallen, RANGING between', () => {
    expect(classify(path(80, (i) => (i < 70 ? 0.1 + (i % 5) * 0.01 : 1))).regime).toBe('VOLATILE');
    expect(classify(path(80, (i) => (i < 62 ? 0.5 + (i % 5) * 0.01 : 0.001))).regime).toBe('QUIET');
    expect(classify(path(107, (i) => 0.3 + 0.2 * Math.sin(i / 4))).regime).toBe('RANGING');
  });
});
