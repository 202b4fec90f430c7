import type { KlineSeries } from '../klines/kline-series.ts';

const MINUTE_MS = 60_000;

/** By symbol: the length of the candle at a time (epoch ms) whose way of the price is unknown, ms. */
export type CandleLengths = ReadonlyMap<string, (ts: number) => number>;

/** A candle lasts a minute where the detail has all of its minutes, else its interval: there the price stays at an extreme for long. */
export function candleLengths(series: readonly KlineSeries[]): CandleLengths {
  return new Map(series.map((one) => [one.instrument.symbol, lengthsOf(one)]));
}

function lengthsOf({ columns, intervalMs, detail }: KlineSeries): (ts: number) => number {
  if (detail === undefined) return () => intervalMs;
  if (detail.missing === 0) return () => MINUTE_MS;
  return (ts) => (detail.covers[lastUntil(columns.openTs, ts)] === 1 ? MINUTE_MS : intervalMs);
}

/** Index of the last candle that opens at `ts` or before; −1 if there is none. */
function lastUntil(openTs: ArrayLike<number>, ts: number): number {
  let [from, to] = [0, openTs.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((openTs[middle] ?? 0) <= ts) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}
