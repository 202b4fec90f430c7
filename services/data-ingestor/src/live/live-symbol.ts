import type { DepthSnapshot } from '@helios/binance/wire/depth-snapshot.ts';
import { type BookNotice, breakOf, SymbolBook } from '@helios/market-data/feed/symbol-book.ts';
import type { FeedMessage } from '@helios/market-data/feed/symbol-feed.ts';
import { markEvent, tradeEvent } from '@helios/market-data/feed/wire-events.ts';
import { type ClockReading, ours } from '@helios/market-data/venue/venue-clock.ts';
import type { RegisteredSymbol } from '@helios/market-data/venue/watchlist-registry.ts';
import { MAX_AHEAD_MS, SESSION_GAP_MS } from '@helios/shared/domain/freshness.ts';
import type { MarketBreak, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { SnapshotCause } from './snapshot-pace.ts';

/** A symbol event that may interest the operator; the feed has already handled it. */
export type LiveNotice =
  | BookNotice
  | { readonly kind: 'STAMPED_AHEAD'; readonly symbol: string; readonly what: string; readonly ts: number };

const CAUSES: Readonly<Record<BookNotice['kind'], SnapshotCause>> = {
  DEPTH_GAP: 'GAP',
  CROSSED_BOOK: 'CROSSED',
  STALE_SNAPSHOT: 'STALE',
};

export interface LiveSymbolOptions {
  readonly clockReading: () => ClockReading;
  readonly onNotice: (notice: LiveNotice) => void;
}

/** One streamed symbol: its book, trades and mark prices, and its session. */
export class LiveSymbol implements RegisteredSymbol {
  readonly symbol: string;
  isRefused = false;
  hasForgotten = false;
  readonly #options: LiveSymbolOptions;
  readonly #book: SymbolBook;
  /** Reason of the last drop of the book, or the fault of the last snapshot. */
  #cause: SnapshotCause = 'OPENED';
  /** Time of the last book change, our clock; undefined outside a session. */
  #heardTs: number | undefined;

  constructor(symbol: string, options: LiveSymbolOptions) {
    this.symbol = symbol;
    this.#options = options;
    const { clockReading, onNotice } = options;
    this.#book = new SymbolBook(symbol, {
      now: () => clockReading().now,
      ours: (ts) => ours(ts, clockReading()),
      onNotice: (notice) => {
        this.#cause = CAUSES[notice.kind];
        onNotice(notice);
      },
    });
  }

  /** Why updates wait for a snapshot; undefined if none wait. */
  get snapshotCause(): SnapshotCause | undefined {
    return this.#book.needsSnapshot ? this.#cause : undefined;
  }

  /** The valid book in the form of the venue's answer to a depth request; undefined without one. */
  bookText(): string | undefined {
    return this.#book.snapshotText();
  }

  /** Events of one streamed message, in the order of publication. */
  onMessage(message: FeedMessage): MarketEvent[] {
    const out: MarketEvent[] = [];
    if (this.#isAhead(message)) return out;
    const { tsEvent } = message;
    if (message.kind === 'DEPTH_UPDATE') {
      this.#heardTs = this.#options.clockReading().now;
      this.#book.onUpdate(message, out);
    } else if (message.kind === 'TRADE') {
      out.push(tradeEvent(message, this.#stamps(tsEvent)));
    } else if (message.kind === 'MARK_PRICE') {
      out.push(markEvent(message, this.#stamps(tsEvent)));
    }
    return out;
  }

  onSnapshot(snapshot: DepthSnapshot): MarketEvent[] {
    const out: MarketEvent[] = [];
    this.#book.onSnapshot(snapshot, out);
    return out;
  }

  /** Handles a possible loss of book updates. */
  onHole(reason: string): MarketEvent[] {
    const out: MarketEvent[] = [];
    this.#cause = 'OPENED';
    this.#book.drop(reason, this.#options.clockReading().venueNow, out);
    return out;
  }

  /** Ends the session if the book has not changed for a minute. */
  onSilence(): MarketBreak[] {
    const { now } = this.#options.clockReading();
    if (this.#heardTs === undefined) return [];
    // If the clock was set back, the last change counts as now at the latest.
    this.#heardTs = Math.min(this.#heardTs, now);
    if (now - this.#heardTs <= SESSION_GAP_MS) return [];
    this.#heardTs = undefined;
    this.hasForgotten = true;
    this.#cause = 'OPENED';
    this.#book.forget();
    return [breakOf('SESSION_END', { symbol: this.symbol, reason: '60 s without data', tsEvent: now, now })];
  }

  #isAhead({ kind, tsEvent }: FeedMessage): boolean {
    if (tsEvent <= this.#options.clockReading().venueNow + MAX_AHEAD_MS) return false;
    this.#options.onNotice({ kind: 'STAMPED_AHEAD', symbol: this.symbol, what: kind, ts: tsEvent });
    return true;
  }

  #stamps(tsVenue: number): { readonly tsEvent: number; readonly tsInit: number } {
    const clockReading = this.#options.clockReading();
    return { tsEvent: ours(tsVenue, clockReading), tsInit: clockReading.now };
  }
}
