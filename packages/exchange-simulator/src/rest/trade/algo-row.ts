import type { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import { decimalsOf } from '@helios/core/price/decimal-text.ts';
import { type ConditionalOrder, reducesOnly, triggerPriceText } from '../../trading/conditional-order.ts';
import { idNumber } from './id-number.ts';

/** The answer to placing a conditional order. */
export function algoAck(order: ConditionalOrder, grid: ContractGrid): Record<string, unknown> {
  return { ...head(order, grid), ...tail(order, grid) };
}

/** A conditional order as lists return it: with the ordinary order that it became. */
export function algoRow(order: ConditionalOrder, grid: ContractGrid): Record<string, unknown> {
  return {
    ...head(order, grid),
    actualOrderId: order.actual === undefined ? '' : String(order.actual.id),
    actualPrice: actualPriceText(order, grid),
    ...tail(order, grid),
  };
}

/** A conditional order as the query of one order returns it. */
export function algoDetail(order: ConditionalOrder, grid: ContractGrid): Record<string, unknown> {
  return {
    ...head(order, grid),
    actualOrderId: order.actual === undefined ? '' : String(order.actual.id),
    actualPrice: actualPriceText(order, grid),
    actualType: order.actual?.type ?? '',
    actualQty: grid.quantityText(order.actual?.filled ?? 0),
    ...tail(order, grid),
  };
}

/** Six decimals at least, as captured in 2026. */
function actualPriceText({ actual }: ConditionalOrder, grid: ContractGrid): string {
  if (actual === undefined || actual.filled === 0) return grid.priceText(0);
  return grid.meanPrice(actual.filledValue, actual.filled, Math.max(6, decimalsOf(grid.priceText(0))));
}

function head({ id, ticket, status }: ConditionalOrder, grid: ContractGrid): Record<string, unknown> {
  return {
    algoId: idNumber(id),
    clientAlgoId: ticket.clientAlgoId,
    algoType: 'CONDITIONAL',
    orderType: ticket.type,
    symbol: ticket.symbol,
    side: ticket.side,
    positionSide: ticket.positionSide,
    timeInForce: ticket.timeInForce,
    quantity: grid.quantityText(ticket.quantity),
    algoStatus: status,
  };
}

function tail(order: ConditionalOrder, grid: ContractGrid): Record<string, unknown> {
  const { ticket } = order;
  return {
    triggerPrice: triggerPriceText(order, decimalsOf(grid.priceText(0))),
    price: grid.priceText(ticket.price),
    icebergQuantity: null,
    tpOrderType: '',
    selfTradePreventionMode: ticket.selfTradePreventionMode,
    workingType: ticket.workingType,
    priceMatch: ticket.priceMatch,
    closePosition: ticket.closePosition,
    priceProtect: ticket.priceProtect,
    reduceOnly: reducesOnly(ticket),
    activatePrice: ticket.activatePrice ?? '',
    callbackRate: ticket.callbackRate ?? '',
    createTime: order.createTime,
    updateTime: order.updateTime,
    triggerTime: order.triggerTime,
    goodTillDate: ticket.goodTillDate,
  };
}
