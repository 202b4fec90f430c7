import type { KlineColumns } from './kline-columns.ts';
import type { GridFinder } from './kline-grid.ts';

/** The candles of one file. */
export interface KlineFile {
  readonly file: string;
  readonly columns: KlineColumns;
  readonly grid: GridFinder;
  /** Time from one candle to the next, ms. */
  readonly intervalMs: number;
  /** The file says how much of a volume buyers took. */
  readonly knowsBuyers: boolean;
  /** The largest jump between two candles that looks like a split; undefined without one. */
  readonly jump: string | undefined;
}
