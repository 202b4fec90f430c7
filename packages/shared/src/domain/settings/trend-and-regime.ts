import { boolean, choice, integer, number, regimeEffect, wordList } from './setting.ts';

/** Agreement of several timeframes. */
export const trend = {
  enabled: boolean(false, 'Refuse entries against the trend.'),
  timeframes: wordList(['5m', '15m', '1h'], 'Kline intervals that vote: any of 1m, 5m, 15m, 1h, 4h.'),
  ema_fast: integer(9, 'Fast EMA, klines.', { min: 2, max: 200 }),
  ema_slow: integer(21, 'Slow EMA, klines.', { min: 3, max: 400 }),
  momentum_period: integer(10, 'Period of the rate of change, klines.', { min: 1, max: 200 }),
  min_agreement: number(0.5, 'Refuse an entry when more than this share of the warm timeframes is against it.', {
    min: 0,
    max: 1,
  }),
} as const;

/**
 * Market regime: how it is measured and what it changes. A trend blocks entries against it; volatile markets need more
 * imbalance, wider stops and shorter holding times.
 */
export const regime = {
  enabled: boolean(false, 'Let the regime change thresholds, stops and hold times and block directions.'),
  interval: choice(['1m', '5m', '15m', '1h', '4h'], '5m', 'Kline interval of the regime.'),
  adx_period: integer(14, 'ADX period, klines.', { min: 2, max: 200 }),
  adx_trending: number(25, 'ADX at or above this is a trend.', { min: 1, max: 100 }),
  ema_separation_atr: number(0.5, 'Minimum distance of fast and slow EMA in a trend, ATRs of the interval.', {
    min: 0,
    max: 100,
  }),
  volatility_window: integer(576, 'Window of the usual volatility, its median, klines.', { min: 20, max: 960 }),
  volatile_ratio: number(1.8, 'Realised volatility of at least this multiple of the usual one is VOLATILE.', {
    min: 1,
    max: 100,
  }),
  quiet_ratio: number(0.55, 'Realised volatility of at most this multiple of the usual one is QUIET.', {
    min: 0,
    max: 1,
  }),
  hysteresis: number(0.2, 'A regime ends only when a figure is back beyond its limit by this share, 0..1.', {
    min: 0,
    max: 0.9,
  }),
  trending_up: regimeEffect(
    { thresholdFactor: 1, stopFactor: 1.2, holdFactor: 1.5, blocked: ['SHORT'] },
    'In TRENDING_UP: factors on threshold, stop and trailing distance, and holding time; blocked directions.',
  ),
  trending_down: regimeEffect(
    { thresholdFactor: 1, stopFactor: 1.2, holdFactor: 1.5, blocked: ['LONG'] },
    'The same in TRENDING_DOWN.',
  ),
  ranging: regimeEffect({ thresholdFactor: 1.1, stopFactor: 1, holdFactor: 0.75, blocked: [] }, 'The same in RANGING.'),
  volatile: regimeEffect(
    { thresholdFactor: 1.4, stopFactor: 1.5, holdFactor: 0.5, blocked: [] },
    'The same in VOLATILE.',
  ),
  quiet: regimeEffect({ thresholdFactor: 1.2, stopFactor: 0.8, holdFactor: 1, blocked: [] }, 'The same in QUIET.'),
  unknown: regimeEffect(
    { thresholdFactor: 1, stopFactor: 1, holdFactor: 1, blocked: [] },
    'The same while too few klines are known.',
  ),
} as const;
