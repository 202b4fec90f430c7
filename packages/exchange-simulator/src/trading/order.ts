import {
  ExpireReason,
  type PriceMatch,
  type SelfTradeMode,
  type TimeInForce,
} from '@helios/core/matching/order-rules.ts';
import type { QueuePlace } from '@helios/core/matching/queue.ts';

export type OrderSide = 'BUY' | 'SELL';
export type PositionSide = 'BOTH' | 'LONG' | 'SHORT';
export type VenueOrderStatus =
  | 'NEW'
  | 'PARTIALLY_FILLED'
  | 'FILLED'
  | 'CANCELED'
  | 'EXPIRED'
  | 'EXPIRED_IN_MATCH'
  | 'NEW_ADL'
  | 'NEW_INSURANCE';

/** What a client asks for, already parsed. Prices in ticks, quantities in steps. */
export interface OrderTicket {
  readonly symbol: string;
  readonly side: OrderSide;
  readonly positionSide: PositionSide;
  readonly type: 'LIMIT' | 'MARKET';
  readonly timeInForce: TimeInForce;
  /** 0 for MARKET. */
  readonly price: number;
  readonly quantity: number;
  readonly reduceOnly: boolean;
  readonly clientOrderId: string;
  readonly selfTradePreventionMode: SelfTradeMode;
  readonly priceMatch: PriceMatch;
  /** Epoch ms; 0 for none. */
  readonly goodTillDate: number;
  /** The venue itself places the order, to close a position: its trades are called CALCULATED. */
  readonly isForced?: boolean;
  /** Quantity and price as the client wrote them; the user stream repeats them. Absent once the order was modified. */
  readonly sent?: { readonly quantity: string; readonly price?: string };
  /** Fields of the conditional order that became this order, if one did. */
  readonly origin?: OrderOrigin;
}

/** The conditional order behind an order. */
export interface OrderOrigin {
  readonly algoId: bigint;
  readonly type: string;
  /** Price text. */
  readonly stopPrice: string;
  readonly workingType: string;
  readonly priceProtect: boolean;
  readonly closePosition: boolean;
  /** Price text and per cent of a trailing stop. */
  readonly activatePrice?: string;
  readonly callbackRate?: string;
}

/** One order of an account. The matching engine alone changes it. */
export interface Order {
  readonly id: bigint;
  readonly accountId: string;
  ticket: OrderTicket;
  status: VenueOrderStatus;
  /** Steps filled so far. */
  filled: number;
  /** Value of all fills, money. */
  filledValue: bigint;
  /** The venue's `er`: why the order expired. */
  expireReason: string;
  /** Times of the venue, epoch ms. */
  readonly time: number;
  updateTime: number;
  /** The place in the queue while the order rests. */
  place: QueuePlace | undefined;
}

/** A new order, without fills. */
export function orderOf(ticket: OrderTicket, accountId: string, id: bigint, time: number): Order {
  const fills = {
    status: 'NEW',
    filled: 0,
    filledValue: 0n,
    expireReason: ExpireReason.none,
    place: undefined,
  } as const;
  return { id, accountId, ticket, ...fills, time, updateTime: time };
}

/** True while the order may still fill. */
export function isOpen({ status }: Pick<Order, 'status'>): boolean {
  return status === 'NEW' || status === 'PARTIALLY_FILLED';
}

/** Steps that are not filled. */
export function remaining({ ticket, filled }: Order): number {
  return ticket.quantity - filled;
}

/** The other side. */
export function opposite(side: OrderSide): OrderSide {
  return side === 'BUY' ? 'SELL' : 'BUY';
}

/** Signed steps: a buy is positive. */
export function signed(side: OrderSide, steps: number): number {
  return side === 'BUY' ? steps : -steps;
}
