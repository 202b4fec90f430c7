import type { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import { type AccountMargin, accountMargin, type MarginPosition } from '@helios/core/matching/margin.ts';
import type { TradingAccount } from '../accounts/trading-account.ts';
import { BRACKETS } from '../listing/brackets.ts';
import type { OpenOrders } from './open-orders.ts';
import { type Order, type PositionSide, remaining } from './order.ts';

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
  const orders = markets.engine.open.ofAccount(account.id).filter((order) => order !== replaced);
  const rows = rowsOf(account, orders, first).flatMap((row) => marginPosition(account, row, orders, markets) ?? []);
  const leveraged =
    leverage === undefined ? rows : rows.map((row) => (row.symbol === leverage.symbol ? { ...row, ...leverage } : row));
  return accountMargin(account.wallet, leveraged);
}

/** The margin of an account's positions alone: all that a liquidation asks for. */
export function positionsMargin(account: TradingAccount, markets: MarginMarkets): AccountMargin {
  const held = account.positions().filter(({ holding }) => holding.steps !== 0);
  const rows = held.flatMap((row) => marginPosition(account, row, [], markets) ?? []);
  return accountMargin(account.wallet, rows);
}

function rowsOf(account: TradingAccount, orders: readonly Order[], first: readonly MarginRow[]): readonly MarginRow[] {
  const rows = new Map(first.map((row) => [`${row.symbol}|${row.side}`, row]));
  for (const { symbol, side, holding } of account.positions())
    if (holding.steps !== 0) rows.set(`${symbol}|${side}`, { symbol, side });
  for (const { ticket } of orders) {
    const row = { symbol: ticket.symbol, side: ticket.positionSide };
    rows.set(`${row.symbol}|${row.side}`, row);
  }
  return [...rows.values()];
}

/** One row, also if it is flat; undefined for a contract without any price yet. */
export function marginPosition(
  account: TradingAccount,
  { symbol, side }: MarginRow,
  orders: readonly Order[],
  markets: MarginMarkets,
): MarginPosition | undefined {
  const grid = markets.marketOf(symbol)?.grid;
  const markPrice = markets.markPrice(symbol);
  if (grid === undefined || markPrice === undefined) return undefined;
  const { holding, isolatedWallet } = account.position(symbol, side);
  const own = orders.filter(({ ticket }) => ticket.symbol === symbol && ticket.positionSide === side);
  return {
    ...{ symbol, side, isolatedWallet, brackets: BRACKETS, leverage: account.leverage(symbol) },
    isIsolated: account.marginType(symbol) === 'ISOLATED',
    quantity: grid.amount(holding.steps),
    cost: holding.cost,
    notional: grid.markValue(markPrice, holding.steps),
    bidNotional: openValue(own, 'BUY', grid),
    askNotional: openValue(own, 'SELL', grid),
  };
}

function openValue(orders: readonly Order[], side: 'BUY' | 'SELL', grid: ContractGrid): bigint {
  return orders
    .filter(({ ticket }) => ticket.side === side && !ticket.reduceOnly)
    .reduce((sum, order) => sum + grid.value(order.ticket.price, remaining(order)), 0n);
}
