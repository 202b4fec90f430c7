import type { Book, FallbackPrice, Kline, MarketTrade, MarkPrice } from '@helios/shared/domain/market-data.ts';
import { numbersOf } from '../indicators/number-kline.ts';
import type { BookFlow } from './book-flow.ts';
import { Excursions } from './excursions.ts';
import { type FindFeatures, SymbolFeatures } from './symbol-features.ts';

/** Collects what models learn from on one symbol: the features of candidates, and how far the price went after each. */
export class CandidateWatch {
  readonly features: SymbolFeatures;
  readonly excursions = new Excursions();

  constructor(symbol: string, find: FindFeatures, bookFlow: BookFlow | undefined) {
    this.features = new SymbolFeatures(symbol, find, bookFlow);
  }

  /** Takes a price. Of a book, `quote` holds the best prices; undefined: it is not valid. */
  onPrice(
    event: Book | MarketTrade | MarkPrice | FallbackPrice,
    quote: { bid: number; ask: number } | undefined,
  ): void {
    if (event.type === 'trade') this.features.onTrade(event);
    else if (event.type === 'mark') this.features.onMark(event);
    else if (event.type === 'book') this.#onBook(event, quote);
  }

  /** Takes a closed kline. Where books are made up, and may pass unread, klines tell how far the price went. */
  onKline(kline: Kline): void {
    this.features.onKline(kline);
    if (this.features.needsBooks || kline.interval !== '1m') return;
    const { lowPrice, highPrice } = numbersOf(kline);
    this.excursions.onRange(lowPrice, highPrice, kline.open_ts, kline.close_ts);
  }

  #onBook(book: Book, quote: { bid: number; ask: number } | undefined): void {
    if (quote === undefined) {
      this.features.loseBook();
      return;
    }
    this.features.onBook(book);
    const mid = (quote.bid + quote.ask) / 2;
    if (this.features.needsBooks) this.excursions.onRange(mid, mid, book.ts_event, book.ts_event);
  }
}
