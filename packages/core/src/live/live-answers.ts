import type { Denial } from '@helios/shared/domain/decision.ts';
import type { Execution, OrderTimes } from '@helios/shared/domain/execution.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Fill } from '@helios/shared/domain/venue-event.ts';
import { answered, executionFill } from '../trading/answers.ts';
import { type ChildOrder, timesOf } from './child-order.ts';
import type { ParentEnd, ParentOrder } from './parent-order.ts';

/** The answer that an entry is refused: no order is made. */
export function denialAnswer(signal: TradingSignal, denial: Denial, nowMs: number): Execution {
  return { ...answered(signal, 'END', nowMs), answer: 'DENIED', denial, times: { received_ts: nowMs } };
}

/** The answer that ends a signal that is not filled completely. */
export function endAnswer(
  { signal, isOwnSignal, receivedTs }: Pick<ParentOrder, 'signal' | 'isOwnSignal' | 'receivedTs'>,
  { answer, reason }: ParentEnd,
  nowMs: number,
  clientOrderId?: string,
): Execution {
  const times = { received_ts: receivedTs };
  return {
    ...answered(signal, 'END', nowMs, clientOrderId),
    ...own(signal, isOwnSignal),
    answer,
    reason,
    times,
  };
}

/** The answer that a limit order rests. */
export function openAnswer(parent: ParentOrder, child: ChildOrder, price: number, nowMs: number): Execution {
  const { signal, receivedTs, isOwnSignal } = parent;
  const { clientOrderId, quantity } = child.order;
  return {
    ...answered(signal, 'OPEN', nowMs, clientOrderId),
    ...own(signal, isOwnSignal),
    answer: 'OPEN',
    order: { price, quantity, expires_ts: restEnd(child) },
    times: timesOf(child, receivedTs, nowMs),
  };
}

interface FillContext {
  readonly clientOrderId: string;
  /** This fill completes the signal. */
  readonly isLast: boolean;
  readonly isOwnSignal: boolean;
  readonly times: OrderTimes;
}

/** The answer to a fill. */
export function fillAnswer(signal: TradingSignal, fill: Fill, context: FillContext, nowMs: number): Execution {
  const { clientOrderId, isLast, isOwnSignal, times } = context;
  return {
    ...answered(signal, isLast ? 'END' : { tradeId: fill.trade_id }, fill.ts_event, clientOrderId),
    ts_init: nowMs,
    ...own(signal, isOwnSignal),
    answer: isLast ? 'FILLED' : 'PARTIALLY_FILLED',
    fill: executionFill(fill),
    times,
  };
}

/** When the order stops resting; an order without a limit counts as over at once. */
export function restEnd({ restUntilMs, placedTs }: ChildOrder): number {
  return Number.isFinite(restUntilMs) ? restUntilMs : placedTs;
}

function own(signal: TradingSignal, isOwnSignal: boolean): { readonly signal?: TradingSignal } {
  return isOwnSignal ? { signal } : {};
}
