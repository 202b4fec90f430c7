import type { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import { decimalsOf, withoutEndZeros } from '@helios/core/price/decimal-text.ts';
import { idNumber } from '../rest/trade/id-number.ts';
import { type ConditionalOrder, reducesOnly, triggerPriceText } from '../trading/conditional-order.ts';
import type { TradingEvent } from '../trading/trading-event.ts';

type AlgoEvent = Extract<TradingEvent, { kind: 'ALGO' }>;

/**
 * `ALGO_UPDATE`, fields as documented and captured in 2026: decimals without trailing zeros, and no fields of the ordinary order
 * before there is one.
 */
export function algoUpdate({ order, ts }: AlgoEvent, grid: ContractGrid): Record<string, unknown> {
  const { ticket } = order;
  const decimals = decimalsOf(grid.priceText(0));
  return {
    e: 'ALGO_UPDATE',
    T: ts,
    E: ts,
    o: {
      caid: ticket.clientAlgoId,
      aid: idNumber(order.id),
      at: 'CONDITIONAL',
      o: ticket.type,
      s: ticket.symbol,
      S: ticket.side,
      ps: ticket.positionSide,
      f: ticket.timeInForce,
      q: withoutEndZeros(grid.quantityText(ticket.quantity)),
      X: order.status,
      ai: order.actual === undefined ? '' : String(order.actual.id),
      ...actualFields(order, grid),
      tp: withoutEndZeros(triggerPriceText(order, decimals)),
      p: withoutEndZeros(grid.priceText(ticket.price)),
      V: ticket.selfTradePreventionMode,
      wt: ticket.workingType,
      pm: ticket.priceMatch,
      cp: ticket.closePosition,
      pP: ticket.priceProtect,
      R: reducesOnly(ticket),
      tt: order.triggerTime,
      gtd: ticket.goodTillDate,
      ...(order.rejectReason === undefined ? {} : { rm: order.rejectReason }),
      ia: order.trigger.kind === 'TRAILING' && order.trigger.best !== undefined,
    },
  };
}

function actualFields({ actual }: ConditionalOrder, grid: ContractGrid): Record<string, unknown> {
  if (actual === undefined) return {};
  const ap = actual.filled === 0 ? '0' : grid.meanPrice(actual.filledValue, actual.filled, 5);
  return { ap, aq: actual.filled === 0 ? '0' : grid.quantityText(actual.filled), act: actual.type };
}
