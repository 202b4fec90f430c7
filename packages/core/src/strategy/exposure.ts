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

/** Positions and orders of one symbol as last told, with the entry signal that is not answered yet. */
export class Exposure {
  managed: readonly ManagedPosition[] = [];
  orders: readonly OpenOrder[] = [];
  #pendingEntry: string | undefined;
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
    if (this.#pendingEntry !== undefined && this.#knows(this.#pendingEntry)) this.#pendingEntry = undefined;
    return before.filter((old) => !this.managed.some((now) => isSame(old.position, now.position)));
  }

  /** An entry signal was sent. It counts until its order or position is shown, or its final answer is there. */
  enter(signalId: string): void {
    this.#pendingEntry = signalId;
  }

  /** The final answer to a signal is there, after the positions and orders that came of it. */
  onFinalAnswer(signalId: string): void {
    if (this.#pendingEntry === signalId) this.#pendingEntry = undefined;
  }

  /** Id of the entry signal that is not answered yet. */
  get pendingEntry(): string | undefined {
    return this.#pendingEntry;
  }

  /** Positions, entry orders and the entry without an answer. */
  get exposures(): number {
    const entryOrders = this.orders.filter((order) => order.purpose === 'ENTRY').length;
    return this.managed.length + entryOrders + (this.#pendingEntry === undefined ? 0 : 1);
  }

  /** Nothing is held or ordered, and no entry waits for its answer. */
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

  /** The clock went back by `byMs`: positions and exits stay as old as they were, so none outlives its limit. */
  setClockBack(byMs: number): void {
    this.managed = this.managed.map((managed) => ({
      ...managed,
      plan: { ...managed.plan, entryTs: managed.plan.entryTs - byMs },
      exit: managed.exit && { ...managed.exit, ts: managed.exit.ts - byMs },
    }));
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
