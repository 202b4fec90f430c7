import { ageOf } from '@helios/shared/domain/age.ts';
import type { Book, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { OpenOrder } from '@helios/shared/domain/position.ts';
import type { Quote, Side, TradingSignal } from '@helios/shared/domain/signal.ts';
import { VENUE_PRICE_SAYS_MS } from '../execution/age-limits.ts';
import { actionOf, fillsOnTrade, type QueuedOrder, quoteOf, visibleQuantity } from '../execution/fill.ts';

/** A resting order with all that is needed to go on with it after a restart. */
export interface RestingOrder {
  readonly order: OpenOrder;
  /** The signal it executes. */
  readonly signal: TradingSignal;
  /** Quantity visible in front at the placement; absent where unknown. */
  readonly queueAhead?: number;
}

interface Working {
  readonly resting: RestingOrder;
  readonly queued: QueuedOrder;
}

function toWorking(resting: RestingOrder): Working {
  const { order, signal, queueAhead } = resting;
  return {
    resting,
    queued: {
      action: actionOf(signal.direction),
      price: order.price,
      quantity: order.quantity,
      placedTs: order.placed_ts,
      queueAhead,
      tradedAtLimit: 0,
    },
  };
}

/**
 * The resting simulated orders and the last known book of each symbol. What had been traded in front of an order is not
 * kept over a restart: its queue begins anew, which can only delay a fill.
 */
export class OrderDesk {
  readonly #orders = new Map<string, Working>();
  readonly #books = new Map<string, Book>();
  #nextExpiry = Number.POSITIVE_INFINITY;

  /** Resting orders on all symbols. */
  get size(): number {
    return this.#orders.size;
  }

  /** True while an order rests. */
  has(orderId: string): boolean {
    return this.#orders.has(orderId);
  }

  /** Symbols with a resting order. */
  symbols(): string[] {
    return [...this.#orders.values()].map(({ resting }) => resting.order.symbol);
  }

  /**
   * Remembers a symbol's newest book. One read from state may be older than what was heard meanwhile; one that is stamped in the
   * future of `nowMs` yields to any other, because the clock was set back since.
   */
  seeBook(book: Book, nowMs = Number.POSITIVE_INFINITY): void {
    const known = this.#books.get(book.symbol);
    const isKept = known && known.ts_event > book.ts_event && ageOf(known.ts_event, nowMs) !== undefined;
    if (!isKept) this.#books.set(book.symbol, book);
  }

  /** The clock went back by `byMs`: books and orders stay as old as they were, so an order ends when its time is over. */
  setClockBack(byMs: number): void {
    for (const [symbol, book] of this.#books) this.#books.set(symbol, { ...book, ts_event: book.ts_event - byMs });
    for (const working of [...this.#orders.values()]) this.#shift(working, byMs);
  }

  /** The clock was set back before these orders were restored: what was placed in the future of `nowMs` counts as placed now. */
  bringBack(nowMs: number): void {
    // A frame clock that has seen no frame yet says 0.
    if (nowMs === 0) return;
    for (const working of [...this.#orders.values()]) {
      const { placed_ts } = working.resting.order;
      if (ageOf(placed_ts, nowMs) === undefined) this.#shift(working, placed_ts - nowMs);
    }
  }

  #shift({ resting, queued }: Working, byMs: number): void {
    const { order_id, placed_ts, expires_ts } = resting.order;
    const order = { ...resting.order, placed_ts: placed_ts - byMs, expires_ts: expires_ts - byMs };
    this.#orders.set(order_id, {
      resting: { ...resting, order },
      queued: { ...queued, placedTs: queued.placedTs - byMs },
    });
    this.#nextExpiry = Math.min(this.#nextExpiry, order.expires_ts);
  }

  /** The newest book of each symbol. */
  books(): Book[] {
    return [...this.#books.values()];
  }

  /** The newest book of a symbol, however old. */
  lastBook(symbol: string): Book | undefined {
    return this.#books.get(symbol);
  }

  /** Best bid and ask as last known, however long ago; undefined without a book. */
  lastQuote(symbol: string): Quote | undefined {
    const book = this.#books.get(symbol);
    return book && quoteOf(book);
  }

  /** Best bid and ask of a book that still says what the market is at `nowMs`. */
  freshQuote(symbol: string, nowMs: number): Quote | undefined {
    const book = this.freshBook(symbol, nowMs);
    return book && quoteOf(book);
  }

  /** The last book, where it still says what the market is at `nowMs`. */
  freshBook(symbol: string, nowMs: number): Book | undefined {
    const book = this.#books.get(symbol);
    const ageMs = book && ageOf(book.ts_event, nowMs);
    return ageMs !== undefined && ageMs <= VENUE_PRICE_SAYS_MS ? book : undefined;
  }

  /** What a resting order could take at `nowMs`: the last known book, else the quote it was placed on; undefined where both are too old. */
  quoteFor({ order, signal }: RestingOrder, nowMs: number): Quote | undefined {
    const says = (ts: number) => (ageOf(ts, nowMs) ?? Number.POSITIVE_INFINITY) <= VENUE_PRICE_SAYS_MS;
    const book = this.#books.get(order.symbol);
    const known = book && says(book.ts_event) ? quoteOf(book) : undefined;
    return known ?? (says(order.placed_ts) ? signal.quote : undefined);
  }

  /** Takes up an order; where the queue in front is not given it is read off the last known book. */
  place(order: OpenOrder, signal: TradingSignal): void {
    const book = this.#books.get(order.symbol);
    const queueAhead = book && visibleQuantity(book, actionOf(signal.direction), order.price);
    this.restore({ order, signal, ...(queueAhead !== undefined && { queueAhead }) });
  }

  /** Takes up an order that rested before a restart. */
  restore(resting: RestingOrder): void {
    this.#orders.set(resting.order.order_id, toWorking(resting));
    this.#nextExpiry = Math.min(this.#nextExpiry, resting.order.expires_ts);
  }

  /** Takes an order off, if it is there. */
  remove(orderId: string): void {
    this.#orders.delete(orderId);
    this.#nextExpiry = Math.min(...[...this.#orders.values()].map(({ resting }) => resting.order.expires_ts));
  }

  /** The order that works for a position, of one purpose; there is one at most. */
  find(symbol: string, side: Side, purpose: OpenOrder['purpose']): RestingOrder | undefined {
    return this.of(symbol).find(({ order }) => order.side === side && order.purpose === purpose);
  }

  /** A symbol's resting orders, oldest first. */
  of(symbol: string): RestingOrder[] {
    if (this.#orders.size === 0) return [];
    return [...this.#orders.values()].map(({ resting }) => resting).filter(({ order }) => order.symbol === symbol);
  }

  /** Orders whose time is over at `nowMs`, oldest first. */
  expired(nowMs: number): RestingOrder[] {
    if (nowMs < this.#nextExpiry) return [];
    return [...this.#orders.values()].map(({ resting }) => resting).filter(({ order }) => order.expires_ts <= nowMs);
  }

  /** Counts a trade against the symbol's orders; returns those it filled. */
  filledBy(event: Extract<MarketEvent, { type: 'trade' }>): RestingOrder[] {
    const filled: RestingOrder[] = [];
    for (const { resting, queued } of this.#orders.values()) {
      if (resting.order.symbol === event.symbol && fillsOnTrade(queued, event)) filled.push(resting);
    }
    return filled;
  }
}
