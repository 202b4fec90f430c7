import type { OpenOrder, OpenPosition, PositionUpdate, TrailingState } from '@helios/shared/domain/position.ts';
import type { ExitReason, Side } from '@helios/shared/domain/signal.ts';
import { type CandleRules, type ExitPlan, planOf, type TrailingStop } from './exit-plan.ts';
import { isOnRecord } from './trailing.ts';

/** A requested exit that has not closed its position yet. */
export interface PendingExit {
  readonly reason: ExitReason;
  readonly ts: number;
  /** 1 for the first attempt; later ones carry the number in their id. */
  readonly attempt: number;
}

/** An open position with the strategy's own state for it. */
export interface ManagedPosition {
  readonly position: OpenPosition;
  readonly plan: ExitPlan;
  trailing: TrailingStop | undefined;
  exit: PendingExit | undefined;
}

/** Positions and orders of one symbol from the last update, plus the entry signal that has no answer yet. */
export class Exposure {
  managed: readonly ManagedPosition[] = [];
  orders: readonly OpenOrder[] = [];
  #pendingEntry: string | undefined;
  readonly #withdrawn = new Set<string>();
  readonly #candles: CandleRules | undefined;

  /** `candles`: given if prices come from candles. */
  constructor(candles?: CandleRules) {
    this.#candles = candles;
  }

  /**
   * Replaces all positions and orders of the symbol; returns the positions that are gone. Entry times are limited to `latestMs`
   * (the last clock reading; default: the time of the update): a later one comes from before the clock was set back.
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

  /** Restores the stored trailing stop of a position; false if it belongs to none. */
  restoreTrailing(side: string | undefined, { signal_id, extreme, stop, stop_loss }: TrailingState): boolean {
    const managed = this.managed.find(({ position }) => position.side === side && position.signal_id === signal_id);
    if (managed === undefined) return false;
    // State in memory is never older than stored state.
    managed.trailing ??= { extreme, stop, stopLoss: stop_loss };
    return true;
  }

  /** True if a position of this side has a stored trailing stop. */
  hasTrailingOf(side: Side): boolean {
    return this.managed.some(({ position, trailing }) => position.side === side && isOnRecord(trailing));
  }

  /** Records a sent entry signal. It counts until its order or position appears, or until its final answer arrives. */
  enter(signalId: string): void {
    this.#pendingEntry = signalId;
  }

  /** Processes the final answer to a signal; the resulting positions and orders arrive before it. */
  onFinalAnswer(signalId: string): void {
    if (this.#pendingEntry === signalId) this.#pendingEntry = undefined;
  }

  /** Id of the entry signal without an answer. */
  get pendingEntry(): string | undefined {
    return this.#pendingEntry;
  }

  /** Number of positions, entry orders and unanswered entries. */
  get exposures(): number {
    const entryOrders = this.orders.filter((order) => order.purpose === 'ENTRY').length;
    return this.managed.length + entryOrders + (this.#pendingEntry === undefined ? 0 : 1);
  }

  /** True without positions, orders and unanswered entries. */
  get flat(): boolean {
    return this.managed.length === 0 && this.isManagedOnly;
  }

  /** True if there is nothing but open positions: no order and no unanswered entry. */
  get isManagedOnly(): boolean {
    return this.orders.length === 0 && this.#pendingEntry === undefined;
  }

  /** True where the price is the high or low of a candle: nobody knows when it was there, so nothing triggers. */
  isAtExtreme(nowMs: number): boolean {
    return this.#candles?.isExtremeAt(nowMs) ?? false;
  }

  exitRests(side: Side): boolean {
    return this.orders.some((order) => order.purpose === 'EXIT' && order.side === side);
  }

  /** Resting entry orders whose cancel was not requested yet. */
  entriesToWithdraw(): readonly OpenOrder[] {
    return this.orders.filter((order) => order.purpose === 'ENTRY' && !this.#withdrawn.has(order.signal_id));
  }

  /** Marks that the cancel of an entry order was requested. */
  withdraw(signalId: string): void {
    this.#withdrawn.add(signalId);
  }

  /** Handles a clock that went back by `byMs`: the age of positions and exits stays the same, so their time limits still hold. */
  setClockBack(byMs: number): void {
    this.managed = this.managed.map((managed) => ({
      ...managed,
      plan: { ...managed.plan, entryTs: managed.plan.entryTs - byMs },
      exit: managed.exit && { ...managed.exit, ts: managed.exit.ts - byMs },
    }));
  }

  /** A known position keeps its entry time on our clock: the stored time is not corrected when the clock is. */
  #keep(position: OpenPosition, latestMs: number): ManagedPosition {
    const known = this.managed.find((each) => isSame(each.position, position));
    const entryTs = known?.plan.entryTs ?? Math.min(position.entry_ts, latestMs);
    const plan = { ...planOf(position), entryTs, candles: this.#candles };
    return { position, plan, trailing: known?.trailing, exit: known?.exit };
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
