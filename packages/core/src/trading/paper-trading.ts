import type { Account } from '@helios/shared/domain/account.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Book, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { OrderWatch } from '@helios/shared/domain/order-watch.ts';
import type { PositionUpdate } from '@helios/shared/domain/position.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { actionOf } from '../execution/fill.ts';
import { restoredOrder, type WorkingOrder, WorkingOrders } from '../execution/working-orders.ts';
import { PaperVenue } from '../paper/paper-venue.ts';
import { PositionBook } from '../portfolio/position-book.ts';
import type { RiskSettings } from '../risk/assess.ts';
import { AccountWatch } from './account-watch.ts';
import { Answers } from './answers.ts';
import { OrderClock } from './order-clock.ts';
import { cancelled, OrderFlow } from './order-flow.ts';
import { OrderPlacer } from './order-placer.ts';
import { PaperAccount } from './paper-account.ts';
import { PaperSignals } from './paper-signals.ts';
import type { RestingOrder, Simulator, SimulatorEffect, SimulatorParams, SimulatorState } from './simulator-port.ts';

export type { RestingOrder, Simulator, SimulatorEffect, SimulatorState } from './simulator-port.ts';

const NONE: readonly SimulatorEffect[] = [];

/** Paper trading for one run, empty or continuing from `restored`. */
export function createSimulator(params: SimulatorParams, run: string, restored?: SimulatorState): Simulator {
  return new PaperTrading(params, run, restored);
}

/** The simulated account of a run: it hears the market and the clock, and ends what is due. `PaperSignals` takes the signals. */
class PaperTrading implements Simulator {
  readonly #params: SimulatorParams;
  readonly #run: string;
  readonly #venue: PaperVenue;
  readonly #orders = new WorkingOrders();
  readonly #positions: PositionBook;
  /** Undefined if the size is fixed. */
  readonly #account: AccountWatch | undefined;
  readonly #answers = new Answers();
  readonly #flow: OrderFlow;
  readonly #placer: OrderPlacer;
  readonly #signals: PaperSignals;
  readonly #clock: OrderClock;
  readonly #instruments = new Map<string, Instrument>();

  constructor(params: SimulatorParams, run: string, restored: SimulatorState | undefined) {
    this.#params = params;
    this.#run = run;
    this.#venue = new PaperVenue(params.fees, params.models);
    this.#clock = new OrderClock(this.#orders, this.#venue);
    this.#positions = new PositionBook(run, params.rules?.trading.leverage);
    this.#flow = new OrderFlow(this.#venue, this.#orders, this.#positions, this.#answers);
    this.#placer = new OrderPlacer({ params, run, venue: this.#venue, flow: this.#flow });
    this.#account = params.rules && this.#accountWatch(params.rules);
    this.#signals = new PaperSignals({
      ...{ simulation: params.simulation, venue: this.#venue, orders: this.#orders, positions: this.#positions },
      ...{ answers: this.#answers, flow: this.#flow, placer: this.#placer, account: this.#account },
      instrumentOf: (symbol) => this.#instruments.get(symbol),
    });
    if (restored) this.#restore(restored);
  }

  onInstrument(instrument: Instrument): void {
    this.#instruments.set(instrument.symbol, instrument);
    this.#venue.onInstrument(instrument);
  }

  onSignal(received: TradingSignal, nowMs: number): readonly SimulatorEffect[] {
    return this.#counted(this.#execute(received, nowMs));
  }

  onMarket(event: MarketEvent, nowMs: number): readonly SimulatorEffect[] {
    return this.#counted(this.#hear(event, nowMs));
  }

  onTimer(nowMs: number): readonly SimulatorEffect[] {
    return this.#counted(this.#expire(nowMs));
  }

  takeFunded(): readonly string[] {
    const funded = this.#positions.takeFunded();
    const changed = this.#flow.takeChanged();
    return changed.length === 0 ? funded : [...new Set([...funded, ...changed])];
  }

  takeExecutions(): readonly Execution[] {
    return this.#answers.take();
  }

  positionUpdate(symbol: string, nowMs: number): PositionUpdate {
    const positions = this.#account?.positionsOf(symbol, nowMs) ?? this.#positions.of(symbol);
    const orders = this.#orders.of(symbol).map(({ order }) => order);
    return { run: this.#run, symbol, ts_event: nowMs, positions, orders };
  }

  restingOf(symbol: string): readonly RestingOrder[] {
    return this.#orders.of(symbol).map(({ order, signal }) => {
      const queueAhead = this.#venue.queueAhead(order.order_id);
      return { order, signal, ...(queueAhead !== undefined && { queueAhead }) };
    });
  }

  symbols(): readonly string[] {
    return [...new Set([...this.#positions.symbols(), ...this.#orders.symbols()])];
  }

  account(nowMs: number): Account | undefined {
    return this.#account?.account(nowMs);
  }

  restingOrders(): number {
    return this.#orders.size;
  }

  idleUntil(): number {
    return Math.min(this.#orders.nextExpiry(), this.#positions.fundedUntil);
  }

  undisturbedUntil(): number | undefined {
    // Under the live profile a book or a mark price may liquidate or reduce a position.
    if (this.#orders.size > 0 || this.#account !== undefined) return undefined;
    // Until its next funding is known, a mark price must announce it.
    const times = this.#positions.all().map(({ next_funding }) => next_funding?.ts ?? Number.NEGATIVE_INFINITY);
    return Math.min(...times);
  }

  orderWatch(nowMs: number): OrderWatch | undefined {
    // Under the live profile a book or a mark price may liquidate or reduce a position.
    if (this.#orders.size === 0 || this.#account !== undefined) return undefined;
    const orders = this.#venue.queues();
    const untilTs = Math.min(this.#orders.nextExpiry(), this.#positions.nextFunding());
    return orders.length === this.#orders.size && untilTs > nowMs ? { orders, until_ts: untilTs } : undefined;
  }

  books(): readonly Book[] {
    return this.#venue.market.books();
  }

  freshBook(symbol: string, nowMs: number): Book | undefined {
    return this.#venue.market.freshBook(symbol, nowMs);
  }

  #execute(received: TradingSignal, nowMs: number): readonly SimulatorEffect[] {
    this.#clock.read(nowMs);
    this.#positions.fund(nowMs);
    return this.#signals.take(received, nowMs);
  }

  #hear(event: MarketEvent, nowMs: number): readonly SimulatorEffect[] {
    this.#clock.read(nowMs);
    if (event.type === 'book') this.#venue.market.seeBook(event, nowMs);
    if (event.type === 'mark') {
      this.#venue.market.seeMark(event);
      this.#positions.onMark(event);
    }
    const reductions = this.#account?.onMarket(event, nowMs);
    const late = this.#endLate(nowMs);
    const effects = reductions ? [...reductions, ...late] : late;
    if (this.#orders.size === 0) return effects;
    if (event.type === 'book') this.#venue.onBook(event);
    if (event.type === 'trade') {
      const filled = this.#flow.onEvents(this.#venue.onTrade(event));
      return filled.length === 0 ? effects : [...effects, ...filled];
    }
    if (event.type === 'break' && event.kind === 'SESSION_END') {
      // A resting exit stays until the SESSION_END exit of signal-engine, or until its timeout.
      const entries = this.#orders.of(event.symbol).filter(({ order }) => order.purpose === 'ENTRY');
      const why = cancelled('the session ended');
      return [...effects, ...this.#each(entries, (working) => this.#placer.giveUp(working, nowMs, why))];
    }
    return effects;
  }

  #expire(nowMs: number): readonly SimulatorEffect[] {
    this.#clock.read(nowMs);
    return this.#endLate(nowMs);
  }

  /** Charges what is due, then ends the orders that have expired; the clock is read. */
  #endLate(nowMs: number): readonly SimulatorEffect[] {
    this.#positions.fund(nowMs);
    const late = this.#orders.expired(nowMs);
    if (late.length === 0) return NONE;
    const remark = `not filled within ${this.#params.simulation.limit_timeout_sec} s`;
    return this.#each(late, (working) => this.#placer.giveUp(working, nowMs, { answer: 'EXPIRED', remark }));
  }

  /** Adds the round trips among the effects to the account. */
  #counted(effects: readonly SimulatorEffect[]): readonly SimulatorEffect[] {
    if (this.#account) for (const { trade } of effects) if (trade) this.#account.addTrade(trade);
    return effects;
  }

  #accountWatch(rules: RiskSettings): AccountWatch {
    const venue = this.#venue;
    const markPrice = (symbol: string, nowMs: number) => venue.market.markPrice(symbol, nowMs);
    const account = new PaperAccount({ ...this.#params, rules, run: this.#run, markPrice });
    const instrumentOf = (symbol: string) => this.#instruments.get(symbol);
    const parts = { positions: this.#positions, orders: this.#orders, flow: this.#flow, placer: this.#placer };
    return new AccountWatch({ account, venue, instrumentOf, ...parts });
  }

  #restore({ positions, resting, books = [], instruments = [], trades = [] }: SimulatorState): void {
    if (this.#account) for (const trade of trades) this.#account.addTrade(trade);
    for (const position of positions) {
      const isEntryOver = !resting.some(({ order }) => order.signal_id === position.signal_id);
      this.#positions.restore(position, isEntryOver);
    }
    for (const { order, signal, queueAhead } of resting) {
      const position = order.purpose === 'EXIT' ? this.#positions.find(order.symbol, order.side) : undefined;
      this.#orders.add(restoredOrder(order, signal, position?.signal_id));
      this.#venue.restore(order, actionOf(signal.direction), queueAhead);
    }
    for (const book of books) this.#venue.market.seeBook(book);
    for (const instrument of instruments) this.onInstrument(instrument);
  }

  /** Applies `act` one by one: an earlier call may end a later order. */
  #each(orders: readonly WorkingOrder[], act: (working: WorkingOrder) => SimulatorEffect[]): SimulatorEffect[] {
    return orders.flatMap((working) => (this.#orders.get(working.order.order_id) === working ? act(working) : []));
  }
}
