import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import type { MarketTarget } from '../data/market-target.ts';
import { TradeBooks } from './trade-books.ts';

/** What a report says about books that were made up from trades. */
export const TRADES_ASSUMPTION =
  'Trades hold no book: spread, depth and imbalance are made up. The imbalance is that of the takers of the last minute, so the ' +
  'result judges a rule on trades, not on books.';

/** Passes a market of trades on, and a made-up book after a trade where one is due, as a frame of its own. */
export class BookedTarget implements MarketTarget {
  readonly #target: MarketTarget;
  readonly #books: ReadonlyMap<string, TradeBooks>;

  constructor(target: MarketTarget, instruments: readonly Instrument[]) {
    this.#target = target;
    this.#books = new Map(instruments.map((instrument) => [instrument.symbol, new TradeBooks(instrument)]));
  }

  onFrame(events: readonly MarketEvent[]): void {
    this.#target.onFrame(events);
    for (const event of events) {
      if (event.type === 'break') this.#books.get(event.symbol)?.reset();
      if (event.type !== 'trade') continue;
      const book = this.#books.get(event.symbol)?.onTrade(event);
      if (book !== undefined) this.#target.onFrame([book]);
    }
  }

  sideOf(symbol: string): Side | undefined {
    return this.#target.sideOf(symbol);
  }
}
