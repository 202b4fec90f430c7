import type { DepthSnapshot } from './wire/depth-snapshot.ts';
import type { DepthUpdate } from './wire/depth-update.ts';

/** What to do with the book after one message. */
export type SyncStep =
  /** Nothing: no snapshot yet, or the message tells nothing new. */
  | { readonly kind: 'WAIT' }
  /** Apply the update just handed in. */
  | { readonly kind: 'APPLY' }
  /** Start over from the snapshot just handed in, then apply these; `isConnected` once an update has joined on to it. */
  | { readonly kind: 'RESET'; readonly updates: readonly DepthUpdate[]; readonly isConnected: boolean }
  /** The snapshot is older than the first update kept: ask for another. The book stays as it is. */
  | { readonly kind: 'STALE_SNAPSHOT'; readonly lastUpdateId: number; readonly firstUpdateId: number }
  /** An update is missing before this one: drop the book and ask for a snapshot. */
  | { readonly kind: 'INVALID'; readonly expected: number; readonly received: number };

const WAIT: SyncStep = { kind: 'WAIT' };
const APPLY: SyncStep = { kind: 'APPLY' };

/** Updates kept while there is no snapshot; at 10 a second more than three minutes. */
const BUFFER_LIMIT = 2_000;

/**
 * The venue's rule for keeping a local book, as a state machine without a book: buffer updates; take a snapshot; drop updates with
 * u < lastUpdateId; the first one applied has U ≤ lastUpdateId ≤ u; then each `pu` must equal the `u` before.
 * Source: developers.binance.com, USDⓈ-M, How to manage a local order book correctly.
 * One addition that the rule implies: an update whose `pu` is the snapshot's id follows it without a gap and is taken too.
 */
export class BookSync {
  #buffer: DepthUpdate[] = [];
  /** BUFFERING: no snapshot. JOINING: a snapshot, no update that overlaps it yet. SYNCED: the chain is whole. */
  #state: 'BUFFERING' | 'JOINING' | 'SYNCED' = 'BUFFERING';
  /** JOINING: the snapshot's id. SYNCED: `u` of the update applied last. */
  #lastId = 0;
  #lastPrevious = -1;

  /** True while the book that was built by these steps may be shown. */
  get isSynced(): boolean {
    return this.#state === 'SYNCED';
  }

  /** True while updates are kept and there is no snapshot for them. */
  get isWaiting(): boolean {
    return this.#state === 'BUFFERING' && this.#buffer.length > 0;
  }

  /** Forgets everything, as after a reconnect or a crossed book. */
  drop(): void {
    this.#buffer = [];
    this.#state = 'BUFFERING';
    this.#lastPrevious = -1;
  }

  onUpdate(update: DepthUpdate): SyncStep {
    if (this.#state === 'BUFFERING') return this.#keep(update);
    if (this.#state === 'JOINING') return this.#join(update);
    if (update.previousUpdateId === this.#lastId) return this.#advance(update);
    // A resubscription may deliver the newest update twice.
    if (update.lastUpdateId === this.#lastId && update.previousUpdateId === this.#lastPrevious) return WAIT;
    const expected = this.#lastId;
    this.drop();
    this.#keep(update);
    return { kind: 'INVALID', expected, received: update.previousUpdateId };
  }

  onSnapshot(snapshot: DepthSnapshot): SyncStep {
    const id = snapshot.lastUpdateId;
    if (this.#state !== 'BUFFERING' && id <= this.#lastId) return WAIT;
    const updates = this.#buffer.filter((update) => update.lastUpdateId >= id);
    const first = updates[0];
    if (first !== undefined && !overlaps(first, id)) {
      return { kind: 'STALE_SNAPSHOT', lastUpdateId: id, firstUpdateId: first.firstUpdateId };
    }
    this.#buffer = [];
    const last = updates.at(-1);
    this.#state = last === undefined ? 'JOINING' : 'SYNCED';
    this.#lastId = last?.lastUpdateId ?? id;
    this.#lastPrevious = last?.previousUpdateId ?? -1;
    return { kind: 'RESET', updates, isConnected: last !== undefined };
  }

  #keep(update: DepthUpdate): SyncStep {
    const last = this.#buffer.at(-1);
    if (last !== undefined && update.previousUpdateId !== last.lastUpdateId) {
      if (update.lastUpdateId === last.lastUpdateId) return WAIT;
      this.#buffer = [];
    }
    this.#buffer.push(update);
    if (this.#buffer.length > BUFFER_LIMIT) this.#buffer.shift();
    return WAIT;
  }

  #join(update: DepthUpdate): SyncStep {
    if (update.lastUpdateId < this.#lastId) return WAIT;
    if (overlaps(update, this.#lastId)) {
      this.#state = 'SYNCED';
      return this.#advance(update);
    }
    const expected = this.#lastId;
    this.drop();
    this.#keep(update);
    return { kind: 'INVALID', expected, received: update.previousUpdateId };
  }

  #advance(update: DepthUpdate): SyncStep {
    this.#lastId = update.lastUpdateId;
    this.#lastPrevious = update.previousUpdateId;
    return APPLY;
  }
}

/** U ≤ id ≤ u, or the update begins right behind `id`. */
function overlaps(update: DepthUpdate, id: number): boolean {
  if (update.lastUpdateId < id) return false;
  return update.firstUpdateId <= id || update.previousUpdateId === id;
}
