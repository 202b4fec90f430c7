import type { KlineDecimals } from '@helios/core/indicators/number-kline.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { KlineInterval } from '@helios/shared/domain/market-data.ts';
import type { KlineColumns } from './kline-columns.ts';

/** One-minute candles inside longer ones. */
export interface KlineDetail {
  readonly columns: KlineColumns;
  /** As in `KlineSeries`. */
  readonly knowsBuyers: boolean;
  /** For each longer candle 1 if every minute of it is there, else 0. */
  readonly covers: Uint8Array;
  /** Number of longer candles without all their minutes, and of those whose high or low is not that of their minutes. */
  readonly missing: number;
  readonly contradicted: number;
}

/** All candles of one symbol. */
export interface KlineSeries {
  readonly instrument: Instrument;
  readonly interval: KlineInterval;
  readonly intervalMs: number;
  /** Short gaps are filled; a longer one remains. */
  readonly columns: KlineColumns;
  /** For each candle the mean volume of the last hour of candles, base currency: what the made-up book holds follows it. */
  readonly depthVolume: Float64Array;
  /** Decimals of the finest price and volume. */
  readonly decimals: KlineDecimals;
  /** Number of filled candles. */
  readonly filled: number;
  /** Number of prices that lie between the ticks of the instrument. */
  readonly offGrid: number;
  /** The files say how much of a volume buyers took; else `buyShare` is estimated from the moves. */
  readonly knowsBuyers: boolean;
  /** Jumps between two candles that look like a split; none by default. */
  readonly jumps?: readonly string[];
  /** One-minute candles of the same time, which give the way of the price inside longer ones. */
  readonly detail?: KlineDetail;
}
