import type { KlineInterval } from './market-data.ts';

/** Maximum length of a list of closed klines: the minutes of a day. */
export const MAX_LISTED_KLINES = 1_440;

const LENGTHS: Readonly<Record<KlineInterval, number>> = {
  '1m': MAX_LISTED_KLINES,
  '5m': 999,
  '15m': 498,
  '1h': 498,
  '4h': 498,
};

/**
 * Closed klines that a start loads. 1m: all since midnight UTC, for the session VWAP. 5m: 3.5 days, for the usual volatility of the
 * regime. With the open kline each is one request, and a symbol costs a weight of 21.
 */
export function historyLength(interval: KlineInterval): number {
  return LENGTHS[interval];
}
