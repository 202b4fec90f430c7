import type { Fill, OrderEvent } from '@helios/shared/domain/venue-event.ts';
import { applyOrderEvent, filledQuantity } from '../execution/order-state.ts';
import { roundMoney } from '../price/significant-digits.ts';
import { isAdoptedFill } from './adoption.ts';
import { type ChildOrder, isChildOver, mayRest, timesOf } from './child-order.ts';
import { addFilled, openQuantity, timeChild } from './drive-orders.ts';
import { fillAnswer, openAnswer } from './live-answers.ts';
import type { LiveContext } from './live-context.ts';
import { decidedPrice } from './next-step.ts';
import type { OrderHooks, OrderPair } from './order-pair.ts';
import { type ParentOrder, restOf } from './parent-order.ts';
import { doubt, noteHeard } from './unknown-outcome.ts';

/** The venue has an open order with this client id: a repeated request did arrive. */
const DUPLICATE_ID = '-4116';

/** Applies a report of the venue to an order, its signal and its position. Repeats change nothing. */
export function applyReport(
  context: LiveContext,
  hooks: OrderHooks,
  pair: OrderPair,
  event: OrderEvent,
  nowMs: number,
): void {
  const { parent, child } = pair;
  noteHeard(child, nowMs, context.settings.execution.order_timeout_ms);
  acknowledge(context, child, nowMs);
  if (event.kind === 'REJECTED' && event.code === DUPLICATE_ID) {
    doubt(child, nowMs);
  } else {
    const before = child.state;
    child.state = applyOrderEvent(before, event);
    if (event.kind === 'REJECTED' && child.refusal === undefined) {
      child.refusal = { code: event.code, message: event.message };
      context.statistics.onRejected(event.code);
    }
    if (child.state !== before && event.kind === 'FILL') onFill(context, hooks, pair, event, nowMs);
    if (child.state !== before && event.kind === 'ACCEPTED') onAccepted(context, parent, child, nowMs);
  }
  if (isChildOver(child) && parent.child !== child) return;
  timeChild(context, hooks, pair, nowMs);
}

function acknowledge({ statistics }: LiveContext, child: ChildOrder, nowMs: number): void {
  if (child.acknowledgedTs !== undefined) return;
  child.acknowledgedTs = nowMs;
  if (child.sentTs !== undefined) statistics.onAcknowledged(nowMs - child.sentTs);
}

function onAccepted({ outbox }: LiveContext, parent: ParentOrder, child: ChildOrder, nowMs: number): void {
  outbox.change(parent.symbol);
  const { execution } = child.order;
  if (execution.type !== 'LIMIT' || !mayRest(child.order) || parent.isOpenAnswered || parent.isOver) return;
  parent.isOpenAnswered = true;
  outbox.answer(openAnswer(parent, child, execution.price, nowMs));
}

function onFill(context: LiveContext, hooks: OrderHooks, { parent, child }: OrderPair, raw: Fill, nowMs: number): void {
  const { positions, outbox, alarms } = context;
  const { signal, purpose, positionId, symbol } = parent;
  const fill = withSlippage(raw, parent);
  addFilled(parent, fill.quantity);
  if (parent.isRecovered && purpose === 'ENTRY' && positions.of(symbol).some((one) => isAdoptedFill(one, fill))) {
    parent.stopped = { answer: 'EXPIRED', reason: 'its position was adopted before its order was found' };
    return;
  }
  if (purpose === 'ENTRY') positions.applyEntry(signal, fill);
  else if (positions.applyExit(positionId, signal, fill).kind === 'NO_POSITION') hooks.onContradiction(symbol, nowMs);
  const isLast = !parent.isOver && restOf(parent, openQuantity(context, parent)) <= 0;
  if (isLast) {
    parent.isOver = true;
    alarms.clear(signal.signal_id);
  }
  if (purpose === 'ENTRY' && parent.isOver) positions.endEntry(signal);
  if (filledQuantity(child.state) > child.order.quantity * (1 + 1e-9)) {
    alarms.raise(
      `overfill ${child.order.clientOrderId}`,
      `order ${child.order.clientOrderId} filled more than ordered`,
    );
  }
  const times = timesOf(child, parent.receivedTs, fill.ts_event);
  const { clientOrderId } = child.order;
  outbox.answer(fillAnswer(signal, fill, { clientOrderId, isLast, isOwnSignal: parent.isOwnSignal, times }, nowMs));
  outbox.change(symbol);
  hooks.onFill(parent, nowMs);
}

/** The fill with its cost against the price at the decision. */
function withSlippage(fill: Fill, { signal, action }: ParentOrder): Fill {
  if (fill.liquidity === 'MAKER') return fill;
  const decided = decidedPrice(signal, action);
  const worse = action === 'BUY' ? fill.price - decided : decided - fill.price;
  return { ...fill, slippage: roundMoney(Math.max(0, worse) * fill.quantity, decided * fill.quantity) };
}
