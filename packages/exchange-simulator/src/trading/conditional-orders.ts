import { isTooFarApart, stepTrigger } from '@helios/core/matching/conditional.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { TradingAccount } from '../accounts/trading-account.ts';
import { ConditionalBook } from './conditional-book.ts';
import { actualTicket } from './conditional-child.ts';
import {
  type AlgoStatus,
  type ConditionalOrder,
  type ConditionalTicket,
  conditionOf,
  isWaiting,
} from './conditional-order.ts';
import { type ConditionalRefusal, closable, conditionalRefusal } from './conditional-rules.ts';
import { isOpen, type Order, type OrderTicket } from './order.ts';
import type { Scheduled } from './timers.ts';
import type { TradingEvent } from './trading-event.ts';

/** Contract and mark price of a symbol, in money; undefined before any price. */
export interface WorkingPrices {
  readonly contract: bigint | undefined;
  readonly mark: bigint | undefined;
  /** Decimals of price texts. */
  readonly decimals: number;
  /** Largest gap of the two for protected orders, in units of 1e-4. */
  readonly protectThreshold: bigint;
}

/** What became of a triggered order: an ordinary order, or the reason why not. */
export type Submitted =
  | { readonly kind: 'PLACED'; readonly order: Order }
  | { readonly kind: 'DENIED'; readonly reason: string };

/** A fault at the trigger: the order hangs in TRIGGERING, or the matching engine rejects it. */
export type TriggerFault = { readonly kind: 'STUCK' } | { readonly kind: 'DENIED'; readonly reason: string };

export interface ConditionalDependencies {
  readonly accounts: AccountStore;
  readonly pricesOf: (symbol: string) => WorkingPrices | undefined;
  /** The venue's time, epoch ms. */
  readonly now: () => number;
  readonly emit: (events: readonly TradingEvent[]) => void;
  /** Sends an ordinary order to the matching engine, with all checks of an order of a client. */
  readonly submit: (account: TradingAccount, ticket: OrderTicket) => Submitted;
}

const FIRST_ALGO_ID = 4_000_001_912_557_457n;

/** The venue's algo service: keeps conditional orders and turns them into ordinary ones when a price triggers them. */
export class ConditionalOrders implements Scheduled {
  readonly book = new ConditionalBook();
  readonly #dependencies: ConditionalDependencies;
  #nextId = FIRST_ALGO_ID;
  /** Time of the next good-till date, epoch ms. */
  #dueTs: number | undefined;
  /** Set by faults: what happens to an order that triggers. */
  faultOf: (order: ConditionalOrder) => TriggerFault | undefined = () => undefined;

  constructor(dependencies: ConditionalDependencies) {
    this.#dependencies = dependencies;
  }

  get nextId(): bigint {
    return this.#nextId;
  }

  set nextId(id: bigint) {
    this.#nextId = id;
  }

  /** Takes over an order of an earlier process. */
  restore(order: ConditionalOrder): void {
    if (isWaiting(order)) this.book.add(order);
    else this.book.retire(order);
    this.#planExpiry();
  }

  /** Why an order would be refused; undefined if it would not. */
  refusalOf(account: TradingAccount, ticket: ConditionalTicket): ConditionalRefusal | undefined {
    return conditionalRefusal(account, ticket, this.book.ofAccount(account.id), this.#priceOf(ticket));
  }

  /** Accepts an order that `refusalOf` does not refuse. Margin is not checked before the trigger. */
  place(account: TradingAccount, ticket: ConditionalTicket): ConditionalOrder {
    const ts = this.#dependencies.now();
    const price = this.#priceOf(ticket) ?? 0n;
    const order: ConditionalOrder = {
      ...{ id: this.#nextId, accountId: account.id, ticket, status: 'NEW', trigger: conditionOf(ticket, price) },
      ...{ createTime: ts, updateTime: ts, triggerTime: 0, actual: undefined, rejectReason: undefined },
    };
    this.#nextId += 1n;
    this.book.add(order);
    if (ticket.goodTillDate > 0) this.#planExpiry();
    this.#tell(order);
    // Without an activation price, the price at the placement activates a trailing stop.
    if (ticket.type === 'TRAILING_STOP_MARKET' && ticket.activatePrice === undefined) this.#step(order, price);
    return order;
  }

  /** Cancels an order that still waits; false if it triggers already. */
  cancel(order: ConditionalOrder): boolean {
    if (order.status !== 'NEW') return false;
    this.#end(order, 'CANCELED');
    return true;
  }

  /** Applies the present prices of a symbol to its orders. */
  onPrice(symbol: string): void {
    const orders = this.book.of(symbol);
    const prices = orders.length === 0 ? undefined : this.#dependencies.pricesOf(symbol);
    for (const order of orders) {
      const price = order.ticket.workingType === 'MARK_PRICE' ? prices?.mark : prices?.contract;
      // One that triggers may end others.
      if (price !== undefined && order.status === 'NEW') this.#step(order, price);
    }
  }

  /** Follows the ordinary orders of triggered orders, and ends orders whose position is gone. */
  onEvents(events: readonly TradingEvent[]): void {
    for (const event of events) {
      if (event.kind === 'ORDER') this.#follow(event.order);
      else if (event.kind === 'BALANCE')
        for (const { symbol } of event.positions) this.#expireWithoutPosition(event.accountId, symbol);
    }
  }

  dueTs(): number | undefined {
    return this.#dueTs;
  }

  /** Ends the orders whose good-till date has come. */
  run(ts: number): void {
    for (const order of this.book.all()) {
      const { goodTillDate } = order.ticket;
      if (order.status === 'NEW' && goodTillDate > 0 && goodTillDate <= ts) this.#end(order, 'EXPIRED');
    }
    this.#planExpiry();
  }

  #planExpiry(): void {
    const dates = this.book
      .all()
      .filter(({ status, ticket }) => status === 'NEW' && ticket.goodTillDate > 0)
      .map(({ ticket }) => ticket.goodTillDate);
    this.#dueTs = dates.length === 0 ? undefined : Math.min(...dates);
  }

  #priceOf({ symbol, workingType }: ConditionalTicket): bigint | undefined {
    const prices = this.#dependencies.pricesOf(symbol);
    return workingType === 'MARK_PRICE' ? prices?.mark : prices?.contract;
  }

  #step(order: ConditionalOrder, price: bigint): void {
    const step = stepTrigger(order.trigger, price);
    if (step.kind === 'TRIGGERED' && this.#isHeldBack(order.ticket)) return;
    order.trigger = step.trigger;
    if (step.kind === 'ACTIVATED') this.#tell(order);
    if (step.kind === 'TRIGGERED') this.#triggered(order);
  }

  #isHeldBack({ symbol, priceProtect }: ConditionalTicket): boolean {
    const prices = priceProtect ? this.#dependencies.pricesOf(symbol) : undefined;
    if (prices?.contract === undefined || prices.mark === undefined) return false;
    return isTooFarApart(prices.contract, prices.mark, prices.protectThreshold);
  }

  #triggered(order: ConditionalOrder): void {
    const { accounts, now, pricesOf, submit } = this.#dependencies;
    order.triggerTime = now();
    this.#change(order, 'TRIGGERING');
    const account = accounts.byId(order.accountId);
    const fault = this.faultOf(order);
    if (account === undefined || fault?.kind === 'STUCK') return;
    const ticket = actualTicket(order, closable(account, order.ticket), pricesOf(order.ticket.symbol)?.decimals ?? 0);
    const outcome = fault ?? (ticket === undefined ? REDUCE_ONLY : submit(account, ticket));
    if (outcome.kind === 'DENIED') {
      order.rejectReason = outcome.reason;
      this.#end(order, 'REJECTED');
      return;
    }
    this.#copyActual(order, outcome.order);
    this.#end(order, 'TRIGGERED');
    if (!isOpen(outcome.order)) this.#change(order, 'FINISHED');
  }

  #follow(actual: Order): void {
    const { accountId, ticket } = actual;
    const order = ticket.origin && this.book.past(accountId, ticket.origin.algoId);
    if (order?.status !== 'TRIGGERED') return;
    this.#copyActual(order, actual);
    if (!isOpen(actual)) this.#change(order, 'FINISHED');
  }

  #copyActual(order: ConditionalOrder, { id, filled, filledValue, ticket }: Order): void {
    order.actual = { id, filled, filledValue, type: ticket.type };
  }

  #expireWithoutPosition(accountId: string, symbol: string): void {
    const account = this.#dependencies.accounts.byId(accountId);
    if (account === undefined) return;
    for (const order of this.book.ofAccount(accountId, symbol)) {
      const isGone = order.ticket.timeInForce === 'GTE_GTC' && closable(account, order.ticket) === 0;
      if (isGone && order.status === 'NEW') this.#end(order, 'EXPIRED');
    }
  }

  #end(order: ConditionalOrder, status: AlgoStatus): void {
    this.#change(order, status);
    if (!isWaiting(order)) this.book.retire(order);
    if (order.ticket.goodTillDate > 0) this.#planExpiry();
  }

  #change(order: ConditionalOrder, status: AlgoStatus): void {
    order.status = status;
    order.updateTime = this.#dependencies.now();
    this.#tell(order);
  }

  #tell(order: ConditionalOrder): void {
    const { accountId } = order;
    this.#dependencies.emit([{ kind: 'ALGO', accountId, ts: this.#dependencies.now(), order: { ...order } }]);
  }
}

/** The venue's documented reason of a rejected reduce-only order. */
const REDUCE_ONLY: Submitted = { kind: 'DENIED', reason: 'Reduce Only reject' };
