import { orderStatus } from '../execution/order-state.ts';
import { mayRest } from './child-order.ts';
import { isCrossing } from './entry-style.ts';
import { exitPauseMs, MAX_EXIT_REFUSALS, nextRung } from './exit-ladder.ts';
import type { LiveContext } from './live-context.ts';
import type { OrderHooks, OrderPair } from './order-pair.ts';

/** Pause after a post-only entry that the venue did not let rest. */
const REST_AGAIN_MS = 100;
/** The venue has nothing that a reduce-only order could reduce. */
const NOTHING_TO_REDUCE = '-2022';

/** Notes how the last order of a signal ended, before the next one is made. */
export function onChildOver(
  { alarms, outbox }: LiveContext,
  hooks: OrderHooks,
  { parent, child }: OrderPair,
  nowMs: number,
): void {
  parent.child = undefined;
  parent.isIdle = child.state.fills.size === 0;
  parent.isShort = orderStatus(child.state) !== 'FILLED';
  outbox.change(parent.symbol);
  if (child.refusal) parent.lastRefusal = `${child.refusal.code}: ${child.refusal.message}`;
  if (parent.purpose === 'ENTRY') {
    if (child.refusal) parent.refusals += 1;
    if (child.isAbsent) {
      parent.stopped ??= { answer: 'EXPIRED', reason: 'the venue never received the order' };
      parent.isRecovered = false;
    }
    // Any other refusal is final, and answered at once.
    const restsAgain = mayRest(child.order) && (child.refusal === undefined || isCrossing(parent));
    if (parent.isIdle && restsAgain) parent.waitUntilMs = nowMs + REST_AGAIN_MS;
    return;
  }
  if (parent.isRecovered) {
    // The earlier process did not send it, or its order is over: the position is closed now.
    parent.isRecovered = false;
    return;
  }
  if (child.refusal?.code === NOTHING_TO_REDUCE) hooks.onContradiction(parent.symbol, nowMs);
  const failed = child.refusal !== undefined || child.isAbsent || (parent.isIdle && parent.rung === 'MARKET');
  parent.refusals = failed ? parent.refusals + 1 : 0;
  parent.rung = nextRung(parent.rung);
  parent.waitUntilMs = nowMs + exitPauseMs(parent.refusals);
  if (parent.refusals < MAX_EXIT_REFUSALS) return;
  const why = parent.lastRefusal ?? 'no order was filled';
  alarms.raise(parent.signal.signal_id, `${parent.symbol} cannot be closed after ${parent.refusals} orders: ${why}`);
}
