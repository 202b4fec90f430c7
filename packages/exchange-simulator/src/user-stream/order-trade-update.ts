import type { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import { moneyText } from '@helios/core/matching/money.ts';
import { withoutEndZeros } from '@helios/core/price/decimal-text.ts';
import { idNumber } from '../rest/trade/id-number.ts';
import type { TradingEvent } from '../trading/trading-event.ts';

type OrderEvent = Extract<TradingEvent, { kind: 'ORDER' }>;

/** `ORDER_TRADE_UPDATE`, fields and order as captured on the venue in 2024 and 2026. Quantity and price as the client wrote them. */
export function orderTradeUpdate(
  { order, execution, openValue, fill, ts }: OrderEvent,
  grid: ContractGrid,
): Record<string, unknown> {
  const { ticket } = order;
  const { origin } = ticket;
  const filled = order.filled;
  const asset = 'USDT';
  return {
    e: 'ORDER_TRADE_UPDATE',
    T: ts,
    E: ts,
    o: {
      s: ticket.symbol,
      c: ticket.clientOrderId,
      S: ticket.side,
      o: ticket.type,
      f: ticket.timeInForce,
      q: ticket.sent?.quantity ?? grid.quantityText(ticket.quantity),
      p: ticket.sent?.price ?? (ticket.price === 0 ? '0' : grid.priceText(ticket.price)),
      ap: filled === 0 ? '0' : grid.meanPrice(order.filledValue, filled, 5),
      sp: origin?.stopPrice ?? '0',
      x: execution,
      X: order.status,
      i: idNumber(order.id),
      l: fill === undefined ? '0' : grid.quantityText(fill.quantity),
      z: filled === 0 ? '0' : grid.quantityText(filled),
      L: fill === undefined ? '0' : grid.priceText(fill.price),
      n: fill === undefined ? '0' : moneyText(fill.commission),
      N: asset,
      T: ts,
      t: fill?.tradeId ?? 0,
      b: withoutEndZeros(moneyText(openValue.bid)),
      a: withoutEndZeros(moneyText(openValue.ask)),
      m: fill?.isMaker ?? false,
      R: ticket.reduceOnly,
      wt: origin?.workingType ?? 'CONTRACT_PRICE',
      ot: origin?.type ?? ticket.type,
      ps: ticket.positionSide,
      cp: origin?.closePosition ?? false,
      ...(origin?.callbackRate === undefined ? {} : { AP: origin.activatePrice, cr: origin.callbackRate }),
      rp: fill === undefined || fill.realised === 0n ? '0' : moneyText(fill.realised),
      pP: origin?.priceProtect ?? false,
      si: origin === undefined ? 0 : idNumber(origin.algoId),
      ss: 0,
      V: ticket.selfTradePreventionMode,
      pm: ticket.priceMatch,
      gtd: ticket.goodTillDate,
      er: order.expireReason,
    },
  };
}

/** `TRADE_LITE`: the fill before its bookkeeping. */
export function tradeLite({ order, fill, ts }: OrderEvent, grid: ContractGrid): Record<string, unknown> | undefined {
  if (fill === undefined) return undefined;
  const { ticket } = order;
  return {
    e: 'TRADE_LITE',
    E: ts,
    T: ts,
    s: ticket.symbol,
    q: grid.quantityText(ticket.quantity),
    p: grid.priceText(ticket.price),
    m: fill.isMaker,
    c: ticket.clientOrderId,
    S: ticket.side,
    L: grid.priceText(fill.price),
    l: grid.quantityText(fill.quantity),
    t: fill.tradeId,
    i: idNumber(order.id),
  };
}

/** Mean entry price as the venue writes it in events: without trailing zeros. */
export function entryPriceText(cost: bigint, steps: number, grid: ContractGrid): string {
  return steps === 0 ? '0' : withoutEndZeros(grid.meanPrice(cost, steps, 8));
}
