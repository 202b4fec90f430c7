import { BookSync, type SyncStep } from '@helios/binance/book-sync.ts';
import type { DepthSnapshot } from '@helios/binance/wire/depth-snapshot.ts';
import type { DepthUpdate } from '@helios/binance/wire/depth-update.ts';
import type { ShownBook } from '@helios/core/book/level-numbers.ts';
import { OrderBook } from '@helios/core/book/order-book.ts';
import { UnitBook } from '@helios/core/book/unit-book.ts';
import type { Book, MarketBreak, MarketEvent } from '@helios/shared/domain/market-data.ts';

/** Levels per side in the venue's recipe for a local book. */
const SNAPSHOT_LEVELS = 1_000;
/** Published levels per side. */
const PUBLISHED_LEVELS = 20;

/** A book event that may interest the operator; the feed has already handled it. */
export type BookNotice =
  /** An update is missing; the book is dropped until the next snapshot. */
  | { readonly kind: 'DEPTH_GAP'; readonly symbol: string; readonly expected: number; readonly received: number }
  | {
      readonly kind: 'CROSSED_BOOK';
      readonly symbol: string;
      readonly bid: string | undefined;
      readonly ask: string | undefined;
    }
  /** The snapshot is older than the stored updates; the next one may fit. */
  | {
      readonly kind: 'STALE_SNAPSHOT';
      readonly symbol: string;
      readonly lastUpdateId: number;
      readonly firstUpdateId: number;
    };

export interface SymbolBookOptions {
  /** Wall time for `ts_init`, epoch ms. */
  readonly now: () => number;
  readonly onNotice: (notice: BookNotice) => void;
  /** Converts a venue timestamp to the clock that readers use for ages; unchanged by default. */
  readonly ours?: (tsVenue: number) => number;
  /** The book right after each update, with its best levels at least. */
  readonly onTop?: (updateId: number, book: ShownBook) => void;
}

/**
 * Builds one symbol's book from snapshot and updates. Emits an event after each update while the chain is unbroken, and a break
 * when a published book becomes invalid.
 */
export class SymbolBook {
  gaps = 0;
  readonly #symbol: string;
  readonly #options: SymbolBookOptions;
  readonly #sync = new BookSync();
  readonly #book = new OrderBook();
  /** True if a book was published since the last break. */
  #isShown = false;
  #last: Pick<DepthUpdate, 'lastUpdateId' | 'tsEvent' | 'tsSent'> | undefined;

  constructor(symbol: string, options: SymbolBookOptions) {
    this.#symbol = symbol;
    this.#options = options;
  }

  /** True while updates wait for a snapshot to continue. */
  get needsSnapshot(): boolean {
    return this.#sync.isWaiting;
  }

  /** True if the book is valid and published. */
  get isShown(): boolean {
    return this.#isShown;
  }

  /** The valid book in the form of the venue's answer to a depth request; undefined without one. */
  snapshotText(): string | undefined {
    if (!this.#isShown || this.#last === undefined) return undefined;
    const { lastUpdateId, tsEvent, tsSent } = this.#last;
    return JSON.stringify({ lastUpdateId, E: tsSent, T: tsEvent, ...this.#book.top(SNAPSHOT_LEVELS) });
  }

  onUpdate(update: DepthUpdate, out: MarketEvent[]): void {
    const step = this.#sync.onUpdate(update);
    if (step.kind === 'APPLY') {
      this.#book.apply(update);
      this.#afterUpdate(update, out);
    } else if (step.kind === 'INVALID') {
      this.#onGap(step, update.tsEvent, out);
    }
  }

  onSnapshot(snapshot: DepthSnapshot, out: MarketEvent[]): void {
    const step = this.#sync.onSnapshot(snapshot);
    if (step.kind === 'STALE_SNAPSHOT') {
      const { lastUpdateId, firstUpdateId } = step;
      this.#options.onNotice({ kind: 'STALE_SNAPSHOT', symbol: this.#symbol, lastUpdateId, firstUpdateId });
    }
    if (step.kind !== 'RESET') return;
    this.#book.reset(snapshot);
    const last = step.updates.at(-1);
    for (const update of step.updates) {
      this.#book.apply(update);
      if (update !== last) this.#options.onTop?.(update.lastUpdateId, this.#book.top(1));
    }
    if (last !== undefined) this.#afterUpdate(last, out);
  }

  /**
   * Resets the book, for example after a lost connection; emits a break if a book was published. `tsEvent` is the time of the
   * venue.
   */
  drop(reason: string, tsEvent: number, out: MarketEvent[]): void {
    this.#sync.drop();
    this.#invalidate(reason, tsEvent, out);
  }

  /** Resets the book without an event; the caller publishes a stronger one. */
  forget(): void {
    this.#sync.drop();
    this.#isShown = false;
  }

  #afterUpdate(update: DepthUpdate, out: MarketEvent[]): void {
    const { onNotice, onTop } = this.#options;
    if (this.#book.isCrossed) {
      const { bestBid, bestAsk } = this.#book;
      onNotice({ kind: 'CROSSED_BOOK', symbol: this.#symbol, bid: bestBid?.[0], ask: bestAsk?.[0] });
      this.drop('crossed book', update.tsEvent, out);
      return;
    }
    const book = this.#shownAt(update);
    onTop?.(update.lastUpdateId, book);
    this.#isShown = true;
    this.#last = update;
    out.push(book);
  }

  #shownAt({ tsEvent, lastUpdateId }: DepthUpdate): Book {
    const { now, ours = same } = this.#options;
    const stamps = { symbol: this.#symbol, ts_event: ours(tsEvent), ts_init: now(), last_update_id: lastUpdateId };
    const units = this.#book.topUnits(PUBLISHED_LEVELS);
    if (units !== undefined) return new UnitBook({ ...stamps, units });
    return { type: 'book', ...stamps, ...this.#book.top(PUBLISHED_LEVELS) };
  }

  #onGap(step: Extract<SyncStep, { kind: 'INVALID' }>, tsEvent: number, out: MarketEvent[]): void {
    this.gaps += 1;
    const { expected, received } = step;
    this.#options.onNotice({ kind: 'DEPTH_GAP', symbol: this.#symbol, expected, received });
    this.#invalidate('depth gap', tsEvent, out);
  }

  /** Emits a break only if a book was published: otherwise no reader holds one. */
  #invalidate(reason: string, tsEvent: number, out: MarketEvent[]): void {
    const { ours = same, now } = this.#options;
    if (this.#isShown)
      out.push(breakOf('BOOK_INVALID', { symbol: this.#symbol, reason, tsEvent: ours(tsEvent), now: now() }));
    this.#isShown = false;
  }
}

/** A break event; both times are epoch ms. */
export function breakOf(
  kind: MarketBreak['kind'],
  {
    symbol,
    reason,
    tsEvent,
    now,
  }: { readonly symbol: string; readonly reason: string; readonly tsEvent: number; readonly now: number },
): MarketBreak {
  return { type: 'break', symbol, ts_event: tsEvent, ts_init: now, kind, reason };
}

function same(ts: number): number {
  return ts;
}
