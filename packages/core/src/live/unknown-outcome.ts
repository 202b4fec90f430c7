import { orderStatus, unknownOrder } from '../execution/order-state.ts';
import { type ChildOrder, mayRest } from './child-order.ts';

const FIRST_PAUSE_MS = 250;
/** An open position waits for the outcome of an exit, so that is asked for more often. */
const MAX_PAUSE_MS = { entry: 3_000, reduceOnly: 1_000 } as const;
/**
 * A query that was asked this long after the request proves that the order does not exist. The venue may not find an order that
 * it has just taken (error -2013). A reduce-only order cannot open anything, so an exit waits less.
 */
const PROOF_AFTER_MS = { entry: 10_000, reduceOnly: 1_000 } as const;
const ABSENTS_AS_PROOF = 2;
/**
 * An order that cannot rest ends as the venue takes it, and the events of its fills follow at once. If they are lost, a position stands
 * without a stop until a query.
 */
const END_WITHIN_MS = 500;
/** The venue forgets orders that ended without a fill after three days. */
const FORGOTTEN_AFTER_MS = 3 * 86_400_000;

/** Marks that the outcome of the request is unknown: a query follows at once. */
export function doubt(child: ChildOrder, nowMs: number): void {
  child.state = unknownOrder(child.state);
  child.inquiry.nextMs = nowMs;
}

/** Notes that a request brought no answer. One that fails at once, as during a ban, is no reason to ask again at once. */
export function noteSilence(child: ChildOrder, nowMs: number): void {
  const { inquiry } = child;
  child.state = unknownOrder(child.state);
  if (inquiry.asks === 0) inquiry.nextMs = Math.max(nowMs, inquiry.askedMs + FIRST_PAUSE_MS);
}

/** Counts a query as sent. Queries repeat until the venue answers; failures never decide the outcome. */
export function noteAsked(child: ChildOrder, nowMs: number): void {
  const { inquiry, order } = child;
  inquiry.askedMs = nowMs;
  const maxMs = order.reduceOnly ? MAX_PAUSE_MS.reduceOnly : MAX_PAUSE_MS.entry;
  inquiry.nextMs = nowMs + Math.min(FIRST_PAUSE_MS * 2 ** inquiry.asks, maxMs);
  inquiry.asks += 1;
  child.state = unknownOrder(child.state);
}

/** Notes a report of the venue about the order. An order that cannot rest must end soon, else its end is asked for. */
export function noteHeard(child: ChildOrder, nowMs: number, timeoutMs: number): void {
  const { inquiry, order } = child;
  child.resendAtMs = undefined;
  inquiry.asks = 0;
  inquiry.absents = 0;
  const isEndDue = child.state.ending !== undefined || !mayRest(order);
  const withinMs = isEndDue ? Math.min(END_WITHIN_MS, timeoutMs) : timeoutMs;
  inquiry.nextMs = isEndDue || child.cancels > 0 ? nowMs + withinMs : Number.POSITIVE_INFINITY;
}

/** Notes that a query did not find the order; true if this proves that it never existed. */
export function noteAbsent(child: ChildOrder, nowMs: number): boolean {
  const { inquiry, state, order, placedTs } = child;
  inquiry.absents += 1;
  // The venue answers again.
  if (inquiry.absents === 1) inquiry.nextMs = nowMs + FIRST_PAUSE_MS;
  if (inquiry.absents < ABSENTS_AS_PROOF) return false;
  const age = inquiry.askedMs - placedTs;
  // An order that the venue has shown existed: it is looked for until the venue tells its end.
  if (orderStatus(state) !== 'UNKNOWN') return state.fills.size === 0 && age >= FORGOTTEN_AFTER_MS;
  return age >= (order.reduceOnly ? PROOF_AFTER_MS.reduceOnly : PROOF_AFTER_MS.entry);
}
