import type { Denial } from '@helios/shared/domain/decision.ts';
import type { Execution, ExecutionFill } from '@helios/shared/domain/execution.ts';
import { isExit, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Fill, OrderEvent } from '@helios/shared/domain/venue-event.ts';
import { isFinalOrder, orderStatus } from '../execution/order-state.ts';
import type { AfterCancel, WorkingOrder } from '../execution/working-orders.ts';

const NONE: readonly Execution[] = [];

type Last = 'OPEN' | 'END' | { readonly tradeId: string };

/**
 * Collects answers to signals, in order, until they are taken. An id depends on the signal and the kind of answer: the same
 * answer has the same id after a restart or in another process. Each signal has one `#END`, its final answer.
 */
export class Answers {
  #made: Execution[] = [];

  /** The answers since the last call. */
  take(): readonly Execution[] {
    if (this.#made.length === 0) return NONE;
    const made = this.#made;
    this.#made = [];
    return made;
  }

  /** Adds a denial: no order is made. `nowMs`: market time. */
  denied(signal: TradingSignal, denial: Denial, nowMs: number): void {
    this.#made.push({ ...answered(signal, 'END', nowMs), answer: 'DENIED', denial });
  }

  /** Adds an expiry: the signal waited too long, so no order is made. `nowMs`: market time. */
  expired(signal: TradingSignal, reason: string, nowMs: number): void {
    this.#made.push({ ...answered(signal, 'END', nowMs), answer: 'EXPIRED', reason });
  }

  /** Adds a liquidation by the venue; `exit` records it. */
  liquidated(exit: TradingSignal, fill: Fill): void {
    this.#made.push({ ...answered(exit, 'END', fill.ts_event), answer: 'FILLED', fill: executionFill(fill) });
  }

  /** Adds that the order rests on the venue. */
  open({ signal, order }: WorkingOrder): void {
    const { order_id, price, quantity, placed_ts, expires_ts } = order;
    const terms = { price, quantity, expires_ts };
    this.#made.push({ ...answered(signal, 'OPEN', placed_ts, order_id), answer: 'OPEN', order: terms });
  }

  /** Adds the answer to a report that changed the order, after it was applied to the position. */
  onEvent(working: WorkingOrder, event: OrderEvent): void {
    const { signal, state, after, order, isOrphan } = working;
    const status = orderStatus(state);
    const id = order.order_id;
    if (event.kind === 'FILL' && !isOrphan) {
      const last = status === 'FILLED' ? 'END' : { tradeId: event.trade_id };
      const answer = status === 'FILLED' ? 'FILLED' : 'PARTIALLY_FILLED';
      this.#made.push({ ...answered(signal, last, event.ts_event, id), answer, fill: executionFill(event) });
      if (status === 'FILLED') return;
    }
    // Another order for the same signal follows.
    if (!isFinalOrder(state) || (after?.kind === 'REPLACE' && status !== 'FILLED')) return;
    this.#made.push({ ...answered(signal, 'END', event.ts_event, id), ...endOf(working, event) });
  }
}

/** The reason why an order ended before it was filled completely. */
function endOf(
  { state, after }: WorkingOrder,
  event: OrderEvent,
): { readonly answer: 'REJECTED' | 'EXPIRED' | 'CANCELLED'; readonly reason: string } {
  const status = orderStatus(state);
  if (event.kind === 'REJECTED') return { answer: 'REJECTED', reason: `${event.code}: ${event.message}` };
  if (status === 'FILLED') return { answer: 'CANCELLED', reason: 'no position was left to close' };
  if (status === 'EXPIRED') return { answer: 'EXPIRED', reason: 'its time on the venue was over' };
  return cancelledBy(after);
}

function cancelledBy(after: AfterCancel | undefined): {
  readonly answer: 'EXPIRED' | 'CANCELLED';
  readonly reason: string;
} {
  if (after?.kind !== 'RECORD') return { answer: 'CANCELLED', reason: 'the venue cancelled it' };
  return { answer: after.answer, reason: after.remark };
}

/** The fields that every answer to a signal has. `last` ends the id of the answer. */
export function answered(signal: TradingSignal, last: Last, ts: number, clientOrderId?: string) {
  const { signal_id, run, symbol, direction } = signal;
  return {
    execution_id: `${signal_id}#${typeof last === 'string' ? last : last.tradeId}`,
    run,
    signal_id,
    ...(clientOrderId !== undefined && { client_order_id: clientOrderId }),
    symbol,
    side: sideOf(direction),
    purpose: isExit(direction) ? ('EXIT' as const) : ('ENTRY' as const),
    ts_event: ts,
    // The core reads no clock: the service that records the answer sets this.
    ts_init: ts,
  };
}

/** The fill of an answer. */
export function executionFill({ trade_id, price, quantity, fee, liquidity, slippage }: Fill): ExecutionFill {
  return { trade_id, price, quantity, fee, liquidity, slippage };
}
