import { ENTRY_SETTLED_MS } from '@helios/shared/domain/freshness.ts';
import type { OpenOrder, OpenPosition, PositionUpdate } from '@helios/shared/domain/position.ts';
import type { ExitReason, Side } from '@helios/shared/domain/signal.ts';
import type { TrailingStop } from './exit-plan.ts';
import { type ExitPlan, planOf } from './exit-plan.ts';

/** An exit that was asked for and has not closed its position yet. */
export interface PendingExit {
  readonly reason: ExitReason;
  readonly ts: number;
  /** 1 for the first; later ones carry it in their id. */
  readonly attempt: number;
}

/** An open position with what the strategy remembers of it. */
export interface ManagedPosition {
  readonly position: OpenPosition;
  readonly plan: ExitPlan;
  trailing: TrailingStop | undefined;
  exit: PendingExit | undefined;
}

interface PendingEntry {
  readonly signalId: string;
  readonly ts: number;
}

/** Positions and orders of one symbol as last told, with the entry that is still on its way. */
export class Exposure {
  managed: readonly ManagedPosition[] = [];
  orders: readonly OpenOrder[] = [];
  #pendingEntry: PendingEntry | undefined;
  readonly #withdrawn = new Set<string>();

  /**
   * Takes the whole of a symbol's positions and orders; returns the positions that are gone. No position counts as entered after
   * `latestMs`, the clock's last reading (unless given, the time of the update): a later stamp was made before the clock was set back.
   */
  update(update: PositionUpdate, latestMs = update.ts_event): readonly ManagedPosition[] {
    const before = this.managed;
    this.orders = update.orders;
    for (const id of this.#withdrawn)
      if (!update.orders.some((order) => order.signal_id === id)) this.#withdrawn.delete(id);
    this.managed = update.positions.map((position) => this.#keep(position, latestMs));
    const pending = this.#pendingEntry;
    // An update that young would know of the entry if anything had become of it, or could still.
    const isDenied = pending !== undefined && update.denied_signal_id === pending.signalId;
    if (pending && (isDenied || this.#knows(pending.signalId) || update.ts_event >= pending.ts + ENTRY_SETTLED_MS)) {
      this.#pendingEntry = undefined;
    }
    return before.filter((old) => !this.managed.some((now) => isSame(old.position, now.position)));
  }

  enter(signalId: string, ts: number): void {
    this.#pendingEntry = { signalId, ts };
  }

  /** Forgets an entry of which nothing was heard for `timeoutMs`; true where there was one. */
  expireEntry(nowMs: number, timeoutMs: number): boolean {
    if (this.#pendingEntry === undefined || nowMs - this.#pendingEntry.ts < timeoutMs) return false;
    this.#pendingEntry = undefined;
    return true;
  }

  /** Id of the entry signal that is still on its way. */
  get pendingEntry(): string | undefined {
    return this.#pendingEntry?.signalId;
  }

  /** Positions, entry orders and entries on their way. */
  get exposures(): number {
    const entryOrders = this.orders.filter((order) => order.purpose === 'ENTRY').length;
    return this.managed.length + entryOrders + (this.#pendingEntry ? 1 : 0);
  }

  /** Nothing is held, ordered or on its way. */
  get flat(): boolean {
    return this.managed.length === 0 && this.orders.length === 0 && this.#pendingEntry === undefined;
  }

  exitRests(side: Side): boolean {
    return this.orders.some((order) => order.purpose === 'EXIT' && order.side === side);
  }

  /** Entry orders that still rest and were not asked to be taken back yet. */
  entriesToWithdraw(): readonly OpenOrder[] {
    return this.orders.filter((order) => order.purpose === 'ENTRY' && !this.#withdrawn.has(order.signal_id));
  }

  /** An entry order was asked to be taken back. */
  withdraw(signalId: string): void {
    this.#withdrawn.add(signalId);
  }

  /** The clock went back by `byMs`: positions, exits and the pending entry stay as old as they were, so none outlives its limit. */
  setClockBack(byMs: number): void {
    this.managed = this.managed.map((managed) => ({
      ...managed,
      plan: { ...managed.plan, entryTs: managed.plan.entryTs - byMs },
      exit: managed.exit && { ...managed.exit, ts: managed.exit.ts - byMs },
    }));
    if (this.#pendingEntry) this.#pendingEntry = { ...this.#pendingEntry, ts: this.#pendingEntry.ts - byMs };
  }

  /** A known position keeps its entry time by our clock: the stamp on record is not corrected when the clock is. */
  #keep(position: OpenPosition, latestMs: number): ManagedPosition {
    const known = this.managed.find((each) => isSame(each.position, position));
    const entryTs = known?.plan.entryTs ?? Math.min(position.entry_ts, latestMs);
    return { position, plan: { ...planOf(position), entryTs }, trailing: known?.trailing, exit: known?.exit };
  }

  #knows(signalId: string): boolean {
    return (
      this.managed.some(({ position }) => position.signal_id === signalId) ||
      this.orders.some((order) => order.signal_id === signalId)
    );
  }
}

function isSame(a: OpenPosition, b: OpenPosition): boolean {
  return a.side === b.side && a.signal_id === b.signal_id;
}
