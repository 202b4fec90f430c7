import type { PremiumIndex } from '@helios/binance/rest/endpoints/premium-index.ts';
import type { RestTrade } from '@helios/binance/rest/endpoints/trades.ts';
import type { DepthSnapshot } from '@helios/binance/wire/depth-snapshot.ts';
import type { ClockReading } from '@helios/market-data/venue/venue-clock.ts';
import { ageOf } from '@helios/shared/domain/age.ts';
import { MAX_AHEAD_MS, SESSION_GAP_MS } from '@helios/shared/domain/freshness.ts';
import type { Book, MarketBreak, MarketTrade, MarkPrice } from '@helios/shared/domain/market-data.ts';
import { bookEvent, polledMark, polledTrade } from './polled-events.ts';
import { TradeTail } from './trade-tail.ts';

/** Received data that was not used. */
export interface Dropped {
  readonly symbol: string;
  readonly what: 'book' | 'trade' | 'mark price';
  readonly reason: 'STAMPED_AHEAD' | 'EMPTY_OR_CROSSED';
  /** The venue's stamp, epoch ms of its clock. */
  readonly ts: number;
}

/** One watched symbol: its last data, and whether its session is open. */
export class WatchedSymbol {
  readonly symbol: string;
  /** True if the venue refused requests for the symbol; logged once. */
  isRefused = false;
  /** True if the session has ended, so readers no longer have the klines. */
  hasForgotten = false;
  readonly #onDropped: (dropped: Dropped) => void;
  readonly #trades = new TradeTail();
  /** When the newest book of the session was sent, the venue's clock. */
  #sentTs = 0;
  /** The last change of the book. Kept after the session's end, because an unchanged book does not start a session. */
  #change: Pick<DepthSnapshot, 'lastUpdateId' | 'tsEvent'> | undefined;
  #mid: number | undefined;
  #markTs = 0;
  /** When the last changed book arrived, our clock; undefined outside a session. */
  #heardTs: number | undefined;
  /** True if a book was published since the last break. */
  #isShown = false;

  constructor(symbol: string, onDropped: (dropped: Dropped) => void) {
    this.symbol = symbol;
    this.#onDropped = onDropped;
  }

  /** The venue's last mid price. */
  get mid(): number | undefined {
    return this.#mid;
  }

  /** The book to publish; undefined if it is not newer than the last one, unchanged for a minute, or invalid. */
  onBook(snapshot: DepthSnapshot, clockReading: ClockReading): Book | undefined {
    const { tsSent, lastUpdateId, tsEvent } = snapshot;
    if (this.#isAhead('book', tsSent, clockReading)) return undefined;
    const hasChanged = lastUpdateId !== this.#change?.lastUpdateId || tsEvent !== this.#change.tsEvent;
    // Answers may overtake each other, or come from a server that is behind.
    if (tsSent < this.#sentTs || (tsSent === this.#sentTs && !hasChanged)) return undefined;
    if (!hasChanged && !this.#wasHeard(clockReading.now)) return undefined;
    const book = bookEvent(snapshot, clockReading);
    if (book === undefined) {
      this.#onDropped({ symbol: this.symbol, what: 'book', reason: 'EMPTY_OR_CROSSED', ts: tsSent });
      return undefined;
    }
    if (hasChanged) this.#heardTs = clockReading.now;
    this.#change = { lastUpdateId, tsEvent };
    this.#sentTs = tsSent;
    this.#mid = (Number(book.bids[0]?.[0]) + Number(book.asks[0]?.[0])) / 2;
    this.#isShown = true;
    return book;
  }

  onTrades(rows: readonly RestTrade[], clockReading: ClockReading): MarketTrade[] {
    const past = rows.filter(({ tsEvent }) => !this.#isAhead('trade', tsEvent, clockReading));
    return this.#trades.take(past).map((trade) => polledTrade(this.symbol, trade, clockReading));
  }

  onMark(row: PremiumIndex, clockReading: ClockReading): MarkPrice | undefined {
    if (row.tsEvent <= this.#markTs || this.#isAhead('mark price', row.tsEvent, clockReading)) return undefined;
    this.#markTs = row.tsEvent;
    return polledMark(row, clockReading);
  }

  /**
   * The break to publish after a silence: BOOK_INVALID while a fallback price (computed at `fallbackTs`) can serve exits, else
   * SESSION_END.
   */
  onSilence(now: number, fallbackTs: number | undefined, fallbackLastsMs: number): MarketBreak | undefined {
    // After the clock was set back, the last change must not lie in the future.
    if (this.#heardTs !== undefined) this.#heardTs = Math.min(this.#heardTs, now);
    if (this.#heardTs === undefined || this.#wasHeard(now)) return undefined;
    const fallbackAgeMs = fallbackTs === undefined ? undefined : ageOf(fallbackTs, now);
    const hasFallback = fallbackAgeMs !== undefined && fallbackAgeMs <= fallbackLastsMs;
    if (!hasFallback) return this.#endSession(now);
    if (!this.#isShown) return undefined;
    this.#isShown = false;
    this.#trades.reset();
    return this.#breakOf('BOOK_INVALID', '60 s without data', now);
  }

  /** True if the last change is younger than the session gap. */
  #wasHeard(now: number): boolean {
    return this.#heardTs !== undefined && now - this.#heardTs <= SESSION_GAP_MS;
  }

  #isAhead(what: Dropped['what'], ts: number, { venueNow }: ClockReading): boolean {
    if (ts <= venueNow + MAX_AHEAD_MS) return false;
    this.#onDropped({ symbol: this.symbol, what, reason: 'STAMPED_AHEAD', ts });
    return true;
  }

  #endSession(now: number): MarketBreak {
    this.#heardTs = undefined;
    this.#sentTs = 0;
    this.#isShown = false;
    this.hasForgotten = true;
    this.#trades.reset();
    return this.#breakOf('SESSION_END', '60 s without data', now);
  }

  #breakOf(kind: MarketBreak['kind'], reason: string, now: number): MarketBreak {
    return { type: 'break', symbol: this.symbol, ts_event: now, ts_init: now, kind, reason };
  }
}
