import type { DepthSnapshot } from '@helios/binance/wire/depth-snapshot.ts';
import type { DepthUpdate } from '@helios/binance/wire/depth-update.ts';
import { type BookLevels, OrderBook } from '@helios/core/book/order-book.ts';
import type { Level } from '@helios/shared/domain/market-data.ts';
import { changedLevels } from './changed-levels.ts';
import { onTick, type PriceScale, scaleLevels } from './price-scale.ts';

/** A symbol's book at one time, best levels first. */
export interface BookView extends BookLevels {
  readonly lastUpdateId: number;
  readonly tsEvent: number;
}

/** One change of the shown book: absolute quantities, 0 for a removed level. The ids of changes are continuous. */
export interface BookChange extends BookLevels {
  /** Time of the change: ms of the clock; `tsEvent` is the server's time. */
  readonly atMs: number;
  readonly tsEvent: number;
  readonly previousId: number;
  readonly firstId: number;
  readonly lastId: number;
  readonly bestBid: Level | undefined;
  readonly bestAsk: Level | undefined;
}

/** Time of an event: `atMs` on the clock, which faults do not move, and `ts` on the server's clock. */
export interface ServerTime {
  readonly atMs: number;
  readonly ts: number;
}

/** Twice the slowest stream's interval: the streams read changes from this list. */
const CHANGES_KEPT_MS = 1_000;
const NO_LIMIT = Number.POSITIVE_INFINITY;

/**
 * The book that the venue shows, and its newest changes. Faults may scale its prices or freeze it. Applying all changes up to an id
 * gives the same book as `view` at this id.
 */
export class ServedBook {
  readonly #book = new OrderBook();
  readonly #scale: PriceScale;
  /** Text of a zero quantity. */
  readonly #zero: string;
  #lastId = 0;
  #ts = 0;
  #hasBook = false;
  /** The shown book while the symbol stands still. */
  #frozen: BookView | undefined;
  #changes: BookChange[] = [];

  constructor(scale: PriceScale, zero: string) {
    this.#scale = scale;
    this.#zero = zero;
  }

  get hasBook(): boolean {
    return this.#hasBook;
  }

  /** Id of the shown book. */
  get id(): number {
    return this.#frozen?.lastUpdateId ?? this.#lastId;
  }

  get isStill(): boolean {
    return this.#frozen !== undefined;
  }

  /** The changes of about the last second, oldest first. */
  get changes(): readonly BookChange[] {
    return this.#changes;
  }

  /** Mid price; undefined while a side is empty. */
  get mid(): string | undefined {
    const { mid } = this.#book;
    return mid === undefined ? undefined : onTick(mid * this.#scale.factor, this.#scale);
  }

  /** The best `limit` levels; undefined before the first book. */
  view(limit: number): BookView | undefined {
    const shown = this.#frozen ?? this.#view(this.#scale.factor === 1 ? limit : NO_LIMIT);
    return shown && { ...shown, bids: shown.bids.slice(0, limit), asks: shown.asks.slice(0, limit) };
  }

  /** The shown level at a price of a side; undefined if there is none. */
  levelAt(side: 'bids' | 'asks', price: string): Level | undefined {
    if (this.#frozen === undefined && this.#scale.factor === 1) return this.#book.at(side, price);
    return this.view(NO_LIMIT)?.[side].find(([at]) => Number(at) === Number(price));
  }

  apply(update: DepthUpdate, eventTime: ServerTime): void {
    const isPlain = this.#frozen === undefined && this.#scale.factor === 1;
    const before = isPlain ? undefined : this.view(NO_LIMIT);
    this.#book.apply(update);
    const previousId = this.#lastId;
    this.#moveTo(update.lastUpdateId, eventTime.ts);
    if (this.#frozen !== undefined) return;
    const levels = before === undefined ? update : this.#changesSince(before);
    const isWithin = update.firstUpdateId > previousId && update.firstUpdateId <= this.#lastId;
    this.#record(levels, {
      previousId,
      firstId: isWithin ? update.firstUpdateId : previousId + 1,
      atMs: eventTime.atMs,
    });
  }

  /** Restarts from a snapshot and its buffered updates. */
  reset(snapshot: DepthSnapshot, updates: readonly DepthUpdate[], id: number, eventTime: ServerTime): void {
    const before = this.view(NO_LIMIT);
    this.#book.reset(snapshot);
    for (const update of updates) this.#book.apply(update);
    this.#hasBook = true;
    this.#moveTo(id, eventTime.ts);
    if (this.#frozen === undefined && before !== undefined) this.#recordSince(before, eventTime.atMs);
  }

  /** Multiplies the source's prices by `factor` from now on. */
  setFactor(factor: number, eventTime: ServerTime): void {
    if (factor === this.#scale.factor) return;
    const before = this.#frozen === undefined ? this.view(NO_LIMIT) : undefined;
    this.#scale.factor = factor;
    if (before !== undefined) this.#catchUp(before, eventTime);
  }

  /** While still, the shown book does not change. */
  setStill(isStill: boolean, eventTime: ServerTime): void {
    if (isStill) this.#frozen ??= this.view(NO_LIMIT);
    else if (this.#frozen !== undefined) {
      const before = this.#frozen;
      this.#frozen = undefined;
      this.#catchUp(before, eventTime);
    }
  }

  #view(limit: number): BookView | undefined {
    if (!this.#hasBook) return undefined;
    const { bids, asks } = this.#book.top(limit);
    return {
      lastUpdateId: this.#lastId,
      tsEvent: this.#ts,
      bids: scaleLevels(bids, 'bid', this.#scale),
      asks: scaleLevels(asks, 'ask', this.#scale),
    };
  }

  /** Advances the id. Ids only rise, even when a recording repeats. */
  #moveTo(updateId: number, ts: number): void {
    this.#lastId = Math.max(this.#lastId + 1, updateId);
    this.#ts = ts;
  }

  /** Records the change that a fault made, under a new id: each id has only one book. */
  #catchUp(before: BookView, eventTime: ServerTime): void {
    const { bids, asks } = this.#changesSince(before);
    if (bids.length + asks.length === 0 && this.#lastId === before.lastUpdateId) return;
    if (this.#lastId === before.lastUpdateId) this.#moveTo(0, Math.max(this.#ts, eventTime.ts));
    this.#recordSince(before, eventTime.atMs);
  }

  #changesSince(before: BookView): BookLevels {
    const now = this.#view(NO_LIMIT) ?? before;
    return {
      bids: changedLevels(before.bids, now.bids, this.#zero),
      asks: changedLevels(before.asks, now.asks, this.#zero),
    };
  }

  #recordSince(before: BookView, atMs: number): void {
    const previousId = before.lastUpdateId;
    this.#record(this.#changesSince(before), { previousId, firstId: previousId + 1, atMs });
  }

  #record({ bids, asks }: BookLevels, start: Pick<BookChange, 'previousId' | 'firstId' | 'atMs'>): void {
    const best = this.#view(this.#scale.factor === 1 ? 1 : NO_LIMIT);
    const [bestBid, bestAsk] = [best?.bids[0], best?.asks[0]];
    // A fault's change may have a stamp up to 1 ms ahead; later changes must not be earlier.
    const atMs = Math.max(start.atMs, this.#changes.at(-1)?.atMs ?? 0);
    this.#changes.push({ ...start, atMs, lastId: this.#lastId, tsEvent: this.#ts, bids, asks, bestBid, bestAsk });
    const oldest = atMs - CHANGES_KEPT_MS;
    if ((this.#changes[0]?.atMs ?? oldest) < oldest - CHANGES_KEPT_MS)
      this.#changes = this.#changes.filter((change) => change.atMs >= oldest);
  }
}
