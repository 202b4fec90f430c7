import type { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import { moneyText } from '@helios/core/matching/money.ts';
import type { Order } from '../../trading/order.ts';
import { idNumber } from './id-number.ts';

/** The answer to placing, changing and cancelling an order. Since 2026-07-15 it has no avgPrice, cumQuote or cumBase. */
export function orderAck(order: Order, grid: ContractGrid): Record<string, unknown> {
  const { ticket } = order;
  const { origin } = ticket;
  return {
    orderId: idNumber(order.id),
    symbol: ticket.symbol,
    status: order.status,
    clientOrderId: ticket.clientOrderId,
    price: grid.priceText(ticket.price),
    origQty: grid.quantityText(ticket.quantity),
    executedQty: grid.quantityText(order.filled),
    cumQty: grid.quantityText(order.filled),
    timeInForce: ticket.timeInForce,
    type: ticket.type,
    reduceOnly: ticket.reduceOnly,
    closePosition: origin?.closePosition ?? false,
    side: ticket.side,
    positionSide: ticket.positionSide,
    stopPrice: origin?.stopPrice ?? grid.priceText(0),
    workingType: origin?.workingType ?? 'CONTRACT_PRICE',
    priceProtect: origin?.priceProtect ?? false,
    origType: origin?.type ?? ticket.type,
    priceMatch: ticket.priceMatch,
    selfTradePreventionMode: ticket.selfTradePreventionMode,
    goodTillDate: ticket.goodTillDate,
    updateTime: order.updateTime,
  };
}

/** An order as queries return it. */
export function orderRow(order: Order, grid: ContractGrid): Record<string, unknown> {
  const { cumQty: _, updateTime, ...ack } = orderAck(order, grid);
  const avgPrice = order.filled === 0 ? grid.priceText(0) : grid.meanPrice(order.filledValue, order.filled, 5);
  return { ...ack, avgPrice, cumQuote: moneyText(order.filledValue), time: order.time, updateTime };
}
