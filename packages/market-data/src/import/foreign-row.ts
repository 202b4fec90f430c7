import type { Level } from '@helios/shared/domain/market-data.ts';

interface RowBase {
  readonly symbol: string;
  /** Time of the venue, epoch µs. */
  readonly tsUs: number;
  /** Time that orders rows of several files: the receive time if the file has it, epoch µs. */
  readonly orderUs: number;
  /** 1-based. */
  readonly line: number;
}

export interface TradeRow extends RowBase {
  readonly kind: 'TRADE';
  /** Undefined if the venue gave none that is a number. */
  readonly tradeId: number | undefined;
  readonly price: string;
  readonly qty: string;
  readonly buyerIsMaker: boolean;
}

/** The best levels at one time. */
export interface BookRow extends RowBase {
  readonly kind: 'BOOK';
  /** Grows from book to book; undefined if the file has none. */
  readonly updateId: number | undefined;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** Absolute quantities of the levels that changed; all levels if it is a snapshot. */
export interface LevelsRow extends RowBase {
  readonly kind: 'LEVELS';
  readonly isSnapshot: boolean;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** What one message, or one row, of a foreign file says about a market. */
export type ForeignRow = TradeRow | BookRow | LevelsRow;

/** Rows of a file in the order of the file; `line` is the last line read. */
export interface ForeignBatch {
  readonly rows: readonly ForeignRow[];
  readonly line: number;
}
