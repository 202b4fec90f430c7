import type { VenueOrder } from '@helios/core/live/venue-port.ts';
import type { Fill, OrderEvent } from '@helios/shared/domain/venue-event.ts';
import type { OrderReport } from '../orders/order-report.ts';
import type { OrderUpdate } from '../user-stream/order-update.ts';
import type { FeeConverter } from './fee-converter.ts';

/** A trade in an answer or in an event. Decimal strings. */
export interface TradeReport {
  readonly symbol: string;
  readonly tradeId: string;
  readonly price: string;
  readonly quantity: string;
  readonly commission: string | undefined;
  readonly commissionAsset: string | undefined;
  readonly isMaker: boolean;
  readonly tsEvent: number;
}

/** The fill of an order. */
export function fillOf(clientOrderId: string, trade: TradeReport, fees: FeeConverter): Fill {
  return {
    kind: 'FILL',
    client_order_id: clientOrderId,
    ts_event: trade.tsEvent,
    // Trades that the venue makes itself may come without an id.
    trade_id: trade.tradeId === '0' ? `${clientOrderId}@${trade.tsEvent}` : trade.tradeId,
    price: Number(trade.price),
    quantity: Number(trade.quantity),
    fee: fees.inQuote(trade),
    liquidity: trade.isMaker ? 'MAKER' : 'TAKER',
    slippage: 0,
  };
}

/** An order in an answer or in an event, as far as its state goes. */
interface OrderStateReport {
  readonly clientOrderId: string;
  readonly state: OrderUpdate['state'];
  readonly filledQuantity: string;
}

/** What a report says of the state of an order; its fills come from its trades. */
export function stateEvent(report: OrderStateReport, tsEvent: number): OrderEvent | undefined {
  const ofOrder = { client_order_id: report.clientOrderId, ts_event: tsEvent };
  const filled = { filled_quantity: Number(report.filledQuantity) };
  switch (report.state) {
    case 'NEW':
    case 'PARTIALLY_FILLED':
    case 'FILLED':
      return { kind: 'ACCEPTED', ...ofOrder };
    case 'CANCELED':
      return { kind: 'CANCELLED', ...ofOrder, ...filled };
    case 'EXPIRED':
    case 'EXPIRED_IN_MATCH':
      return { kind: 'EXPIRED', ...ofOrder, ...filled };
    case 'REJECTED':
      return { kind: 'REJECTED', ...ofOrder, code: 'REJECTED', message: 'the venue shows the order as rejected' };
    default:
      return undefined;
  }
}

type OrderFields = 'clientOrderId' | 'symbol' | 'side' | 'price' | 'quantity' | 'filledQuantity' | 'reduceOnly';

/** An ordinary order as the venue shows it. */
export function venueOrderOf(report: Pick<OrderReport, OrderFields>, tsPlaced: number): VenueOrder {
  const { clientOrderId, symbol, side, price, quantity, filledQuantity, reduceOnly } = report;
  return {
    ...{ clientOrderId, symbol, action: side, reduceOnly, tsPlaced },
    price: price === undefined ? undefined : Number(price),
    quantity: Number(quantity),
    filledQuantity: Number(filledQuantity),
  };
}
