import { decimalsOf } from '@helios/core/price/decimal-text.ts';
import type { Book, Level } from '@helios/shared/domain/market-data.ts';

/** Assumptions about the book that no candle holds. All of them cost the strategy rather than help it. */
export interface MadeUpBook {
  /** Spread in basis points of the price; at least one tick. */
  readonly spreadBp: number;
  /** Share of the volume of a minute that each of the levels holds. */
  readonly levelShare: number;
  readonly levels: number;
}

/** A liquid contract has a spread of 0.1 to 2 bp, and far more than a fiftieth of a minute's volume on its best levels. */
export const PESSIMISTIC_BOOK: MadeUpBook = { spreadBp: 3, levelShare: 0.02, levels: 5 };

/** Imbalance stays below 1 even if all volume was on one side: a book has both sides. */
const MAX_IMBALANCE = 0.9;

interface BookAt {
  readonly symbol: string;
  readonly ts: number;
  readonly price: number;
  /** Base currency in the minute before. */
  readonly volume: number;
  /** Share of that volume that buyers took, 0..1; 0.5 if unknown. */
  readonly buyShare: number;
  readonly tick: string;
  readonly step: string;
  readonly id: number;
}

/**
 * A book around a price, made up from a candle. Buyers who took make the ask side thin: the imbalance of its quantities is
 * 1 − 2 × `buyShare`, within ±0.9.
 */
export function bookOfKline(at: BookAt, model: MadeUpBook = PESSIMISTIC_BOOK): Book {
  const tick = Number(at.tick);
  const half = (at.price * model.spreadBp) / 20_000;
  const bid = Math.max(1, Math.min(Math.floor((at.price - half) / tick), Math.ceil(at.price / tick) - 1));
  const ask = Math.max(Math.ceil((at.price + half) / tick), bid + 1);
  const imbalance = MAX_IMBALANCE * (1 - 2 * at.buyShare);
  const quantity = Math.max(Number(at.step), at.volume * model.levelShare);
  const side = (best: number, direction: 1 | -1, share: number): Level[] => {
    const qty = Math.max(Number(at.step), quantity * share).toFixed(decimalsOf(at.step));
    return Array.from({ length: model.levels }, (_, i): Level => {
      const price = Math.max(1, best + direction * i) * tick;
      return [price.toFixed(decimalsOf(at.tick)), qty];
    });
  };
  return {
    ...{ type: 'book', symbol: at.symbol, ts_event: at.ts, ts_init: at.ts, last_update_id: at.id },
    bids: side(bid, -1, 1 - imbalance),
    asks: side(ask, 1, 1 + imbalance),
  };
}
