import {
  type ExpireCode,
  ExpireReason,
  executionVerdict,
  restVerdict,
  selfTradeVerdict,
  within,
} from '@helios/core/matching/order-rules.ts';
import type { LevelTrade } from '@helios/core/matching/queue.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { TradingAccount } from '../accounts/trading-account.ts';
import type { GoodTillDates } from './good-till-dates.ts';
import { type Offer, offersFor } from './liquidity.ts';
import type { OpenOrders } from './open-orders.ts';
import { isOpen, type Order, type OrderTicket, opposite, orderOf, type VenueOrderStatus } from './order.ts';
import { orderEvent } from './order-event.ts';
import { type Operation, OrderExecution } from './order-execution.ts';
import { knockedOutOrders } from './reduce-only.ts';
import { reachedByBook, reachedByTrade, releaseQueue, startQueue } from './resting-fills.ts';
import type { TradedMarket } from './traded-market.ts';
import type { TradingEvent } from './trading-event.ts';

export interface EngineOptions {
  readonly accounts: AccountStore;
  readonly marketOf: (symbol: string) => TradedMarket | undefined;
  /** The venue's time, epoch ms. */
  readonly now: () => number;
  /** Receives the events of one operation, in the venue's order. */
  readonly emit: (events: readonly TradingEvent[]) => void;
  readonly firstOrderId?: bigint;
}

/** New price and quantity of an order, in ticks and steps. */
export type Amendment = Pick<OrderTicket, 'price' | 'quantity' | 'priceMatch' | 'sent'>;

/** Ids as the venue has them since 2025: above 2^53, where a JSON number loses digits. */
const FIRST_ORDER_ID = 9_007_199_300_000_000_001n;

/**
 * Matches orders against the shown book and against each other. It keeps no clock: each call happens at `now`.
 *
 * The shown book does not change when an order takes from it: the recording goes on as it was recorded.
 */
export class MatchingEngine {
  readonly #options: EngineOptions;
  readonly #execution: OrderExecution;
  #nextOrderId: bigint;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#execution = new OrderExecution(options.accounts, options.now, (order) =>
      this.expire(order, ExpireReason.none),
    );
    this.#nextOrderId = options.firstOrderId ?? FIRST_ORDER_ID;
  }

  /** Ids of the next order and trade. */
  get nextIds(): { readonly order: bigint; readonly trade: number } {
    return { order: this.#nextOrderId, trade: this.#execution.nextTradeId };
  }

  set nextIds({ order, trade }) {
    this.#nextOrderId = order;
    this.#execution.nextTradeId = trade;
  }

  /** Takes over an open order of an earlier process, with its place in the queue. */
  restore(order: Order): void {
    this.#execution.restore(order);
  }

  /** Sets the steps that an order may fill in all; a fault of fills needs it. */
  set fillCapOf(capOf: (order: Order) => number) {
    this.#execution.fillCapOf = capOf;
  }

  get open(): OpenOrders {
    return this.#execution.open;
  }

  /** Ends GTD orders; the venue's timers run it. */
  get goodTillDates(): GoodTillDates {
    return this.#execution.goodTillDates;
  }

  /** Whether an order's execution condition holds now: FOK can fill whole, GTX takes nothing. */
  executionVerdict(ticket: OrderTicket): ReturnType<typeof executionVerdict> {
    const { timeInForce, quantity } = ticket;
    const market = this.#options.marketOf(ticket.symbol);
    if ((timeInForce !== 'FOK' && timeInForce !== 'GTX') || market === undefined) return 'ACCEPTED';
    let available = 0;
    for (const offer of this.#offers(market, ticket)) {
      available += offer.quantity;
      if (available >= quantity) break;
    }
    return executionVerdict(timeInForce, quantity, available);
  }

  /** Accepts an order that passed all checks, and fills what it takes at once. */
  place(account: TradingAccount, ticket: OrderTicket): Order {
    const order = orderOf(ticket, account.id, this.#nextOrderId++, this.#options.now());
    this.#operate(ticket.symbol, (operation) => {
      this.#execution.accept(order, operation);
      this.#match(order, operation);
    });
    return order;
  }

  /** Fills an order of the venue itself outside the book, whole and at its price; its event tells the status `shown`. */
  force(account: TradingAccount, ticket: OrderTicket, shown: VenueOrderStatus): void {
    const order = orderOf(ticket, account.id, this.#nextOrderId++, this.#options.now());
    this.#operate(ticket.symbol, (operation) => this.#execution.force(order, shown, operation));
  }

  /**
   * Gives an open order a new price and quantity, and the last place in the queue. As documented, it cancels an order that filled
   * the new quantity already, and a GTX order that would take.
   */
  amend(order: Order, amendment: Amendment): void {
    const { sent: _, ...known } = order.ticket;
    const ticket = { ...known, ...amendment };
    if (amendment.quantity <= order.filled || this.executionVerdict(ticket) === 'GTX_REJECTED') {
      this.cancel(order);
      return;
    }
    this.#operate(ticket.symbol, (operation) => {
      this.#execution.leaveQueue(order);
      order.ticket = ticket;
      order.updateTime = this.#options.now();
      const { grid } = operation.market;
      operation.events.push(orderEvent(order, 'AMENDMENT', order.updateTime, { open: this.open, grid }));
      this.#match(order, operation);
    });
  }

  /** Cancels open orders as one operation. */
  cancel(...orders: readonly Order[]): void {
    const [first] = orders;
    if (first === undefined) return;
    this.#operate(first.ticket.symbol, (operation) => {
      for (const order of orders) this.#execution.end(order, 'CANCELED', ExpireReason.none, operation);
    });
  }

  /** Ends an open order that its account did not cancel, such as at a liquidation. */
  expire(order: Order, reason: ExpireCode): void {
    this.#operate(order.ticket.symbol, (operation) => this.#execution.end(order, 'EXPIRED', reason, operation));
  }

  /** Fills resting orders that a trade of the market reaches. */
  onTrade(symbol: string, trade: LevelTrade): void {
    const bids = reachedByTrade(this.open.resting(symbol, 'BUY'), trade);
    const asks = reachedByTrade(this.open.resting(symbol, 'SELL'), trade);
    if (bids.length + asks.length === 0) return;
    this.#operate(symbol, (operation) => {
      for (const { order, quantity } of [...bids, ...asks]) this.#execution.fillMaker(order, quantity, operation);
    });
  }

  /** Fills resting orders that the shown book has crossed. */
  onBook(symbol: string): void {
    for (const side of ['BUY', 'SELL'] as const) {
      const resting = this.open.resting(symbol, side);
      const market = resting.length === 0 ? undefined : this.#options.marketOf(symbol);
      const reached = market === undefined ? [] : reachedByBook(resting, market.opposite(side));
      if (reached.length === 0) continue;
      this.#operate(symbol, (operation) => {
        for (const { order, quantity } of reached) {
          releaseQueue(this.open, order, quantity);
          this.#execution.fillMaker(order, quantity, operation);
        }
      });
    }
  }

  /** Runs one operation on a contract, ends the reduce-only orders that it left nothing to reduce, and emits its events. */
  #operate(symbol: string, run: (operation: Operation) => void): void {
    const market = this.#options.marketOf(symbol);
    if (market === undefined) throw new Error(`The contract ${symbol} has no market.`);
    const operation: Operation = { market, events: [] };
    run(operation);
    for (const order of knockedOutOrders(symbol, operation.events, this.open, this.#options.accounts))
      this.#execution.end(order, 'EXPIRED', ExpireReason.knockedOut, operation);
    if (operation.events.length > 0) this.#options.emit(operation.events);
  }

  /** What the order meets within its limit, best price first. */
  *#offers(market: TradedMarket, ticket: OrderTicket): Generator<Offer> {
    const { symbol, side, type, price } = ticket;
    const limit = type === 'MARKET' ? market.bound(side) : price;
    const isWithin = limit === undefined ? () => true : within(side, limit);
    for (const offer of offersFor(side, market.opposite(side), this.open.resting(symbol, opposite(side)))) {
      if (!isWithin(offer.price)) return;
      yield offer;
    }
  }

  /** Takes liquidity; the rest of the order waits or expires. */
  #match(order: Order, operation: Operation): void {
    const execution = this.#execution;
    if (this.executionVerdict(order.ticket) !== 'ACCEPTED') {
      execution.end(order, 'EXPIRED', ExpireReason.none, operation);
      return;
    }
    for (const offer of this.#offers(operation.market, order.ticket)) {
      if (!isOpen(order) || execution.takeable(order) === 0) break;
      if (offer.maker === undefined) this.#take(order, offer, operation);
      else if (isOpen(offer.maker)) this.#meet(order, offer.maker, operation);
    }
    if (!isOpen(order)) return;
    const verdict =
      execution.fillable(order) === 0
        ? ({ kind: 'EXPIRE', reason: ExpireReason.knockedOut } as const)
        : restVerdict(order.ticket.type === 'MARKET', order.ticket.timeInForce);
    if (verdict.kind === 'EXPIRE') execution.end(order, 'EXPIRED', verdict.reason, operation);
    else {
      startQueue(this.open, order, operation.market);
      this.open.rest(order);
    }
  }

  #take(order: Order, { price, quantity }: Offer, operation: Operation): void {
    const size = Math.min(quantity, this.#execution.takeable(order));
    if (size > 0) this.#execution.fill(order, { price, quantity: size, isMaker: false }, operation);
  }

  /** Trades with a resting order, unless both are of one account and that is prevented. */
  #meet(order: Order, maker: Order, operation: Operation): void {
    const execution = this.#execution;
    if (maker.accountId === order.accountId) {
      const { selfTradePreventionMode, timeInForce } = order.ticket;
      const { expiresMaker, expiresTaker } = selfTradeVerdict(selfTradePreventionMode, timeInForce);
      const reason = timeInForce === 'IOC' ? ExpireReason.iocSelfTrade : ExpireReason.selfTrade;
      if (expiresMaker) execution.end(maker, 'EXPIRED_IN_MATCH', ExpireReason.selfTrade, operation);
      if (expiresTaker) execution.end(order, 'EXPIRED_IN_MATCH', reason, operation);
      if (expiresMaker || expiresTaker) return;
    }
    const quantity = Math.min(execution.takeable(order), execution.takeable(maker));
    if (quantity === 0) return;
    const { price } = maker.ticket;
    const tradeId = execution.takeTradeId();
    releaseQueue(this.open, maker, quantity);
    execution.fill(maker, { price, quantity, isMaker: true }, operation, tradeId);
    // Both may be orders of one account, and reduce one position.
    const size = Math.min(quantity, execution.takeable(order));
    if (size > 0) execution.fill(order, { price, quantity: size, isMaker: false }, operation, tradeId);
  }
}
