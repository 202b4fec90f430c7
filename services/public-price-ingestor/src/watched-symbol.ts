import type { PremiumIndex } from '@helios/binance/rest/endpoints/premium-index.ts';
import type { RestTrade } from '@helios/binance/rest/endpoints/trades.ts';
import type { DepthSnapshot } from '@helios/binance/wire/depth-snapshot.ts';
import type { Book, MarketBreak, MarketTrade, MarkPrice } from '@helios/shared/domain/market-data.ts';
import { bookEvent, markEvent, tradeEvent } from './polled-events.ts';
import { TradeTail } from './trade-tail.ts';

/** A symbol without a new book for longer than this has no book any more. */
export const SESSION_GAP_MS = 60_000;

/** One watched symbol: what was heard of it last, and whether its session lasts. */
export class WatchedSymbol {
  readonly symbol: string;
  /** The venue refused to speak of it; said once. */
  isRefused = false;
  /** Candles that readers knew were forgotten with the session. */
  hasForgotten = false;
  /** Books that were older than one seen before, empty or crossed. */
  droppedBooks = 0;
  readonly #trades = new TradeTail();
  #book: Pick<Book, 'last_update_id' | 'ts_event'> | undefined;
  #mid: number | undefined;
  #markTs = 0;
  /** When the last new book came, our clock; undefined outside a session. */
  #heardTs: number | undefined;
  /** A book was published since the last break. */
  #isShown = false;

  constructor(symbol: string) {
    this.symbol = symbol;
  }

  /** The last mid price the venue gave. */
  get mid(): number | undefined {
    return this.#mid;
  }

  /** Trades that fell between two polls. */
  get missedTrades(): number {
    return this.#trades.missed;
  }

  /** The book to publish; undefined where it is not newer than the last one, or no book at all. */
  onBook(snapshot: DepthSnapshot, now: number): Book | undefined {
    const last = this.#book;
    if (last !== undefined && snapshot.tsSent === last.ts_event && snapshot.lastUpdateId === last.last_update_id) {
      return undefined;
    }
    const book = bookEvent(snapshot, now);
    // Answers may overtake each other, or come from a server that is behind.
    if (book === undefined || (last !== undefined && book.ts_event < last.ts_event)) {
      this.droppedBooks += 1;
      return undefined;
    }
    this.#book = book;
    this.#mid = (Number(book.bids[0]?.[0]) + Number(book.asks[0]?.[0])) / 2;
    this.#heardTs = now;
    this.#isShown = true;
    return book;
  }

  onTrades(rows: readonly RestTrade[], now: number): MarketTrade[] {
    return this.#trades.take(rows).map((trade) => tradeEvent(this.symbol, trade, now));
  }

  onMark(row: PremiumIndex, now: number): MarkPrice | undefined {
    if (row.tsEvent <= this.#markTs) return undefined;
    this.#markTs = row.tsEvent;
    return markEvent(row, now);
  }

  /**
   * What has to be said of a silence: while positions can be judged on a price from elsewhere, heard at `fallbackTs`, that the book
   * is gone; else that the session has ended.
   */
  onSilence(now: number, fallbackTs: number | undefined, fallbackLastsMs: number): MarketBreak | undefined {
    if (this.#heardTs === undefined || now - this.#heardTs <= SESSION_GAP_MS) return undefined;
    const hasFallback = fallbackTs !== undefined && now - fallbackTs <= fallbackLastsMs;
    if (!hasFallback) return this.#endSession(now);
    if (!this.#isShown) return undefined;
    this.#isShown = false;
    this.#trades.reset();
    return this.#breakOf('BOOK_INVALID', '60 s without data', now);
  }

  #endSession(now: number): MarketBreak {
    this.#heardTs = undefined;
    this.#isShown = false;
    this.hasForgotten = true;
    this.#trades.reset();
    return this.#breakOf('SESSION_END', '60 s without data', now);
  }

  #breakOf(kind: MarketBreak['kind'], reason: string, now: number): MarketBreak {
    return { type: 'break', symbol: this.symbol, ts_event: now, ts_init: now, kind, reason };
  }
}
