import type { VenueMessage } from '@helios/binance/parse-frame.ts';
import { moneyOf } from '@helios/core/matching/money.ts';
import { ExpireReason } from '@helios/core/matching/order-rules.ts';
import { decimalsOf } from '@helios/core/price/decimal-text.ts';
import { type AccountStart, AccountStore } from '../accounts/account-store.ts';
import type { TradingAccount } from '../accounts/trading-account.ts';
import { TransactionIds } from '../accounts/transaction-ids.ts';
import { TrueHistory } from '../accounts/true-history.ts';
import { type Contract, TRIGGER_PROTECT } from '../listing/contract.ts';
import type { Listed } from '../listing/listed.ts';
import { UserStream } from '../user-stream/user-stream.ts';
import { AmendmentLog } from './amendment-log.ts';
import { ConditionalOrders, type Submitted, type WorkingPrices } from './conditional-orders.ts';
import { Countdowns } from './countdowns.ts';
import { Funding } from './funding.ts';
import { Liquidator } from './liquidator.ts';
import { MarginWatch } from './margin-watch.ts';
import { MatchingEngine } from './matching-engine.ts';
import type { Order, OrderTicket, VenueOrderStatus } from './order.ts';
import { bookPriceOf, ticketProblem } from './order-checks.ts';
import { Timers } from './timers.ts';
import { GridMarket } from './traded-market.ts';
import type { TradingEvent } from './trading-event.ts';

/** What trading needs of the venue. */
export interface TradingDependencies {
  readonly accounts: readonly AccountStart[];
  readonly listed: (symbol: string) => Listed | undefined;
  /** The server's time, epoch ms. */
  readonly now: () => number;
  /** The clock, which faults do not move. */
  readonly clock: () => number;
}

/** In units of 1e-4. */
const PROTECT_THRESHOLD = moneyOf(TRIGGER_PROTECT) / 10_000n;

/** The trading side of the venue: accounts, matching, user streams and the true history. */
export class TradingVenue {
  readonly accounts: AccountStore;
  readonly engine: MatchingEngine;
  readonly conditional: ConditionalOrders;
  readonly userStream: UserStream;
  readonly trueHistory = new TrueHistory();
  readonly timers = new Timers();
  readonly countdowns: Countdowns;
  readonly amendments = new AmendmentLog();
  readonly transactionIds = new TransactionIds();
  readonly liquidator: Liquidator;
  readonly #watch: MarginWatch;
  readonly #dependencies: TradingDependencies;
  readonly #markets = new Map<string, GridMarket>();
  readonly #lastMarks = new Map<string, string>();
  /** Writes down what an operation changed. */
  #record: (events: readonly TradingEvent[]) => void = () => {};
  /** Server time of the market event that plays now; undefined between events. */
  #playingTs: number | undefined;

  constructor(dependencies: TradingDependencies) {
    this.#dependencies = dependencies;
    this.accounts = new AccountStore(dependencies.accounts, dependencies.now());
    this.userStream = new UserStream(this.accounts, {
      viewOf: (symbol) => this.#viewOf(symbol),
      now: () => this.now(),
      clock: dependencies.clock,
    });
    this.engine = new MatchingEngine({
      accounts: this.accounts,
      marketOf: (symbol) => this.marketOf(symbol),
      now: () => this.now(),
      emit: (events) => this.emit(events),
    });
    this.conditional = new ConditionalOrders({
      accounts: this.accounts,
      pricesOf: (symbol) => this.#workingPrices(symbol),
      now: () => this.now(),
      emit: (events) => this.emit(events),
      submit: (account, ticket) => this.#submit(account, ticket),
    });
    this.liquidator = new Liquidator(this);
    this.#watch = new MarginWatch(this, this.liquidator);
    this.timers.add(new Funding(this));
    this.timers.add(this.conditional);
    this.timers.add(this.userStream);
    this.countdowns = new Countdowns(this.engine);
    this.timers.add(this.engine.goodTillDates);
    this.timers.add(this.countdowns);
  }

  /** The server's time: that of the market event that plays, or of the request. */
  now(): number {
    return this.#playingTs ?? this.#dependencies.now();
  }

  /** A listed contract's market on its grid. */
  marketOf(symbol: string): GridMarket | undefined {
    const known = this.#markets.get(symbol);
    const listed = this.#dependencies.listed(symbol);
    if (known !== undefined || listed === undefined) return known;
    const market = new GridMarket(listed.market, listed.contract, () => this.markPrice(symbol));
    this.#markets.set(symbol, market);
    return market;
  }

  /** A contract as listed now; undefined if it is not listed. */
  contractOf(symbol: string): Contract | undefined {
    return this.#dependencies.listed(symbol)?.contract;
  }

  /** Mark price text; undefined before any price. A contract that was taken off the list keeps its last one. */
  markPrice(symbol: string): string | undefined {
    const price = this.#dependencies.listed(symbol)?.market.mark(this.now())?.markPrice;
    if (price !== undefined) this.#lastMarks.set(symbol, price);
    return price ?? this.#lastMarks.get(symbol);
  }

  /** Asset that pays the margin of a contract; undefined if it is not listed. */
  marginAsset(symbol: string): string | undefined {
    return this.#dependencies.listed(symbol)?.contract.marginAsset;
  }

  /** Lets resting orders react to a market message that plays at server time `ts`. */
  onMessage(symbol: string, message: VenueMessage, ts: number): void {
    this.#at(ts, () => {
      if (message.kind === 'TRADE') this.#onTrade(symbol);
      else if (message.kind === 'DEPTH_UPDATE' || message.kind === 'DEPTH_SNAPSHOT') this.#onBook(symbol);
      if (message.kind === 'TRADE' || message.kind === 'MARK_PRICE') this.conditional.onPrice(symbol);
      this.#watch.onPrice(symbol);
    });
  }

  /** Lets the orders of a symbol react to prices that changed without a message, such as by a fault. */
  onPrices(symbol: string): void {
    this.#onBook(symbol);
    this.conditional.onPrice(symbol);
    this.#watch.onPrice(symbol);
  }

  /** Checks the margin of every account, after their wallets changed. */
  onWallets(): void {
    this.#watch.onWallets();
  }

  /** Funding rate of a perpetual, a decimal text; undefined for other contracts. */
  fundingRate(symbol: string): string | undefined {
    const listed = this.#dependencies.listed(symbol);
    if (listed === undefined || !listed.contract.contractType.endsWith('PERPETUAL')) return undefined;
    return listed.market.mark(this.now())?.fundingRate;
  }

  /** Places an order of the venue itself, which takes from the book within its price. */
  takeFromBook(account: TradingAccount, ticket: OrderTicket): void {
    this.engine.place(account, ticket);
  }

  /** Fills an order of the venue itself outside the book, whole and at its price. */
  fillOutside(account: TradingAccount, ticket: OrderTicket, shown: VenueOrderStatus): void {
    this.engine.force(account, ticket, shown);
  }

  /** Ends an open order because its account is liquidated. */
  endForLiquidation(order: Order): void {
    this.engine.expire(order, ExpireReason.liquidated);
  }

  /** Sets who writes down each operation before the user streams tell of it. */
  recordTo(record: (events: readonly TradingEvent[]) => void): void {
    this.#record = record;
  }

  /** Writes down changes without an event, such as of a setting. Called before a request is answered. */
  saveChanges(): void {
    this.#record([]);
  }

  /** Runs what is due up to server time `ts`. */
  passTo(ts: number): void {
    this.timers.passTo(ts, (dueTs, run) => this.#at(dueTs, run));
  }

  #at(ts: number, run: () => void): void {
    this.#playingTs = ts;
    try {
      run();
    } finally {
      this.#playingTs = undefined;
    }
  }

  #onBook(symbol: string): void {
    if (this.marketOf(symbol)?.isNewBook() === true) this.engine.onBook(symbol);
  }

  #onTrade(symbol: string): void {
    const trade = this.#dependencies.listed(symbol)?.market.tape.last;
    const grid = this.marketOf(symbol)?.grid;
    const price = trade && grid?.ticksOf(trade.price);
    const quantity = trade && grid?.stepsOf(trade.qty);
    if (trade === undefined || price === undefined || quantity === undefined) return;
    this.engine.onTrade(symbol, { price, quantity, buyerIsMaker: trade.buyerIsMaker });
  }

  /** Records events and sends them to their user streams. */
  emit(events: readonly TradingEvent[]): void {
    this.trueHistory.add(events);
    this.#record(events);
    this.userStream.onEvents(events);
    this.conditional.onEvents(events);
  }

  /** Places the ordinary order of a triggered one. */
  #submit(account: TradingAccount, ticket: OrderTicket): Submitted {
    const price = bookPriceOf(this, ticket);
    if (typeof price !== 'number') return { kind: 'DENIED', reason: price.msg };
    const priced = { ...ticket, price };
    const problem = ticketProblem(this, account, priced);
    if (problem !== undefined) return { kind: 'DENIED', reason: problem.msg };
    return { kind: 'PLACED', order: this.engine.place(account, priced) };
  }

  #workingPrices(symbol: string): WorkingPrices | undefined {
    const listed = this.#dependencies.listed(symbol);
    if (listed === undefined) return undefined;
    const last = listed.market.lastPrice;
    const mark = this.markPrice(symbol);
    return {
      contract: last === undefined ? undefined : moneyOf(last),
      mark: mark === undefined ? undefined : moneyOf(mark),
      decimals: decimalsOf(listed.contract.tickSize),
      protectThreshold: PROTECT_THRESHOLD,
    };
  }

  #viewOf(symbol: string): { grid: GridMarket['grid']; markPrice: string } | undefined {
    const market = this.marketOf(symbol);
    const markPrice = this.markPrice(symbol);
    return market === undefined || markPrice === undefined ? undefined : { grid: market.grid, markPrice };
  }
}
