import { randomUUID } from 'node:crypto';
import { moneyOf } from '@helios/core/matching/money.ts';
import { isHedgeClose, matchedPrice, type PriceMatch, reducible } from '@helios/core/matching/order-rules.ts';
import type { TradingAccount } from '../accounts/trading-account.ts';
import { CONTRACT_LIMITS, type Contract } from '../listing/contract.ts';
import { invalidSymbol, type Refusal } from '../rest/refusal.ts';
import type { NewOrderRequest } from '../rest/trade/new-order-request.ts';
import {
  badGoodTillDate,
  contractClosed,
  counterpartyTooFar,
  duplicatedClientOrderId,
  fokRejected,
  gtxRejected,
  noMatchingDepth,
  noOpening,
  notionalTooLow,
  paramNotRequired,
  reduceOnlyRejected,
  tooManyOpenOrders,
  wrongPositionSide,
} from '../rest/trade/order-refusal.ts';
import { marginProblem, type OrderMarkets } from './margin-problem.ts';
import type { MatchingEngine } from './matching-engine.ts';
import type { OrderSide, OrderTicket } from './order.ts';
import { priceTicks, quantitySteps } from './order-filters.ts';
import type { GridMarket } from './traded-market.ts';

/** What the checks need of the venue. */
export interface OrderVenue extends OrderMarkets {
  readonly engine: MatchingEngine;
  contractOf(symbol: string): Contract | undefined;
  marketOf(symbol: string): GridMarket | undefined;
  markPrice(symbol: string): string | undefined;
  now(): number;
}

/** A ticket that passed the checks, or the venue's refusal. */
export type TicketVerdict = { readonly kind: 'TICKET'; readonly ticket: OrderTicket } | Refusal;

/** A GTD order must last longer than this, and end before the year 10000. */
const MIN_GOOD_TILL_MS = 600_000;
const MAX_GOOD_TILL_TS = 253_402_300_799_000;
const CLOSED = ['PENDING_TRADING', 'DELIVERING', 'DELIVERED', 'SETTLING', 'CLOSE'];

/** True for a contract whose status makes the venue refuse every order. */
export function isClosed({ status }: Contract): boolean {
  return CLOSED.includes(status);
}

/** Checks a new order as the venue does: contract, filters, position mode, then the account. Nothing changes. */
export function checkOrder(trading: OrderVenue, account: TradingAccount, request: NewOrderRequest): TicketVerdict {
  const contract = trading.contractOf(request.symbol);
  const market = trading.marketOf(request.symbol);
  if (contract === undefined || market === undefined) return invalidSymbol();
  if (isClosed(contract)) return contractClosed();
  const goodTillDate = goodTillOf(request, trading.now());
  if (goodTillDate === undefined) return badGoodTillDate();
  const price = orderPrice(market, request);
  if (typeof price !== 'number') return price;
  const quantity = quantitySteps(market.grid, request.quantity, request.type === 'MARKET');
  if (typeof quantity !== 'number') return quantity;
  const { symbol, side, type, priceMatch, selfTradePreventionMode } = request;
  const ticket: OrderTicket = {
    ...{ symbol, side, type, price, quantity, priceMatch, selfTradePreventionMode, goodTillDate },
    positionSide: request.positionSide ?? 'BOTH',
    timeInForce: request.timeInForce ?? 'GTC',
    reduceOnly: request.reduceOnly === true || isHedgeClose(request),
    clientOrderId: request.clientOrderId ?? randomUUID().replaceAll('-', '').slice(0, 22),
    sent: sentTexts(request),
  };
  const problem =
    marketPriceProblem(market, ticket) ??
    notionalProblem(market, ticket, contract, trading.markPrice(symbol)) ??
    modeProblem(account, request) ??
    hedgeCloseProblem(account, ticket) ??
    ticketProblem(trading, account, ticket);
  return problem ?? { kind: 'TICKET', ticket };
}

/** Why the venue refuses an order of this account now, filters and position mode aside. A triggered conditional order needs it too. */
export function ticketProblem(trading: OrderVenue, account: TradingAccount, ticket: OrderTicket): Refusal | undefined {
  const { symbol, side, positionSide, reduceOnly, timeInForce, type } = ticket;
  if (!reduceOnly && trading.contractOf(symbol)?.status !== 'TRADING') return noOpening();
  if (reduceOnly && reducible(account.position(symbol, positionSide).holding.steps, side) === 0)
    return reduceOnlyRejected();
  const { open } = trading.engine;
  if (open.byClientId(account.id, symbol, ticket.clientOrderId) !== undefined) return duplicatedClientOrderId();
  const rests = type === 'LIMIT' && timeInForce !== 'IOC' && timeInForce !== 'FOK';
  if (rests && open.inContract(account.id, symbol).size >= CONTRACT_LIMITS.maxOpenOrders) return tooManyOpenOrders();
  const verdict = trading.engine.executionVerdict(ticket);
  if (verdict === 'FOK_REJECTED') return fokRejected();
  if (verdict === 'GTX_REJECTED') return gtxRejected();
  return marginProblem(account, ticket, trading);
}

/** Price of a request in ticks: as sent, from the book, or 0 for MARKET. */
export function orderPrice(
  market: GridMarket,
  { side, type, price, priceMatch }: Pick<NewOrderRequest, 'side' | 'type' | 'price' | 'priceMatch'>,
): number | Refusal {
  if (type === 'MARKET') return 0;
  if (priceMatch !== 'NONE') return bookPrice(market, side, priceMatch);
  return priceTicks(market, side, price ?? '');
}

/** Why an order is too small, if it is; a MARKET order counts at the mark price. */
export function isTooSmall(
  { grid }: GridMarket,
  { type, price, quantity, reduceOnly }: OrderTicket,
  { minNotional }: Contract,
  markPrice: string | undefined,
): boolean {
  if (reduceOnly || (type === 'MARKET' && markPrice === undefined)) return false;
  const value = type === 'MARKET' ? grid.markValue(markPrice ?? '0', quantity) : grid.value(price, quantity);
  return value < moneyOf(minNotional);
}

function notionalProblem(...[market, ticket, contract, mark]: Parameters<typeof isTooSmall>): Refusal | undefined {
  return isTooSmall(market, ticket, contract, mark) ? notionalTooLow(contract.minNotional) : undefined;
}

/** Price of a ticket in ticks: its own, or that of its price match now. */
export function bookPriceOf(
  trading: OrderVenue,
  { symbol, side, type, price, priceMatch }: OrderTicket,
): number | Refusal {
  const market = trading.marketOf(symbol);
  if (type === 'MARKET' || priceMatch === 'NONE' || market === undefined) return price;
  return bookPrice(market, side, priceMatch);
}

function bookPrice(market: GridMarket, side: OrderSide, mode: Exclude<PriceMatch, 'NONE'>): number | Refusal {
  return matchedPrice(mode, market.own(side), market.opposite(side)) ?? noMatchingDepth();
}

function marketPriceProblem(market: GridMarket, { type, side }: OrderTicket): Refusal | undefined {
  const cap = type === 'MARKET' ? market.cap(side) : undefined;
  if (cap === undefined) return undefined;
  const [best] = market.opposite(side);
  if (best === undefined) return undefined;
  return side === 'BUY' ? refuseIf(best.price > cap) : refuseIf(best.price < cap);
}

function refuseIf(isTooFar: boolean): Refusal | undefined {
  return isTooFar ? counterpartyTooFar() : undefined;
}

/** One-way mode knows BOTH only; hedge mode LONG and SHORT only, and no reduceOnly. */
function modeProblem({ isHedge }: TradingAccount, request: NewOrderRequest): Refusal | undefined {
  const { positionSide = 'BOTH', reduceOnly } = request;
  if (isHedge === (positionSide === 'BOTH')) return wrongPositionSide();
  return isHedge && reduceOnly !== undefined ? paramNotRequired('reduceonly') : undefined;
}

/** In hedge mode a closing order must not exceed its position. */
function hedgeCloseProblem(account: TradingAccount, ticket: OrderTicket): Refusal | undefined {
  const { symbol, side, positionSide, reduceOnly, quantity } = ticket;
  if (!reduceOnly || positionSide === 'BOTH') return undefined;
  return quantity > reducible(account.position(symbol, positionSide).holding.steps, side)
    ? reduceOnlyRejected()
    : undefined;
}

function sentTexts({ quantity, price, type }: NewOrderRequest): NonNullable<OrderTicket['sent']> {
  return type === 'MARKET' || price === undefined ? { quantity } : { quantity, price };
}

/** The date in whole seconds; 0 for none, undefined for a bad one. */
export function goodTillOf(
  {
    timeInForce,
    goodTillDate,
  }: { readonly timeInForce: string | undefined; readonly goodTillDate: string | undefined },
  nowTs: number,
): number | undefined {
  if (timeInForce !== 'GTD') return 0;
  const date = Number(goodTillDate);
  if (!(date > nowTs + MIN_GOOD_TILL_MS && date < MAX_GOOD_TILL_TS)) return undefined;
  return Math.floor(date / 1_000) * 1_000;
}
