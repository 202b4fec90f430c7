import type { Account } from '@helios/shared/domain/account.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Book, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { OrderWatch } from '@helios/shared/domain/order-watch.ts';
import type { OpenPosition, PositionUpdate } from '@helios/shared/domain/position.ts';
import { paperProfileNameOf } from '@helios/shared/domain/profile-name.ts';
import type { RiskRuleResult } from '@helios/shared/domain/risk-rule.ts';
import { isExit, type Quote, type Side, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import { actionOf, type FillPlan, farSide, planFill, quoteOf } from '../execution/fill.ts';
import { requestOf } from '../execution/place.ts';
import { restoredOrder, type WorkingOrder, WorkingOrders } from '../execution/working-orders.ts';
import { isFresh } from '../paper/paper-market.ts';
import { PaperVenue } from '../paper/paper-venue.ts';
import { decisionOf } from '../portfolio/decision-of.ts';
import {
  type EntryRefusal,
  isHandMade,
  onMarketOfNow,
  onOldMarket,
  withStopsOnTick,
} from '../portfolio/hand-made-signal.ts';
import { judgeEntry } from '../portfolio/judge-entry.ts';
import { PositionBook } from '../portfolio/position-book.ts';
import { ClockWatch } from '../time/clock-watch.ts';
import { liquidationExit } from './account-exits.ts';
import { Answers } from './answers.ts';
import { cancelled, effectOf, OrderFlow, type Withdrawal } from './order-flow.ts';
import { type EntryAnswer, PaperAccount } from './paper-account.ts';
import { profileOf, type TradingProfile } from './profile.ts';
import { reduceWhileCritical } from './reduce-while-critical.ts';
import type { RestingOrder, Simulator, SimulatorEffect, SimulatorParams, SimulatorState } from './simulator-port.ts';

interface PlaceContext {
  /** The position that an exit closes, and the deadline of the resting exit that it replaces. */
  readonly exit?: { readonly position: OpenPosition; readonly deadline: number | undefined };
  /** Result of each risk rule for an entry. */
  readonly rules?: readonly RiskRuleResult[] | undefined;
}

export type { RestingOrder, Simulator, SimulatorEffect, SimulatorState } from './simulator-port.ts';

/** Paper trading for one run, empty or continuing from `restored`. */
export function createSimulator(params: SimulatorParams, run: string, restored?: SimulatorState): Simulator {
  return new PaperTrading(params, run, restored);
}

/**
 * The path of a signal: assess (`judgeEntry`) → place (`requestOf`) → the paper venue → apply (`OrderFlow`) → a recorded
 * decision.
 */
class PaperTrading implements Simulator {
  readonly #params: SimulatorParams;
  readonly #profile: TradingProfile;
  readonly #run: string;
  readonly #venue: PaperVenue;
  readonly #orders = new WorkingOrders();
  readonly #positions: PositionBook;
  /** Undefined if the size is fixed. */
  readonly #account: PaperAccount | undefined;
  readonly #answers = new Answers();
  readonly #flow: OrderFlow;
  readonly #clockWatch = new ClockWatch();
  readonly #instruments = new Map<string, Instrument>();

  constructor(params: SimulatorParams, run: string, restored: SimulatorState | undefined) {
    this.#params = params;
    this.#profile = profileOf(paperProfileNameOf(params.simulation), params);
    this.#run = run;
    this.#venue = new PaperVenue(params.fees);
    const { rules } = params;
    this.#positions = new PositionBook(run, rules?.trading.leverage);
    const markPrice = (symbol: string, nowMs: number) => this.#venue.market.markPrice(symbol, nowMs);
    this.#account = rules && new PaperAccount({ ...params, rules, run, markPrice });
    this.#flow = new OrderFlow(this.#venue, this.#orders, this.#positions, this.#answers);
    if (restored) this.#restore(restored);
  }

  onInstrument(instrument: Instrument): void {
    this.#instruments.set(instrument.symbol, instrument);
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
    return [...new Set([...this.#positions.takeFunded(), ...this.#flow.takeChanged()])];
  }

  takeExecutions(): readonly Execution[] {
    return this.#answers.take();
  }

  positionUpdate(symbol: string, nowMs: number): PositionUpdate {
    const positions = this.#positionsOf(symbol, nowMs);
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
    return this.#account?.of(this.#positions.all(), nowMs);
  }

  restingOrders(): number {
    return this.#orders.size;
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

  #execute(received: TradingSignal, nowMs: number): SimulatorEffect[] {
    this.#readClock(nowMs);
    this.#positions.fund(nowMs);
    const { market } = this.#venue;
    const { symbol } = received;
    const known = { fresh: market.freshQuote(symbol, nowMs), isKnown: market.lastBook(symbol) !== undefined };
    const signal = isHandMade(received) ? onMarketOfNow(received, known, nowMs) : received;
    return isExit(signal.direction) ? this.#onExit(signal, nowMs) : this.#onEntry(signal, nowMs);
  }

  #hear(event: MarketEvent, nowMs: number): SimulatorEffect[] {
    this.#readClock(nowMs);
    if (event.type === 'book') this.#venue.market.seeBook(event, nowMs);
    if (event.type === 'mark') {
      this.#venue.market.seeMark(event);
      this.#positions.onMark(event);
    }
    const effects = [...this.#liquidate(event, nowMs), ...this.#reduce(event, nowMs), ...this.#expire(nowMs)];
    if (this.#orders.size === 0) return effects;
    if (event.type === 'trade') {
      const filled: SimulatorEffect[] = [];
      for (const fill of this.#venue.onTrade(event)) filled.push(...this.#flow.onEvent(fill));
      return [...effects, ...filled];
    }
    if (event.type === 'break' && event.kind === 'SESSION_END') {
      // A resting exit stays until the SESSION_END exit of signal-engine, or until its timeout.
      const entries = this.#orders.of(event.symbol).filter(({ order }) => order.purpose === 'ENTRY');
      return [
        ...effects,
        ...this.#each(entries, (working) => this.#giveUp(working, nowMs, cancelled('the session ended'))),
      ];
    }
    return effects;
  }

  #expire(nowMs: number): SimulatorEffect[] {
    this.#readClock(nowMs);
    this.#positions.fund(nowMs);
    const late = this.#orders.expired(nowMs);
    if (late.length === 0) return [];
    const remark = `not filled within ${this.#params.simulation.limit_timeout_sec} s`;
    return this.#each(late, (working) => this.#giveUp(working, nowMs, { answer: 'EXPIRED', remark }));
  }

  /** Adds the round trips among the effects to the account. */
  #counted(effects: SimulatorEffect[]): readonly SimulatorEffect[] {
    if (this.#account) for (const { trade } of effects) if (trade) this.#account.addTrade(trade);
    return effects;
  }

  /** Liquidates positions whose mark price has reached their liquidation price. */
  #liquidate({ type, symbol }: MarketEvent, nowMs: number): SimulatorEffect[] {
    if (this.#account === undefined || (type !== 'mark' && type !== 'book')) return [];
    const reached = this.#account.liquidated(symbol, this.#positions.all(), nowMs);
    return reached.flatMap((liquidation) => {
      const { position, price, fee } = liquidation;
      const event = this.#venue.liquidate(position, price, fee, nowMs);
      return this.#flow.onLiquidated(event, liquidationExit(liquidation, nowMs));
    });
  }

  #reduce({ type, symbol }: MarketEvent, nowMs: number): SimulatorEffect[] {
    if (this.#account === undefined || (type !== 'mark' && type !== 'book')) return [];
    if (this.#positions.of(symbol).length === 0) return [];
    return reduceWhileCritical(
      this.#account,
      this.#positions,
      {
        stepOf: (of) => this.#instruments.get(of)?.step_size,
        leave: (exit, position, quantity) => this.#leavePart(exit, position, quantity, nowMs),
      },
      nowMs,
    );
  }

  #leavePart(exit: TradingSignal, position: OpenPosition, quantity: number, nowMs: number): SimulatorEffect[] {
    const { symbol, side } = position;
    const remark = 'superseded by a reduction of the position';
    const superseded = this.#flow.withdraw(symbol, side, 'EXIT', cancelled(remark), nowMs);
    const plan = this.#planOf(exit, position);
    return [...superseded, ...this.#place(exit, plan, quantity, { exit: { position, deadline: undefined } })];
  }

  #assessorOf(account: PaperAccount, nowMs: number): (signal: TradingSignal, plan: FillPlan) => EntryAnswer {
    return (signal, plan) => {
      const side = sideOf(signal.direction);
      // The position or order that the entry replaces does not count against it.
      const others = <T extends { readonly symbol: string; readonly side: Side }>(held: readonly T[]) =>
        held.filter((each) => each.symbol !== signal.symbol || each.side !== side);
      const positions = others(this.#positions.all());
      const entries = others(this.#orders.entries());
      const instrument = this.#instruments.get(signal.symbol);
      return account.assess({
        signal,
        plan,
        positions,
        openCount: positions.length + entries.length,
        instrument,
        nowMs,
      });
    };
  }

  /** A symbol's positions; under the live profile with their current liquidation price. */
  #positionsOf(symbol: string, nowMs: number): OpenPosition[] {
    const positions = this.#positions.of(symbol);
    const rows = positions.length === 0 ? [] : (this.account(nowMs)?.positions ?? []);
    return positions.map((position) => {
      const row = rows.find((of) => of.symbol === symbol && of.side === position.side);
      return row?.liquidation_price === undefined
        ? position
        : { ...position, liquidation_price: row.liquidation_price };
    });
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

  #readClock(nowMs: number): void {
    // A frame clock returns 0 before its first frame.
    if (!this.#clockWatch.lastMs && nowMs !== 0) {
      for (const { clientOrderId, byMs } of this.#orders.bringBack(nowMs)) {
        this.#venue.shiftPlacement(clientOrderId, byMs);
      }
    }
    const setBackMs = this.#clockWatch.read(nowMs);
    if (setBackMs === undefined) return;
    this.#venue.market.setClockBack(setBackMs);
    for (const id of this.#orders.setClockBack(setBackMs)) this.#venue.shiftPlacement(id, setBackMs);
  }

  #onEntry(made: TradingSignal, nowMs: number): SimulatorEffect[] {
    const { symbol } = made;
    const signal = withStopsOnTick(made, this.#instruments.get(symbol));
    const side = sideOf(signal.direction);
    const plan = this.#planOf(signal);
    const judgement = judgeEntry(signal, {
      plan,
      position: this.#positions.find(symbol, side),
      marketIsKnown: this.#venue.market.lastBook(symbol) !== undefined,
      instrument: this.#instruments.get(symbol),
      simulation: this.#params.simulation,
      assess: this.#account && this.#assessorOf(this.#account, nowMs),
      nowMs,
    });
    if (judgement.kind === 'SIZED') {
      const superseded = this.#flow.withdraw(symbol, side, 'ENTRY', cancelled('superseded by a later signal'), nowMs);
      return [...superseded, ...this.#place(signal, plan, judgement.quantity, { rules: judgement.rules })];
    }
    return [this.#refused(signal, judgement.refusal, nowMs)];
  }

  #onExit(signal: TradingSignal, nowMs: number): SimulatorEffect[] {
    const { symbol } = signal;
    const side = sideOf(signal.direction);
    const position = this.#positions.find(symbol, side);
    const withdrawn = this.#flow.withdraw(symbol, side, 'ENTRY', cancelled('cancelled by an exit'), nowMs);
    if (position === undefined) {
      this.#answers.denied(signal, { code: 'NO_POSITION', value: 0, limit: 1 }, nowMs);
      return [...withdrawn, effectOf(decisionOf(signal, 'ORPHAN_EXIT'), true)];
    }
    // An exit that replaces a resting one inherits its deadline.
    const deadline = this.#orders.find(symbol, side, 'EXIT')?.order.expires_ts;
    const superseded = this.#flow.withdraw(symbol, side, 'EXIT', cancelled('superseded by a later signal'), nowMs);
    const plan = this.#planOf(signal, position);
    return [
      ...withdrawn,
      ...superseded,
      ...this.#place(signal, plan, position.quantity, { exit: { position, deadline } }),
    ];
  }

  #refused(signal: TradingSignal, { outcome, denial, rules, remark }: EntryRefusal, nowMs: number): SimulatorEffect {
    if (denial) this.#answers.denied(signal, denial, nowMs);
    else this.#answers.expired(signal, remark, nowMs);
    const figures = outcome === 'DENIED' ? { denial, ...(rules && { rules: [...rules] }) } : {};
    return effectOf(decisionOf(signal, outcome, figures, remark), true);
  }

  #planOf(signal: TradingSignal, position?: OpenPosition): FillPlan {
    const { market } = this.#venue;
    const planned = market.lastBook(signal.symbol) === undefined ? signal : onOldMarket(signal, position);
    return planFill(this.#profile, planned, market.lastQuote(signal.symbol));
  }

  #place(signal: TradingSignal, plan: FillPlan, quantity: number, { exit, rules }: PlaceContext): SimulatorEffect[] {
    const timeoutMs = this.#params.simulation.limit_timeout_sec * 1_000;
    const expiresTs = Math.min(exit?.deadline ?? Number.POSITIVE_INFINITY, signal.timestamp + timeoutMs);
    const isMarketKnown = this.#venue.market.lastBook(signal.symbol) !== undefined;
    const terms = { run: this.#run, plan, quantity, placedTs: signal.timestamp, expiresTs, attempt: 1, isMarketKnown };
    const positionId = exit?.position.signal_id;
    return this.#flow.submit(requestOf(signal, terms), signal, { expiresTs, positionId, rules });
  }

  /**
   * Handles an expired order. An entry is MISSED. An exit must succeed, so it takes liquidity from the last known book. Without a
   * fresh enough price (silent market, or just started) it waits for the next book.
   */
  #giveUp(working: WorkingOrder, nowMs: number, why: Withdrawal): SimulatorEffect[] {
    const { order, signal } = working;
    if (order.purpose === 'ENTRY') return this.#flow.withdraw(order.symbol, order.side, 'ENTRY', why, nowMs);
    const quote = this.#quoteFor(working, nowMs);
    if (quote === undefined) return [];
    const price = farSide(actionOf(signal.direction), quote);
    const terms = { quantity: order.quantity, placedTs: nowMs, expiresTs: order.expires_ts, attempt: 2 };
    const plan = { kind: 'NOW', price, liquidity: 'TAKER' } as const;
    const request = requestOf(signal, { run: this.#run, plan, ...terms, isMarketKnown: true });
    return this.#flow.replace(working, request, nowMs);
  }

  /** Quote that a resting order could take now: of the last known book, else of its signal; undefined if both are too old. */
  #quoteFor({ order, signal }: WorkingOrder, nowMs: number): Quote | undefined {
    const book = this.#venue.market.freshBook(order.symbol, nowMs);
    const known = book && quoteOf(book);
    return known ?? (isFresh(order.placed_ts, nowMs) ? signal.quote : undefined);
  }

  /** Applies `act` one by one: an earlier call may end a later order. */
  #each(orders: readonly WorkingOrder[], act: (working: WorkingOrder) => SimulatorEffect[]): SimulatorEffect[] {
    return orders.flatMap((working) => (this.#orders.get(working.order.order_id) === working ? act(working) : []));
  }
}
