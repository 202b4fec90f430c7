import { createHash } from 'node:crypto';
import type { KlineSeries } from '@helios/backtest/klines/kline-series.ts';
import { sliceSeries } from '@helios/backtest/klines/slice-series.ts';

const DAY_MS = 86_400_000;
/** Days before a month that warm its indicators: the rank of the volatility reads five. */
const WARM_DAYS = 5;

/** A calendar month of candles, UTC, played alone: a later training plays only the months that it does not know. */
export interface CandleMonth {
  /** `2024-02`. */
  readonly name: string;
  /** Bounds of its decisions, epoch ms. */
  readonly fromTs: number;
  readonly toTs: number;
  /** Its candles of all symbols, with days before that warm and time after in which outcomes end. */
  readonly series: readonly KlineSeries[];
  /** SHA-256 of these candles, hex. */
  readonly sha256: string;
}

/**
 * The months that the series hold. All symbols of a month play together, because each knows the leaders.
 * @param tailMs longest time from a decision to its outcome
 */
export function candleMonths(series: readonly KlineSeries[], tailMs: number): CandleMonth[] {
  const first = Math.min(...series.map(({ columns }) => columns.openTs[0] ?? Number.POSITIVE_INFINITY));
  const last = Math.max(...series.map(({ columns }) => columns.openTs.at(-1) ?? Number.NEGATIVE_INFINITY));
  const months: CandleMonth[] = [];
  for (let fromTs = monthStart(first, 0); fromTs <= last; fromTs = monthStart(fromTs, 1)) {
    const toTs = monthStart(fromTs, 1);
    const own = series.filter((one) => sliceSeries(one, fromTs, toTs).columns.length > 0);
    if (own.length === 0) continue;
    const played = own.map((one) => sliceSeries(one, fromTs - WARM_DAYS * DAY_MS, toTs + tailMs));
    const name = new Date(fromTs).toISOString().slice(0, 7);
    months.push({ name, fromTs, toTs, series: played, sha256: hashOf(played) });
  }
  return months;
}

function monthStart(ts: number, more: number): number {
  const date = new Date(ts);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + more, 1);
}

function hashOf(series: readonly KlineSeries[]): string {
  const hash = createHash('sha256');
  for (const { instrument, interval, decimals, columns, depthVolume } of series) {
    const { length, ...arrays } = columns;
    hash.update(JSON.stringify({ instrument, interval, decimals, length }));
    for (const [name, values] of [...Object.entries(arrays), ['depth', depthVolume] as const]) {
      hash.update(name).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    }
  }
  return hash.digest('hex');
}
