import type { Fill, OrderEvent } from '@helios/shared/domain/venue-event.ts';
import { addQuantity } from '../price/significant-digits.ts';

/**
 * PENDING: sent, not answered. UNKNOWN: sent, but the answer is lost; any later report of the venue settles it. CANCELLED,
 * EXPIRED and FILLED are final once all fills are known; REJECTED is always final.
 */
export type OrderStatus =
  | 'PENDING'
  | 'UNKNOWN'
  | 'OPEN'
  | 'PARTIALLY_FILLED'
  | 'FILLED'
  | 'CANCELLED'
  | 'EXPIRED'
  | 'REJECTED';

/** The venue's report that an order ended; `filledQuantity` in base currency. */
interface OrderEnding {
  readonly kind: 'CANCELLED' | 'EXPIRED' | 'REJECTED';
  readonly filledQuantity: number;
}

/** The known state of one order. It depends only on the set of reports: repeated or reordered reports change nothing. */
export interface OrderState {
  readonly clientOrderId: string;
  /** Ordered quantity, base currency. */
  readonly quantity: number;
  /** Known fills, by trade id. */
  readonly fills: ReadonlyMap<string, Fill>;
  readonly isAccepted: boolean;
  readonly isUnknown: boolean;
  readonly ending: OrderEnding | undefined;
}

/** The state of an order right after sending. */
export function pendingOrder(clientOrderId: string, quantity: number): OrderState {
  return { clientOrderId, quantity, fills: new Map(), isAccepted: false, isUnknown: false, ending: undefined };
}

/** The order after its request timed out or the connection broke: it may or may not exist on the venue. */
export function unknownOrder(state: OrderState): OrderState {
  return isAnswered(state) || state.isUnknown ? state : { ...state, isUnknown: true };
}

/** The order after a report of the venue; the same object if the report brings nothing new. */
export function applyOrderEvent(state: OrderState, event: OrderEvent): OrderState {
  switch (event.kind) {
    case 'ACCEPTED':
      return state.isAccepted ? state : { ...state, isAccepted: true };
    case 'FILL':
      return state.fills.has(event.trade_id)
        ? state
        : { ...state, fills: new Map(state.fills).set(event.trade_id, event) };
    case 'REJECTED':
      return state.ending ? state : { ...state, ending: { kind: 'REJECTED', filledQuantity: 0 } };
    default:
      return state.ending ? state : { ...state, ending: { kind: event.kind, filledQuantity: event.filled_quantity } };
  }
}

/** Quantity of all known fills, base currency. */
export function filledQuantity({ fills }: OrderState): number {
  let sum = 0;
  for (const { quantity } of fills.values()) sum = addQuantity(sum, quantity);
  return sum;
}

export function orderStatus(state: OrderState): OrderStatus {
  const filled = filledQuantity(state);
  if (reaches(filled, state.quantity)) return 'FILLED';
  if (state.ending && reaches(filled, state.ending.filledQuantity)) return state.ending.kind;
  if (filled > 0) return 'PARTIALLY_FILLED';
  // An order that ended also counts as answered, even if some of its fills are still to arrive.
  if (state.isAccepted || state.ending) return 'OPEN';
  return state.isUnknown ? 'UNKNOWN' : 'PENDING';
}

/** True if the order can no longer change. */
export function isFinalOrder(state: OrderState): boolean {
  const status = orderStatus(state);
  return status === 'FILLED' || status === 'CANCELLED' || status === 'EXPIRED' || status === 'REJECTED';
}

function isAnswered({ isAccepted, fills, ending }: OrderState): boolean {
  return isAccepted || fills.size > 0 || ending !== undefined;
}

/** True if `filled` equals `quantity` up to the rounding error of a sum of doubles. */
function reaches(filled: number, quantity: number): boolean {
  return filled >= quantity * (1 - 1e-14);
}
