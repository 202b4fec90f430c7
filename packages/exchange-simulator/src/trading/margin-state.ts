import type { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import { type AccountMargin, accountMargin, type MarginPosition } from '@helios/core/matching/margin.ts';
import type { TradingAccount } from '../accounts/trading-account.ts';
import { BRACKETS } from '../listing/brackets.ts';
import type { OpenOrders } from './open-orders.ts';
import { type Order, type OrderSide, type PositionSide, remaining } from './order.ts';

/** What margin needs to know of the venue. */
export interface MarginMarkets {
  readonly engine: { readonly open: OpenOrders };
  marketOf(symbol: string): { readonly grid: ContractGrid } | undefined;
  /** Mark price text; undefined before any price. */
  markPrice(symbol: string): string | undefined;
}

/** A row of the account: one side of a symbol. */
export interface MarginRow {
  readonly symbol: string;
  readonly side: PositionSide;
}

export interface MarginOptions {
  /** An order that counts as not open. */
  readonly replaced?: Order | undefined;
  /** Rows that stand first, even if they are flat and without orders. */
  readonly first?: readonly MarginRow[];
  /** A leverage that counts instead of the symbol's present one. */
  readonly leverage?: { readonly symbol: string; readonly leverage: number };
}

/** The margin of an account at the present mark prices: every position, and every symbol with an open order. */
export function marginOf(
  account: TradingAccount,
  markets: MarginMarkets,
  { replaced, first = [], leverage }: MarginOptions = {},
): AccountMargin {
  const { open } = markets.engine;
  const rows = rowsOf(account, open.ofAccount(account.id), first).flatMap((row) => {
    const orders = open.inContract(account.id, row.symbol);
    const position = marginPosition(account, row, markets, { orders, replaced });
    if (position === undefined) return [];
    return leverage?.symbol === row.symbol ? [{ ...position, ...leverage }] : [position];
  });
  return accountMargin(account.wallet, rows);
}

/** The margin of an account's positions alone: all that a liquidation asks for. */
export function positionsMargin(account: TradingAccount, markets: MarginMarkets): AccountMargin {
  const held = account.positions().filter(({ holding }) => holding.steps !== 0);
  const rows = held.flatMap((row) => marginPosition(account, row, markets, { orders: [] }) ?? []);
  return accountMargin(account.wallet, rows);
}

function rowsOf(account: TradingAccount, orders: readonly Order[], first: readonly MarginRow[]): readonly MarginRow[] {
  const rows = new Map(first.map((row) => [`${row.symbol}|${row.side}`, row]));
  for (const { symbol, side, holding } of account.positions())
    if (holding.steps !== 0) rows.set(`${symbol}|${side}`, { symbol, side });
  for (const { ticket } of orders) {
    const key = `${ticket.symbol}|${ticket.positionSide}`;
    if (!rows.has(key)) rows.set(key, { symbol: ticket.symbol, side: ticket.positionSide });
  }
  return [...rows.values()];
}

/** The open orders that count for a row, of its contract; `replaced` does not. */
interface CountedOrders {
  readonly orders: Iterable<Order>;
  readonly replaced?: Order | undefined;
}

/** One row, also if it is flat; undefined for a contract without any price yet. */
export function marginPosition(
  account: TradingAccount,
  { symbol, side }: MarginRow,
  markets: MarginMarkets,
  counted: CountedOrders,
): MarginPosition | undefined {
  const grid = markets.marketOf(symbol)?.grid;
  const markPrice = markets.markPrice(symbol);
  if (grid === undefined || markPrice === undefined) return undefined;
  const { holding, isolatedWallet } = account.position(symbol, side);
  const open = openValues(side, grid, counted);
  return {
    ...{ symbol, side, isolatedWallet, brackets: BRACKETS, leverage: account.leverage(symbol) },
    isIsolated: account.marginType(symbol) === 'ISOLATED',
    quantity: grid.amount(holding.steps),
    cost: holding.cost,
    notional: grid.markValue(markPrice, holding.steps),
    bidNotional: open.BUY,
    askNotional: open.SELL,
  };
}

function openValues(
  side: PositionSide,
  grid: ContractGrid,
  { orders, replaced }: CountedOrders,
): Record<OrderSide, bigint> {
  const values = { BUY: 0n, SELL: 0n };
  for (const order of orders) {
    const { ticket } = order;
    if (ticket.positionSide !== side || ticket.reduceOnly || order === replaced) continue;
    values[ticket.side] += grid.value(ticket.price, remaining(order));
  }
  return values;
}
