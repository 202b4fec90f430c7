import type { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import { moneyText } from '@helios/core/matching/money.ts';
import type { Position } from '../accounts/trading-account.ts';
import type { HistoryEntry } from '../accounts/true-history.ts';
import type { ConditionalOrder } from '../trading/conditional-order.ts';
import type { Order } from '../trading/order.ts';
import type { ExecutedFill } from '../trading/trading-event.ts';

type Row = Readonly<Record<string, unknown>>;
/** The grid of a contract; undefined for one that this process has never listed. */
export type GridOf = (symbol: string) => ContractGrid | undefined;

/** An event of the true history as JSON: money, prices, quantities and ids as decimal text. */
export function ledgerRow({ seq, event }: HistoryEntry, gridOf: GridOf): Row {
  const head = { seq, ts: event.ts, account: event.accountId, kind: event.kind };
  switch (event.kind) {
    case 'ORDER': {
      const grid = gridOf(event.order.ticket.symbol);
      const fill = event.fill === undefined ? {} : { fill: fillRow(event.fill, grid) };
      return { ...head, execution: event.execution, order: ledgerOrder(event.order, grid), ...fill };
    }
    case 'BALANCE':
      return {
        ...head,
        reason: event.reason,
        change: moneyText(event.change),
        wallet: moneyText(event.wallet),
        cross_wallet: moneyText(event.crossWallet),
        positions: event.positions.map((position) => ledgerPosition(position, gridOf(position.symbol))),
      };
    case 'ALGO':
      return { ...head, order: ledgerConditional(event.order, gridOf(event.order.ticket.symbol)) };
    case 'LEVERAGE':
      return { ...head, symbol: event.symbol, leverage: event.leverage };
    case 'MULTI_ASSETS':
      return { ...head, is_on: event.isOn };
    case 'MARGIN_CALL':
      return {
        ...head,
        ...(event.crossWallet === undefined ? {} : { cross_wallet: moneyText(event.crossWallet) }),
        positions: event.positions.map(({ position, markPrice, unrealised, maintenance }) => ({
          ...ledgerPosition(position, gridOf(position.symbol)),
          mark_price: markPrice,
          unrealised: moneyText(unrealised),
          maintenance: moneyText(maintenance),
        })),
      };
  }
}

/** An order as JSON. */
export function ledgerOrder(order: Order, grid: ContractGrid | undefined): Row {
  const { ticket } = order;
  return {
    order_id: String(order.id),
    client_order_id: ticket.clientOrderId,
    symbol: ticket.symbol,
    side: ticket.side,
    position_side: ticket.positionSide,
    type: ticket.type,
    time_in_force: ticket.timeInForce,
    reduce_only: ticket.reduceOnly,
    price: grid?.priceText(ticket.price),
    quantity: grid?.quantityText(ticket.quantity),
    filled: grid?.quantityText(order.filled),
    filled_value: moneyText(order.filledValue),
    status: order.status,
    expire_reason: order.expireReason,
    ...(ticket.origin === undefined ? {} : { algo_id: String(ticket.origin.algoId) }),
    time: order.time,
    update_time: order.updateTime,
  };
}

/** A conditional order as JSON. */
export function ledgerConditional(order: ConditionalOrder, grid: ContractGrid | undefined): Row {
  const { ticket } = order;
  return {
    algo_id: String(order.id),
    client_algo_id: ticket.clientAlgoId,
    symbol: ticket.symbol,
    side: ticket.side,
    position_side: ticket.positionSide,
    type: ticket.type,
    trigger_price: ticket.triggerPrice,
    working_type: ticket.workingType,
    quantity: grid?.quantityText(ticket.quantity),
    reduce_only: ticket.reduceOnly,
    close_position: ticket.closePosition,
    status: order.status,
    reject_reason: order.rejectReason,
    ...(order.actual === undefined ? {} : { order_id: String(order.actual.id) }),
    create_time: order.createTime,
    update_time: order.updateTime,
  };
}

/** A position as JSON. `cost` has the sign of `quantity`. */
export function ledgerPosition(position: Position, grid: ContractGrid | undefined): Row {
  const { steps, cost, openFees } = position.holding;
  return {
    symbol: position.symbol,
    side: position.side,
    quantity: grid?.quantityText(steps),
    cost: moneyText(cost),
    open_fees: moneyText(openFees),
    isolated_wallet: moneyText(position.isolatedWallet),
    realised: moneyText(position.realised),
    update_time: position.updateTime,
  };
}

function fillRow(fill: ExecutedFill, grid: ContractGrid | undefined): Row {
  return {
    trade_id: String(fill.tradeId),
    price: grid?.priceText(fill.price),
    quantity: grid?.quantityText(fill.quantity),
    value: moneyText(fill.value),
    commission: moneyText(fill.commission),
    realised: moneyText(fill.realised),
    is_maker: fill.isMaker,
  };
}
