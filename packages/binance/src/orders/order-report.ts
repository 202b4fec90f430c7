import { isLoose, isSignedDecimal, isSymbol, isUnsignedDecimal, isWhole, type Loose } from '../wire/field-checks.ts';
import { badField, type WireFault } from '../wire/wire-fault.ts';

/** State of an order as the venue names it. */
export const VENUE_ORDER_STATES = [
  'NEW',
  'PARTIALLY_FILLED',
  'FILLED',
  'CANCELED',
  'REJECTED',
  'EXPIRED',
  'EXPIRED_IN_MATCH',
] as const;
export type VenueOrderState = (typeof VENUE_ORDER_STATES)[number];

/** One order as an answer of the venue shows it. Prices and quantities are the venue's decimal strings. */
export interface OrderReport {
  readonly symbol: string;
  readonly clientOrderId: string;
  /** The venue's id, as text: it may exceed 2^53. */
  readonly venueOrderId: string;
  readonly state: VenueOrderState;
  readonly side: 'BUY' | 'SELL';
  /** Limit price; undefined for MARKET. */
  readonly price: string | undefined;
  readonly quantity: string;
  readonly filledQuantity: string;
  /** Mean price of the fills. Since 2026-07 answers to orders, changes and cancels do not carry it: undefined. */
  readonly averagePrice: string | undefined;
  readonly reduceOnly: boolean;
  /** The venue's times: of the order, which only queries and lists carry, and of its last change; epoch ms. */
  readonly tsPlaced: number | undefined;
  readonly tsUpdate: number;
}

/** Parses the answer to an order, a change, a cancel or a query. Source: developers.binance.com, USDⓈ-M, New Order. */
export function parseOrderReport(json: unknown): OrderReport | WireFault {
  if (!isLoose(json)) return badField('order', 'the answer', json);
  const { symbol, clientOrderId, orderId, status, side, price, origQty, executedQty, reduceOnly, updateTime, time } =
    json;
  if (!isSymbol(symbol)) return badField('order', 'symbol', symbol);
  if (typeof clientOrderId !== 'string') return badField('order', 'clientOrderId', clientOrderId);
  const venueOrderId = idText(orderId);
  if (venueOrderId === undefined) return badField('order', 'orderId', orderId);
  const state = VENUE_ORDER_STATES.find((one) => one === status);
  if (state === undefined) return badField('order', 'status', status);
  if (side !== 'BUY' && side !== 'SELL') return badField('order', 'side', side);
  if (!isUnsignedDecimal(price)) return badField('order', 'price', price);
  if (!isUnsignedDecimal(origQty)) return badField('order', 'origQty', origQty);
  if (!isUnsignedDecimal(executedQty)) return badField('order', 'executedQty', executedQty);
  if (typeof reduceOnly !== 'boolean') return badField('order', 'reduceOnly', reduceOnly);
  if (!isWhole(updateTime)) return badField('order', 'updateTime', updateTime);
  if (time !== undefined && !isWhole(time)) return badField('order', 'time', time);
  const averagePrice = averagePriceOf(json);
  if (typeof averagePrice === 'object') return averagePrice;
  return {
    ...{ symbol, clientOrderId, venueOrderId, state, side, averagePrice, reduceOnly },
    price: Number(price) > 0 ? price : undefined,
    ...{ quantity: origQty, filledQuantity: executedQty, tsPlaced: time, tsUpdate: updateTime },
  };
}

/** An id as text: a whole number, or the text of one that a double cannot hold. */
export function idText(value: unknown): string | undefined {
  if (isWhole(value)) return String(value);
  return typeof value === 'string' && /^\d{1,25}$/.test(value) ? value : undefined;
}

function averagePriceOf({ avgPrice }: Loose): string | undefined | WireFault {
  if (avgPrice === undefined) return undefined;
  if (!isSignedDecimal(avgPrice)) return badField('order', 'avgPrice', avgPrice);
  return Number(avgPrice) > 0 ? avgPrice : undefined;
}
