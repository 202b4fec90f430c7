import { type ConditionalType, callbackOf, type Trigger } from '@helios/core/matching/conditional.ts';
import { moneyOf, scaledText } from '@helios/core/matching/money.ts';
import type { PriceMatch, SelfTradeMode, TimeInForce } from '@helios/core/matching/order-rules.ts';
import type { Order, OrderSide, OrderTicket, PositionSide } from './order.ts';

/** The venue's states of a conditional order. */
export type AlgoStatus = 'NEW' | 'TRIGGERING' | 'TRIGGERED' | 'FINISHED' | 'CANCELED' | 'REJECTED' | 'EXPIRED';

export type WorkingType = 'CONTRACT_PRICE' | 'MARK_PRICE';

/** What a client asks for, already parsed. The venue does not hold trigger prices to the tick size, so they are texts. */
export interface ConditionalTicket {
  readonly symbol: string;
  readonly side: OrderSide;
  readonly positionSide: PositionSide;
  readonly type: ConditionalType;
  /** GTE_GTC ends with the position. */
  readonly timeInForce: TimeInForce | 'GTE_GTC';
  /** Steps; 0 if it closes the position. */
  readonly quantity: number;
  /** Ticks; 0 for a market order. */
  readonly price: number;
  /** Price text; undefined for a trailing stop. */
  readonly triggerPrice: string | undefined;
  /** Price text of a trailing stop; undefined for the price at the placement. */
  readonly activatePrice: string | undefined;
  /** Per cent; undefined unless it is a trailing stop. */
  readonly callbackRate: string | undefined;
  readonly workingType: WorkingType;
  readonly priceProtect: boolean;
  readonly closePosition: boolean;
  readonly reduceOnly: boolean;
  readonly clientAlgoId: string;
  readonly selfTradePreventionMode: SelfTradeMode;
  readonly priceMatch: PriceMatch;
  /** Epoch ms; 0 for none. */
  readonly goodTillDate: number;
}

/** The ordinary order that a conditional order became. */
export type ActualOrder = Pick<Order, 'id' | 'filled' | 'filledValue'> & { readonly type: OrderTicket['type'] };

/** One conditional order of an account. `ConditionalOrders` alone changes it. */
export interface ConditionalOrder {
  readonly id: bigint;
  readonly accountId: string;
  readonly ticket: ConditionalTicket;
  status: AlgoStatus;
  trigger: Trigger;
  readonly createTime: number;
  updateTime: number;
  /** Epoch ms; 0 before the trigger. */
  triggerTime: number;
  /** Undefined before the trigger, and if the trigger was rejected. */
  actual: ActualOrder | undefined;
  /** Why it was rejected: the venue's `rm`. */
  rejectReason: string | undefined;
}

/** True while the order may still trigger or be cancelled. */
export function isWaiting({ status }: Pick<ConditionalOrder, 'status'>): boolean {
  return status === 'NEW' || status === 'TRIGGERING';
}

/** The trigger of a new order. @param price the price that it follows, which activates a trailing stop without an activation price */
export function conditionOf(ticket: ConditionalTicket, price: bigint): Trigger {
  const { type, side, triggerPrice = '0', activatePrice, callbackRate = '' } = ticket;
  if (type !== 'TRAILING_STOP_MARKET')
    return { kind: type.startsWith('STOP') ? 'STOP' : 'TAKE_PROFIT', side, price: moneyOf(triggerPrice) };
  const activation = activatePrice === undefined ? price : moneyOf(activatePrice);
  return { kind: 'TRAILING', side, activation, callback: callbackOf(callbackRate) ?? 0n, best: undefined };
}

/** Text of the price at which the order triggers now. That of a trailing stop follows its best price and is cut to the precision. */
export function triggerPriceText({ ticket, trigger }: ConditionalOrder, decimals: number): string {
  if (trigger.kind !== 'TRAILING') return ticket.triggerPrice ?? '0';
  const { side, activation, best = activation, callback } = trigger;
  const price = (best * (side === 'BUY' ? 1_000n + callback : 1_000n - callback)) / 1_000n;
  return priceText(price, decimals);
}

/** Text of a price in money units, cut to `decimals` decimals. */
export function priceText(price: bigint, decimals: number): string {
  return scaledText(price / 10n ** BigInt(8 - decimals), decimals);
}

/** True if the order only reduces the position. */
export function reducesOnly({ reduceOnly, closePosition }: ConditionalTicket): boolean {
  return reduceOnly || closePosition;
}
