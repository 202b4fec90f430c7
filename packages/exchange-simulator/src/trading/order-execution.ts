import { type ExpireCode, reducible } from '@helios/core/matching/order-rules.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import { GoodTillDates } from './good-till-dates.ts';
import { OpenOrders } from './open-orders.ts';
import { isOpen, type Order, remaining, type VenueOrderStatus } from './order.ts';
import { orderEvent } from './order-event.ts';
import { releaseQueue } from './resting-fills.ts';
import { balanceEvent, type Match, settleFill } from './settlement.ts';
import type { TradedMarket } from './traded-market.ts';
import type { ExecutionKind, TradingEvent } from './trading-event.ts';

const FIRST_TRADE_ID = 5_612_428_004;

/** Where the events of one operation go, and the market that it happens on. */
export interface Operation {
  readonly market: TradedMarket;
  readonly events: TradingEvent[];
}

/** Changes orders: fills them and ends them, and keeps the lists of open and closed orders true. */
export class OrderExecution {
  readonly open = new OpenOrders();
  readonly goodTillDates: GoodTillDates;
  nextTradeId = FIRST_TRADE_ID;
  /** Set by faults: the steps that an order may fill in all. */
  fillCapOf: (order: Order) => number = () => Number.POSITIVE_INFINITY;
  readonly #accounts: AccountStore;
  readonly #now: () => number;

  constructor(accounts: AccountStore, now: () => number, onGoodTillDate: (order: Order) => void) {
    this.#accounts = accounts;
    this.#now = now;
    this.goodTillDates = new GoodTillDates(onGoodTillDate);
  }

  /** Adds an accepted order. */
  accept(order: Order, { market, events }: Operation): void {
    this.open.add(order);
    this.goodTillDates.add(order);
    events.push(orderEvent(order, 'NEW', order.time, { open: this.open, grid: market.grid }));
  }

  /** Adds an open order of an earlier process. */
  restore(order: Order): void {
    this.open.add(order);
    this.goodTillDates.add(order);
    if (order.place !== undefined) this.open.rest(order);
  }

  takeTradeId(): number {
    const id = this.nextTradeId;
    this.nextTradeId += 1;
    return id;
  }

  /** Steps that the order may still fill: a reduce-only order never more than its position. */
  fillable(order: Order): number {
    const { reduceOnly, symbol, side, positionSide } = order.ticket;
    if (!reduceOnly) return remaining(order);
    const steps = this.#accounts.byId(order.accountId)?.position(symbol, positionSide).holding.steps ?? 0;
    return Math.min(remaining(order), reducible(steps, side));
  }

  /** Steps that the order fills if somebody offers them: a fault may end its fills early, without ending the order. */
  takeable(order: Order): number {
    return Math.max(0, Math.min(this.fillable(order), this.fillCapOf(order) - order.filled));
  }

  fill(order: Order, match: Match, { market: { grid }, events }: Operation, tradeId = this.takeTradeId()): void {
    const account = this.#accounts.byId(order.accountId);
    if (account === undefined) throw new Error(`There is no account ${order.accountId}.`);
    const ts = this.#now();
    const books = { account, history: this.#accounts.history(account), grid, ts, nextTradeId: () => tradeId };
    const { fill, position } = settleFill(order, match, books);
    if (!isOpen(order)) this.#close(order);
    events.push(
      balanceEvent(account, 'ORDER', [position], ts),
      orderEvent(order, order.ticket.isForced === true ? 'CALCULATED' : 'TRADE', ts, { open: this.open, grid, fill }),
    );
  }

  /** Fills an order whole at its own price; its event tells the status `shown`. */
  force(order: Order, shown: VenueOrderStatus, operation: Operation): void {
    const { price, quantity } = order.ticket;
    this.fill(order, { price, quantity, isMaker: false }, operation);
    const told = operation.events.at(-1);
    if (told?.kind === 'ORDER') told.order.status = shown;
  }

  /** Fills a resting order at its own price, as far as it may. */
  fillMaker(order: Order, quantity: number, operation: Operation): void {
    const size = isOpen(order) ? Math.min(quantity, this.takeable(order)) : 0;
    if (size > 0) this.fill(order, { price: order.ticket.price, quantity: size, isMaker: true }, operation);
  }

  end(
    order: Order,
    status: 'CANCELED' | 'EXPIRED' | 'EXPIRED_IN_MATCH',
    reason: ExpireCode,
    { market: { grid }, events }: Operation,
  ): void {
    if (!isOpen(order)) return;
    this.leaveQueue(order);
    order.status = status;
    order.expireReason = reason;
    order.updateTime = this.#now();
    this.#close(order);
    const execution: ExecutionKind = status === 'CANCELED' ? 'CANCELED' : 'EXPIRED';
    events.push(orderEvent(order, execution, order.updateTime, { open: this.open, grid }));
  }

  /** Takes an order out of its queue; the orders behind it move forward. */
  leaveQueue(order: Order): void {
    releaseQueue(this.open, order, remaining(order));
    this.open.unrest(order);
    order.place = undefined;
  }

  #close(order: Order): void {
    this.open.remove(order);
    this.goodTillDates.remove(order);
    const account = this.#accounts.byId(order.accountId);
    if (account !== undefined) this.#accounts.history(account).addClosed(order);
  }
}
