import { ageOf } from '@helios/shared/domain/age.ts';
import { isExit, type TradingSignal } from '@helios/shared/domain/signal.ts';
import { addQuantity } from '../price/significant-digits.ts';
import { type ChildOrder, childOrderOf, isChildOver, mayRest } from './child-order.ts';
import { entryStep, mustLeave } from './entry-style.ts';
import { exitStep } from './exit-ladder.ts';
import { endAnswer } from './live-answers.ts';
import type { LiveContext } from './live-context.ts';
import { liveOrderId } from './live-order-id.ts';
import { endStep, type NextStep } from './next-step.ts';
import { onChildOver } from './order-over.ts';
import type { OrderHooks, OrderPair } from './order-pair.ts';
import { type ParentEnd, type ParentOrder, restOf } from './parent-order.ts';
import { doubt, noteAsked } from './unknown-outcome.ts';
import type { LiveOrder } from './venue-port.ts';

/** A cancel without an effect is repeated after this. */
const CANCEL_AGAIN_MS = 2_000;

/** Makes the next order of a signal, or ends it. Does nothing while an order works. */
export function advance(context: LiveContext, hooks: OrderHooks, parent: ParentOrder, nowMs: number): void {
  if (parent.isOver || parent.child !== undefined) return;
  const step = nextStep(context, hooks, parent, nowMs);
  if (step.kind === 'END') finish(context, parent, step.end, nowMs);
  if (step.kind === 'WAIT') parent.waitUntilMs = step.untilMs;
  if (step.kind === 'LOOK') look(context, hooks, parent, nowMs);
  if (step.kind === 'PLACE') place(context, hooks, parent, step, nowMs);
}

/** Looks for the next order that an earlier process may have sent for the signal. Nothing is sent. */
export function look(context: LiveContext, hooks: OrderHooks, parent: ParentOrder, nowMs: number): void {
  const quantity = parent.quantity ?? openQuantity(context, parent);
  const order = orderOf(context, parent, { type: 'MARKET' }, quantity);
  const child = childOrderOf(order, { nowMs, restUntilMs: nowMs, doubtMs: nowMs });
  parent.child = child;
  hooks.track({ parent, child });
  doubt(child, nowMs);
  timeChild(context, hooks, { parent, child }, nowMs);
}

/** Does what is due for one order: sends it again, asks for it, cancels it, or goes on after it. */
export function timeChild(context: LiveContext, hooks: OrderHooks, { parent, child }: OrderPair, nowMs: number): void {
  const { outbox, settings } = context;
  const { symbol, clientOrderId } = child.order;
  const leaves = wantsCancel(context, { parent, child }, nowMs);
  if (child.resendAtMs !== undefined) resend(context, hooks, { parent, child }, leaves, nowMs);
  if (isChildOver(child)) {
    if (parent.child === child) {
      onChildOver(context, hooks, { parent, child }, nowMs);
      advance(context, hooks, parent, nowMs);
    }
    return;
  }
  if (child.resendAtMs !== undefined) return;
  const isSeen = child.state.isAccepted || child.state.fills.size > 0;
  if (
    leaves &&
    (isSeen || !parent.isRecovered) &&
    mayStillFill(child) &&
    (child.cancels === 0 || nowMs >= child.cancelAtMs)
  ) {
    child.cancels += 1;
    child.cancelAtMs = nowMs + CANCEL_AGAIN_MS;
    child.inquiry.nextMs = Math.min(child.inquiry.nextMs, nowMs + settings.execution.order_timeout_ms);
    outbox.send({ kind: 'CANCEL_ORDER', symbol, clientOrderId });
  }
  if (nowMs < child.inquiry.nextMs) return;
  noteAsked(child, nowMs);
  outbox.send({ kind: 'QUERY_ORDER', symbol, clientOrderId });
  outbox.change(symbol);
}

/** Ends a signal with its final answer. */
export function finish(context: LiveContext, parent: ParentOrder, end: ParentEnd, nowMs: number): void {
  const { outbox, positions, alarms } = context;
  parent.isOver = true;
  if (parent.purpose === 'ENTRY') positions.endEntry(parent.signal);
  alarms.clear(parent.signal.signal_id);
  outbox.answer(endAnswer(parent, end, nowMs));
  outbox.change(parent.symbol);
}

/** Quantity of the position that the signal opens or closes, base currency. */
export function openQuantity({ positions }: LiveContext, { symbol, side, positionId }: ParentOrder): number {
  return positions.of(symbol).find((each) => each.side === side && each.signal_id === positionId)?.quantity ?? 0;
}

function nextStep(
  context: LiveContext,
  hooks: OrderHooks,
  parent: ParentOrder,
  nowMs: number,
): NextStep | { readonly kind: 'LOOK' } {
  const { instruments, prices, settings } = context;
  const rest = restOf(parent, openQuantity(context, parent));
  if (rest <= 0) return { kind: 'END', end: nothingLeft(parent) };
  if (parent.isRecovered) return { kind: 'LOOK' };
  if (parent.stopped) return { kind: 'END', end: parent.stopped };
  if (parent.purpose === 'ENTRY' && parent.attempts === 0 && isOldSignal(context, parent.signal, nowMs)) {
    return endStep('EXPIRED', 'the decision was too old to send an order');
  }
  const block = blockOf(hooks, parent);
  if (block) return { kind: 'END', end: block };
  if (nowMs < parent.waitUntilMs) return { kind: 'WAIT', untilMs: parent.waitUntilMs };
  if (parent.isUrgent) parent.rung = 'MARKET';
  const instrument = instruments.get(parent.symbol);
  // Without steps an exit still closes: the quantity of a position is on the step.
  if (instrument === undefined) return { kind: 'PLACE', execution: { type: 'MARKET' }, quantity: rest };
  const quote = prices.quote(parent.symbol, nowMs);
  const view = { parent, rest, quote, instrument, settings, nowMs };
  return parent.purpose === 'ENTRY' ? entryStep(view) : exitStep(view);
}

function place(
  context: LiveContext,
  hooks: OrderHooks,
  parent: ParentOrder,
  { execution, quantity, restUntilMs = Number.POSITIVE_INFINITY }: Extract<NextStep, { kind: 'PLACE' }>,
  nowMs: number,
): void {
  const order = orderOf(context, parent, execution, quantity);
  const doubtMs = nowMs + context.settings.execution.order_timeout_ms;
  const child = childOrderOf(order, { nowMs, restUntilMs, doubtMs });
  parent.child = child;
  parent.rung = rungOf(execution);
  hooks.track({ parent, child });
  context.outbox.send({ kind: 'PLACE_ORDER', order, isProtective: order.reduceOnly });
  context.outbox.change(parent.symbol);
}

function orderOf(
  { tag }: LiveContext,
  parent: ParentOrder,
  execution: LiveOrder['execution'],
  quantity: number,
): LiveOrder {
  parent.attempts += 1;
  parent.filledBefore = parent.filled;
  const { signal, purpose, symbol, action, attempts } = parent;
  const clientOrderId = liveOrderId(signal.signal_id, purpose, attempts, tag);
  return { clientOrderId, symbol, action, quantity, reduceOnly: purpose === 'EXIT', execution };
}

function rungOf(execution: LiveOrder['execution']): ParentOrder['rung'] {
  if (execution.type === 'MARKET') return 'MARKET';
  return execution.timeInForce === 'IOC' ? 'IOC' : 'REST';
}

/** Sends an order again that the venue did not look at, or gives it up. */
function resend(
  context: LiveContext,
  hooks: OrderHooks,
  { parent, child }: OrderPair,
  leaves: boolean,
  nowMs: number,
): void {
  parent.stopped ??= blockOf(hooks, parent);
  const isTooOld = parent.purpose === 'ENTRY' && isOldSignal(context, parent.signal, nowMs);
  if (leaves || isTooOld || parent.stopped) {
    child.isAbsent = true;
    return;
  }
  if (child.resendAtMs === undefined || nowMs < child.resendAtMs) return;
  child.resendAtMs = undefined;
  child.placedTs = nowMs;
  child.inquiry.nextMs = nowMs + context.settings.execution.order_timeout_ms;
  context.outbox.send({ kind: 'PLACE_ORDER', order: child.order, isProtective: child.order.reduceOnly });
}

/** Lease, user stream or Redis may have been lost since an entry was accepted. */
function blockOf({ entryBlock }: OrderHooks, { purpose }: ParentOrder): ParentEnd | undefined {
  const block = purpose === 'ENTRY' ? entryBlock() : undefined;
  return block && { answer: 'CANCELLED', reason: `no order was sent: ${block.reason}` };
}

/**
 * True if the decision of a signal is too old to send an order for it. An entry from the future is one: the clock was set back since, and
 * its id may be forgotten.
 */
export function isOldSignal({ settings, time }: LiveContext, signal: TradingSignal, nowMs: number): boolean {
  const ageMs = ageOf(signal.timestamp, nowMs - time.aheadMs);
  if (ageMs === undefined) return !isExit(signal.direction);
  return ageMs > settings.signals.signal_max_age_ms;
}

function wantsCancel({ prices, instruments, settings }: LiveContext, { parent, child }: OrderPair, nowMs: number) {
  if (parent.stopped !== undefined || parent.isOver || child.cancels > 0) return true;
  if (!mayRest(child.order)) return false;
  if (parent.isUrgent) return true;
  const instrument = instruments.get(parent.symbol);
  if (parent.purpose === 'EXIT' || instrument === undefined) return nowMs >= child.restUntilMs;
  return mustLeave(parent, child, { quote: prices.quote(parent.symbol, nowMs), instrument, settings, nowMs });
}

function mayStillFill({ state }: ChildOrder): boolean {
  return state.ending === undefined;
}

function nothingLeft({ purpose, stopped }: ParentOrder): ParentEnd {
  if (stopped) return stopped;
  const reason = purpose === 'EXIT' ? 'no position was left to close' : 'nothing was left to open';
  return { answer: 'CANCELLED', reason };
}

/** Quantity of all fills of an entry so far, base currency. */
export function addFilled(parent: ParentOrder, quantity: number): void {
  parent.filled = addQuantity(parent.filled, quantity);
}
