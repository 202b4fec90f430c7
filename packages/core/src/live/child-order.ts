import type { OrderTimes } from '@helios/shared/domain/execution.ts';
import { isFinalOrder, type OrderState, orderStatus, pendingOrder } from '../execution/order-state.ts';
import type { LiveOrder } from './venue-port.ts';

/** One order on the venue with everything that we know of it. Times are epoch ms of our clock. */
export interface ChildOrder {
  readonly order: LiveOrder;
  state: OrderState;
  /** When the request was made last. */
  placedTs: number;
  sentTs: number | undefined;
  acknowledgedTs: number | undefined;
  /** A resting order is cancelled then. */
  readonly restUntilMs: number;
  /** The venue did not look at the request: it goes out again then, under the same id. */
  resendAtMs: number | undefined;
  /** Cancel requests so far, and when the next one is due unless the order ends. */
  cancels: number;
  cancelAtMs: number;
  readonly inquiry: Inquiry;
  /** Code of the venue's refusal. */
  refusal: { readonly code: string; readonly message: string } | undefined;
  /** Proven: the request never became an order. */
  isAbsent: boolean;
}

/** Queries about an order whose outcome is in doubt. */
export interface Inquiry {
  /** When the next query is due; infinite while nothing is in doubt. */
  nextMs: number;
  asks: number;
  askedMs: number;
  /** Answers in a row that the venue does not know the order. */
  absents: number;
}

interface ChildTerms {
  readonly nowMs: number;
  readonly restUntilMs: number;
  /** Without an answer by then the order is in doubt. */
  readonly doubtMs: number;
}

export function childOrderOf(order: LiveOrder, { nowMs, restUntilMs, doubtMs }: ChildTerms): ChildOrder {
  return {
    order,
    state: pendingOrder(order.clientOrderId, order.quantity),
    placedTs: nowMs,
    sentTs: undefined,
    acknowledgedTs: undefined,
    restUntilMs,
    resendAtMs: undefined,
    cancels: 0,
    cancelAtMs: Number.POSITIVE_INFINITY,
    inquiry: { nextMs: doubtMs, asks: 0, askedMs: 0, absents: 0 },
    refusal: undefined,
    isAbsent: false,
  };
}

/** True if the order can change no more. */
export function isChildOver(child: ChildOrder): boolean {
  return child.isAbsent || isFinalOrder(child.state);
}

/** True while we do not know whether the order exists, or how it ended. */
export function isInDoubt({ state, inquiry, resendAtMs }: ChildOrder): boolean {
  const status = orderStatus(state);
  return status === 'UNKNOWN' || (resendAtMs === undefined && inquiry.asks > 0 && Number.isFinite(inquiry.nextMs));
}

/** True for an order that may rest in the book. */
export function mayRest({ execution }: LiveOrder): boolean {
  return execution.type === 'LIMIT' && execution.timeInForce !== 'IOC';
}

/** The times of an answer about the order. */
export function timesOf(child: ChildOrder, receivedTs: number, venueTs: number): OrderTimes {
  const { sentTs, acknowledgedTs } = child;
  return {
    received_ts: receivedTs,
    ...(sentTs !== undefined && { sent_ts: sentTs }),
    ...(acknowledgedTs !== undefined && { acknowledged_ts: acknowledgedTs }),
    venue_ts: venueTs,
  };
}
