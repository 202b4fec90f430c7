import type { DepthSnapshot } from './wire/depth-snapshot.ts';
import type { DepthUpdate } from './wire/depth-update.ts';

/** What to do with the book after one message. */
export type SyncStep =
  /** Do nothing: there is no snapshot yet, or the message holds no news. */
  | { readonly kind: 'WAIT' }
  /** Apply the given update. */
  | { readonly kind: 'APPLY' }
  /** Reset the book to the given snapshot, then apply `updates`; `isConnected` if an update joins the snapshot. */
  | { readonly kind: 'RESET'; readonly updates: readonly DepthUpdate[]; readonly isConnected: boolean }
  /** The snapshot is older than the first kept update: request another. The book stays unchanged. */
  | { readonly kind: 'STALE_SNAPSHOT'; readonly lastUpdateId: number; readonly firstUpdateId: number }
  /** An update before this one is missing: drop the book and request a snapshot. */
  | { readonly kind: 'INVALID'; readonly expected: number; readonly received: number };

const WAIT: SyncStep = { kind: 'WAIT' };
const APPLY: SyncStep = { kind: 'APPLY' };

/** Maximum updates kept without a snapshot; more than three minutes at 10 per second. */
const BUFFER_LIMIT = 2_000;

/**
 * The venue's rule for a local book, as a state machine without the book. Buffer updates; take a snapshot; drop updates with
 * u < lastUpdateId; the first applied update has U ≤ lastUpdateId ≤ u; then each `pu` must equal the previous `u`.
 * Source: developers.binance.com, USDⓈ-M, How to manage a local order book correctly.
 * The rule implies one addition: an update whose `pu` equals the snapshot's id follows it without a gap and also joins it.
 */
export class BookSync {
  #buffer: DepthUpdate[] = [];
  /** BUFFERING: no snapshot. JOINING: a snapshot, but no overlapping update yet. SYNCED: the chain is unbroken. */
  #state: 'BUFFERING' | 'JOINING' | 'SYNCED' = 'BUFFERING';
  /** JOINING: the snapshot's id. SYNCED: `u` of the last applied update. */
  #lastId = 0;
  #lastPrevious = -1;

  /** True while the book built from these steps is valid. */
  get isSynced(): boolean {
    return this.#state === 'SYNCED';
  }

  /** True while updates wait for a snapshot. */
  get isWaiting(): boolean {
    return this.#state === 'BUFFERING' && this.#buffer.length > 0;
  }

  /** Resets the state, for example after a reconnect or a crossed book. */
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

/** True if U ≤ id ≤ u, or if the update directly follows `id`. */
function overlaps(update: DepthUpdate, id: number): boolean {
  if (update.lastUpdateId < id) return false;
  return update.firstUpdateId <= id || update.previousUpdateId === id;
}
