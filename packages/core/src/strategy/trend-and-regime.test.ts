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
  ema_separation_pct: 0.1,
  volatility_window: 30,
  volatile_percentile: 85,
  quiet_percentile: 15,
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

  test('is VOLATILE when volatility has just risen, QUIET when it has just fallen, RANGING between', () => {
    expect(classify(path(80, (i) => (i < 70 ? 0.1 + (i % 5) * 0.01 : 1))).regime).toBe('VOLATILE');
    expect(classify(path(80, (i) => (i < 62 ? 0.5 + (i % 5) * 0.01 : 0.001))).regime).toBe('QUIET');
    expect(classify(path(107, (i) => 0.3 + 0.2 * Math.sin(i / 4))).regime).toBe('RANGING');
  });
});
