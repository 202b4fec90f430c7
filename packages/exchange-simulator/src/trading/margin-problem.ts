import { maxNotional } from '@helios/core/matching/brackets.ts';
import { type MarginPosition, openOrderMargin } from '@helios/core/matching/margin.ts';
import { absMoney } from '@helios/core/matching/money.ts';
import { isHedgeClose } from '@helios/core/matching/order-rules.ts';
import type { Taken } from '@helios/core/matching/walk-levels.ts';
import type { TradingAccount } from '../accounts/trading-account.ts';
import type { Refusal } from '../rest/refusal.ts';
import { aboveMaxPosition, marginInsufficient } from '../rest/trade/margin-refusal.ts';
import { type MarginMarkets, marginOf, marginPosition } from './margin-state.ts';
import type { Order, OrderTicket } from './order.ts';

/** What the check of an order needs of the venue. */
export interface OrderMarkets extends MarginMarkets {
  /** Asset that pays the margin of a contract; undefined if it is not listed. */
  marginAsset(symbol: string): string | undefined;
  marketOf(symbol: string): (MarginMarket & { opposite(side: 'BUY' | 'SELL'): Iterable<Taken> }) | undefined;
}

type MarginMarket = NonNullable<ReturnType<MarginMarkets['marketOf']>>;

/** A MARKET order to buy is assumed to cost this much of the best ask, in 1/10,000. */
const MARKET_BUY = 10_005n;
const MARKET_UNIT = 10_000n;

/**
 * Why the account may not place the order: too little money, or a position beyond the leverage's bracket. Undefined if it may. An order
 * that can only reduce the position always may.
 *
 * The order costs what it adds to the initial margin, plus the loss that it would open with: the venue's published "cost required to open a
 * position".
 * @param replaced the order that this one replaces: its margin is free
 */
export function marginProblem(
  account: TradingAccount,
  ticket: OrderTicket,
  markets: OrderMarkets,
  replaced?: Order,
): Refusal | undefined {
  if (ticket.reduceOnly || isHedgeClose(ticket)) return undefined;
  if (markets.marginAsset(ticket.symbol) !== 'USDT') return marginInsufficient();
  const { symbol, positionSide, side } = ticket;
  const orders = markets.engine.open.inContract(account.id, symbol);
  const before = marginPosition(account, { symbol, side: positionSide }, markets, { orders, replaced });
  const value = assumedValue(ticket, markets);
  if (before === undefined || value === undefined) return marginInsufficient();
  const after = withOrder(before, side, value);
  const reached = side === 'BUY' ? after.notional + after.bidNotional : after.notional - after.askNotional;
  const isGrowing = absMoney(reached) > absMoney(after.notional);
  if (isGrowing && absMoney(reached) > maxNotional(after.leverage, after.brackets)) return aboveMaxPosition();
  const more = openOrderMargin(after) - openOrderMargin(before);
  if (more <= 0n) return undefined;
  const cost = more + openLoss(ticket, value, markets);
  return cost > marginOf(account, markets, { replaced }).free ? marginInsufficient() : undefined;
}

function withOrder(row: MarginPosition, side: 'BUY' | 'SELL', value: bigint): MarginPosition {
  return side === 'BUY'
    ? { ...row, bidNotional: row.bidNotional + value }
    : { ...row, askNotional: row.askNotional + value };
}

/**
 * Value at the venue's "assuming price". LIMIT: a buy at its price, a sell at the better of its price and the best bid. MARKET: a buy
 * a little above the best ask, a sell at the best bid. Without a book the mark price counts.
 */
function assumedValue({ symbol, side, type, price, quantity }: OrderTicket, markets: OrderMarkets): bigint | undefined {
  const market = markets.marketOf(symbol);
  const mark = markets.markPrice(symbol);
  if (market === undefined || mark === undefined) return undefined;
  const { grid } = market;
  if (side === 'BUY' && type === 'LIMIT') return grid.value(price, quantity);
  const [best] = market.opposite(side);
  if (best === undefined) return type === 'LIMIT' ? grid.value(price, quantity) : grid.markValue(mark, quantity);
  if (side === 'BUY') return (grid.value(best.price, quantity) * MARKET_BUY) / MARKET_UNIT;
  return grid.value(Math.max(best.price, price), quantity);
}

/** What the order loses against the mark price when it opens. */
function openLoss({ symbol, side, quantity }: OrderTicket, value: bigint, markets: OrderMarkets): bigint {
  const mark = markets.markPrice(symbol);
  const grid = markets.marketOf(symbol)?.grid;
  if (mark === undefined || grid === undefined) return 0n;
  const loss = side === 'BUY' ? value - grid.markValue(mark, quantity) : grid.markValue(mark, quantity) - value;
  return loss > 0n ? loss : 0n;
}
