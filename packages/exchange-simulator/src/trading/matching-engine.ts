import type { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import { countTrade, type LevelTrade, reachedQuantity } from '@helios/core/matching/queue.ts';
import { type Taken, walkLevels } from '@helios/core/matching/walk-levels.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { TradingAccount } from '../accounts/trading-account.ts';
import { OpenOrders } from './open-orders.ts';
import { isOpen, type Order, type OrderTicket, remaining, type VenueOrderStatus } from './order.ts';
import { balanceEvent, type Match, settleFill } from './settlement.ts';
import type { ExecutedFill, ExecutionKind, TradingEvent } from './trading-event.ts';

/** A contract's book and grid, as matching needs them. */
export interface TradedMarket {
  readonly grid: ContractGrid;
  /** The shown levels that an order of this side takes, best first, in ticks and steps. */
  opposite(side: 'BUY' | 'SELL'): Iterable<Taken>;
  /** Steps shown at a price on the side that an order joins; 0 for none. */
  shownAt(side: 'BUY' | 'SELL', price: number): number;
}

export interface EngineOptions {
  readonly accounts: AccountStore;
  readonly marketOf: (symbol: string) => TradedMarket | undefined;
  /** The venue's time, epoch ms. */
  readonly now: () => number;
  /** Receives the events of one operation, in the venue's order. */
  readonly emit: (events: readonly TradingEvent[]) => void;
  readonly firstOrderId?: bigint;
}

/** Ids as the venue has them since 2025: above 2^53, where a JSON number loses digits. */
const FIRST_ORDER_ID = 9_007_199_300_000_000_001n;
const FIRST_TRADE_ID = 5_612_428_004;

/**
 * Matches orders against the shown book and against each other. It keeps no clock: each call happens at `now`.
 *
 * The shown book does not change when an order takes from it: the recording goes on as it was recorded.
 */
export class MatchingEngine {
  readonly open = new OpenOrders();
  readonly #options: EngineOptions;
  #nextOrderId: bigint;
  #nextTradeId = FIRST_TRADE_ID;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#nextOrderId = options.firstOrderId ?? FIRST_ORDER_ID;
  }

  /** Ids of the next order and trade. */
  get nextIds(): { readonly order: bigint; readonly trade: number } {
    return { order: this.#nextOrderId, trade: this.#nextTradeId };
  }

  set nextIds({ order, trade }) {
    this.#nextOrderId = order;
    this.#nextTradeId = trade;
  }

  /** Takes over an open order of an earlier process, with its place in the queue. */
  restore(order: Order): void {
    this.open.add(order);
  }

  /** Accepts an order that passed all checks, and fills what it takes at once. */
  place(account: TradingAccount, ticket: OrderTicket): Order {
    const ts = this.#options.now();
    const order: Order = {
      id: this.#nextOrderId,
      accountId: account.id,
      ticket,
      status: 'NEW',
      filled: 0,
      filledValue: 0n,
      expireReason: '0',
      time: ts,
      updateTime: ts,
      place: undefined,
    };
    this.#nextOrderId += 1n;
    this.open.add(order);
    const events: TradingEvent[] = [eventOf(order, 'NEW', ts)];
    this.#take(order, events);
    this.#restOrEnd(order, events);
    this.#options.emit(events);
    return order;
  }

  /** Cancels an open order. */
  cancel(order: Order): void {
    const events: TradingEvent[] = [];
    this.#end(order, 'CANCELED', 'CANCELED', events);
    this.#options.emit(events);
  }

  /** Fills resting orders that a trade of the market reaches. */
  onTrade(symbol: string, trade: LevelTrade): void {
    const events: TradingEvent[] = [];
    for (const order of this.open.of(symbol)) {
      if (order.place === undefined) continue;
      const reach = countTrade(order.place, trade);
      if (reach === 'NONE') continue;
      const { quantity } = order.ticket;
      const reached = reach === 'THROUGH' ? quantity : reachedQuantity(order.place, quantity);
      this.#fillMaker(order, reached - order.filled, events);
    }
    if (events.length > 0) this.#options.emit(events);
  }

  /** Fills resting orders that the shown book has crossed. */
  onBook(symbol: string): void {
    const market = this.#options.marketOf(symbol);
    if (market === undefined) return;
    const events: TradingEvent[] = [];
    for (const order of this.open.of(symbol)) {
      const { side, price } = order.ticket;
      const { left } = walkLevels(market.opposite(side), remaining(order), within(side, price));
      this.#fillMaker(order, remaining(order) - left, events);
    }
    if (events.length > 0) this.#options.emit(events);
  }

  #fillMaker(order: Order, quantity: number, events: TradingEvent[]): void {
    if (quantity > 0) this.#execute(order, { price: order.ticket.price, quantity, isMaker: true }, events);
  }

  /** Takes liquidity: the shown levels and the resting orders of others, best price first. */
  #take(order: Order, events: TradingEvent[]): void {
    const { symbol, side, type, price } = order.ticket;
    const market = this.#options.marketOf(symbol);
    if (market === undefined || order.ticket.timeInForce === 'GTX') return;
    const limit = type === 'MARKET' ? undefined : within(side, price);
    const { taken } = walkLevels(market.opposite(side), order.ticket.quantity, limit);
    for (const { price: at, quantity } of taken) this.#execute(order, { price: at, quantity, isMaker: false }, events);
  }

  #execute(order: Order, match: Match, events: TradingEvent[]): void {
    const { accounts, marketOf, now } = this.#options;
    const account = accounts.byId(order.accountId);
    const market = marketOf(order.ticket.symbol);
    if (account === undefined || market === undefined || !isOpen(order)) return;
    const ts = now();
    const { fill, position } = settleFill(order, match, {
      ...{ account, history: accounts.history(account), grid: market.grid, ts },
      nextTradeId: () => this.#nextTradeId++,
    });
    events.push(balanceEvent(account, 'ORDER', [position], ts), eventOf(order, 'TRADE', ts, fill));
    if (!isOpen(order)) this.#close(order);
  }

  /** What is left of a new order rests, or expires by its type. */
  #restOrEnd(order: Order, events: TradingEvent[]): void {
    if (!isOpen(order)) return;
    const { symbol, side, type, timeInForce, price } = order.ticket;
    if (type === 'MARKET' || timeInForce === 'IOC' || timeInForce === 'FOK') {
      this.#end(order, 'EXPIRED', 'EXPIRED', events);
      return;
    }
    const queueAhead = this.#options.marketOf(symbol)?.shownAt(side, price) ?? 0;
    order.place = { action: side, price, queueAhead, tradedAtLimit: 0 };
  }

  #end(order: Order, status: VenueOrderStatus, execution: ExecutionKind, events: TradingEvent[]): void {
    order.status = status;
    order.updateTime = this.#options.now();
    this.#close(order);
    events.push(eventOf(order, execution, order.updateTime));
  }

  #close(order: Order): void {
    this.open.remove(order);
    const account = this.#options.accounts.byId(order.accountId);
    if (account !== undefined) this.#options.accounts.history(account).addClosed(order);
  }
}

/** True for the prices that an order of this side accepts. */
function within(side: 'BUY' | 'SELL', limit: number): (price: number) => boolean {
  return side === 'BUY' ? (price) => price <= limit : (price) => price >= limit;
}

function eventOf(order: Order, execution: ExecutionKind, ts: number, fill?: ExecutedFill): TradingEvent {
  const copy = { ...order };
  return {
    kind: 'ORDER',
    accountId: order.accountId,
    ts,
    execution,
    order: copy,
    ...(fill === undefined ? {} : { fill }),
  };
}
