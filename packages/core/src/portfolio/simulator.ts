import type { Decision } from '@helios/shared/domain/decision.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Book, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { ClosedTrade, OpenOrder, OpenPosition, PositionUpdate } from '@helios/shared/domain/position.ts';
import { isExit, type Side, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import { rateOf } from '../execution/fees.ts';
import { actionOf, type FillPlan, farSide, planFill } from '../execution/fill.ts';
import type { TakerFill } from '../execution/taker-fill.ts';
import { ClockWatch } from '../time/clock-watch.ts';
import { closePosition } from './close-position.ts';
import { decisionOf } from './decision-of.ts';
import { closedFigures, type FilledOrder, takeFrom } from './execution.ts';
import { isHandMade, onMarketOfNow, onOldMarket } from './hand-made-signal.ts';
import { judgeEntry } from './judge-entry.ts';
import { openPosition } from './open-position.ts';
import { OrderDesk, type RestingOrder } from './order-desk.ts';
import { orderFor } from './order-for.ts';
import { PaperPositions } from './paper-positions.ts';
import type { Simulator, SimulatorEffect, SimulatorParams, SimulatorState } from './simulator-port.ts';

export type { Simulator, SimulatorEffect, SimulatorState } from './simulator-port.ts';

/** A simulator for one run, empty or going on from `restored`. */
export function createSimulator(params: SimulatorParams, run: string, restored?: SimulatorState): Simulator {
  return new PaperTrading(params, run, restored);
}

class PaperTrading implements Simulator {
  readonly #params: SimulatorParams;
  readonly #run: string;
  readonly #positions = new PaperPositions();
  readonly #desk = new OrderDesk();
  readonly #clockWatch = new ClockWatch();
  readonly #instruments = new Map<string, Instrument>();
  /** The strategy's entry signal that was denied last on each symbol. */
  readonly #denied = new Map<string, string>();

  constructor(params: SimulatorParams, run: string, restored: SimulatorState | undefined) {
    this.#params = params;
    this.#run = run;
    for (const position of restored?.positions ?? []) this.#positions.add(position);
    for (const resting of restored?.resting ?? []) this.#desk.restore(resting);
    for (const book of restored?.books ?? []) this.#desk.seeBook(book);
    for (const instrument of restored?.instruments ?? []) this.onInstrument(instrument);
  }

  onInstrument(instrument: Instrument): void {
    this.#instruments.set(instrument.symbol, instrument);
  }

  onSignal(received: TradingSignal, nowMs: number): readonly SimulatorEffect[] {
    this.#readClock(nowMs);
    this.#positions.fund(nowMs);
    const { symbol } = received;
    const market = { fresh: this.#desk.freshQuote(symbol, nowMs), isKnown: this.#desk.lastBook(symbol) !== undefined };
    const signal = isHandMade(received) ? onMarketOfNow(received, market, nowMs) : received;
    if (!isExit(signal.direction)) return this.#onEntry(signal, nowMs);
    const side = sideOf(signal.direction);
    const position = this.#positions.find(symbol, side);
    const cancelled = this.#cancel(symbol, side, 'ENTRY', 'cancelled by an exit');
    if (position === undefined) return [...cancelled, this.#effect(decisionOf(signal, 'ORPHAN_EXIT'), true)];
    const deadline = this.#desk.find(symbol, side, 'EXIT')?.order.expires_ts;
    const superseded = this.#supersede(signal, 'EXIT');
    return [
      ...cancelled,
      ...superseded,
      ...this.#execute(signal, this.#planOf(signal, position), position.quantity, deadline),
    ];
  }

  onMarket(event: MarketEvent, nowMs: number): readonly SimulatorEffect[] {
    this.#readClock(nowMs);
    if (event.type === 'book') this.#desk.seeBook(event, nowMs);
    if (event.type === 'mark') this.#positions.onMark(event);
    const effects = this.onTimer(nowMs);
    if (this.#desk.size === 0) return effects;
    if (event.type === 'trade') {
      const filled = this.#desk.filledBy(event);
      return [...effects, ...this.#each(filled, (resting) => this.#fillResting(resting, event.ts_event))];
    }
    if (event.type === 'break' && event.kind === 'SESSION_END') {
      // A resting exit stays for the SESSION_END exit that signal-engine sends, and for its timeout.
      const entries = this.#desk.of(event.symbol).filter(({ order }) => order.purpose === 'ENTRY');
      return [...effects, ...this.#each(entries, (resting) => this.#giveUp(resting, nowMs, 'the session ended'))];
    }
    return effects;
  }

  onTimer(nowMs: number): readonly SimulatorEffect[] {
    this.#readClock(nowMs);
    this.#positions.fund(nowMs);
    const late = this.#desk.expired(nowMs);
    if (late.length === 0) return [];
    const remark = `not filled within ${this.#params.simulation.limit_timeout_sec} s`;
    return this.#each(late, (resting) => this.#giveUp(resting, nowMs, remark));
  }

  takeFunded(): readonly string[] {
    return this.#positions.takeFunded();
  }

  positionUpdate(symbol: string, nowMs: number): PositionUpdate {
    const positions = this.#positions.of(symbol);
    const orders = this.#desk.of(symbol).map(({ order }) => order);
    const denied = this.#denied.get(symbol);
    return { run: this.#run, symbol, ts_event: nowMs, positions, orders, ...(denied && { denied_signal_id: denied }) };
  }

  restingOf(symbol: string): readonly RestingOrder[] {
    return this.#desk.of(symbol);
  }

  symbols(): readonly string[] {
    return [...new Set([...this.#positions.symbols(), ...this.#desk.symbols()])];
  }

  restingOrders(): number {
    return this.#desk.size;
  }

  books(): readonly Book[] {
    return this.#desk.books();
  }

  freshBook(symbol: string, nowMs: number): Book | undefined {
    return this.#desk.freshBook(symbol, nowMs);
  }

  #readClock(nowMs: number): void {
    if (!this.#clockWatch.lastMs) this.#desk.bringBack(nowMs);
    const setBackMs = this.#clockWatch.read(nowMs);
    if (setBackMs !== undefined) this.#desk.setClockBack(setBackMs);
  }

  #onEntry(signal: TradingSignal, nowMs: number): SimulatorEffect[] {
    const { symbol } = signal;
    const plan = this.#planOf(signal);
    const judgement = judgeEntry(signal, {
      plan,
      position: this.#positions.find(symbol, sideOf(signal.direction)),
      marketIsKnown: this.#desk.lastBook(symbol) !== undefined,
      instrument: this.#instruments.get(symbol),
      simulation: this.#params.simulation,
      nowMs,
    });
    if (judgement.kind === 'SIZED') {
      return [...this.#supersede(signal, 'ENTRY'), ...this.#execute(signal, plan, judgement.quantity)];
    }
    const { outcome, figures, remark } = judgement.refusal;
    if (outcome === 'DENIED' && !isHandMade(signal)) this.#denied.set(symbol, signal.signal_id);
    return [this.#effect(decisionOf(signal, outcome, figures, remark), true)];
  }

  #planOf(signal: TradingSignal, position?: OpenPosition): FillPlan {
    const { symbol } = signal;
    const planned = this.#desk.lastBook(symbol) === undefined ? signal : onOldMarket(signal, position);
    return planFill(this.#params.simulation.mode, planned, this.#desk.lastQuote(symbol));
  }

  /** Fills a signal at once or lets it rest; an exit that takes over from a resting one inherits its deadline. */
  #execute(
    signal: TradingSignal,
    plan: FillPlan,
    quantity: number,
    deadline = Number.POSITIVE_INFINITY,
  ): SimulatorEffect[] {
    if (plan.kind === 'NOW') {
      const { liquidity } = plan;
      const filled =
        liquidity === 'TAKER' ? this.#take(signal, plan.price, quantity) : { price: plan.price, slippage: 0 };
      return this.#fill(signal, { ...filled, liquidity, quantity, ts: signal.timestamp, rested: false });
    }
    const expiresTs = Math.min(deadline, signal.timestamp + this.#params.simulation.limit_timeout_sec * 1_000);
    this.#desk.place(orderFor(this.#run, signal, { price: plan.price, quantity, expiresTs }), signal);
    return [this.#effect(decisionOf(signal, 'RESTING', { position_size: quantity }), true)];
  }

  #take(signal: TradingSignal, decidedPrice: number, quantity: number): TakerFill {
    const book = this.#desk.lastBook(signal.symbol);
    return takeFrom(book, signal, { decidedPrice, quantity }, this.#params.fees.slippage_bp);
  }

  #fill(signal: TradingSignal, execution: FilledOrder): SimulatorEffect[] {
    return isExit(signal.direction) ? this.#close(signal, execution) : this.#open(signal, execution);
  }

  #open(signal: TradingSignal, execution: FilledOrder): SimulatorEffect[] {
    const { price, quantity, ts, liquidity, rested, slippage, beyond_book_qty } = execution;
    const side = sideOf(signal.direction);
    const replaced = this.#positions.find(signal.symbol, side) !== undefined;
    // An exit that still rests was meant for the position that is overwritten now.
    const cancelled = this.#cancel(signal.symbol, side, 'EXIT', 'its position was replaced');
    const fill = { price, ts, rate: rateOf(liquidity, this.#params.fees), slippage };
    this.#positions.open(openPosition(this.#run, signal, quantity, fill));
    const figures = { fill_price: price, liquidity, position_size: quantity, slippage, beyond_book_qty };
    return [...cancelled, this.#effect(decisionOf(signal, replaced ? 'REPLACED' : 'OPENED', figures), !rested)];
  }

  #close(signal: TradingSignal, execution: FilledOrder): SimulatorEffect[] {
    const { price, ts, liquidity, rested, slippage } = execution;
    const position = this.#positions.find(signal.symbol, sideOf(signal.direction));
    if (position === undefined) return [this.#effect(decisionOf(signal, 'ORPHAN_EXIT'), !rested)];
    this.#positions.remove(position);
    const rate = rateOf(liquidity, this.#params.fees);
    const trade = closePosition(position, signal, { price, ts, rate, slippage });
    return [this.#effect(decisionOf(signal, 'CLOSED', closedFigures(trade, execution)), !rested, trade)];
  }

  #fillResting({ order, signal }: RestingOrder, ts: number): SimulatorEffect[] {
    this.#desk.remove(order.order_id);
    const { price, quantity } = order;
    return this.#fill(signal, { price, slippage: 0, quantity, ts, liquidity: 'MAKER', rested: true });
  }

  /**
   * An entry is missed; an exit must not be, so it takes what the last known book offers. While nothing that young is known
   * (the market is silent, or we have just started) there is nobody to take from: it waits for the next book.
   */
  #giveUp(resting: RestingOrder, nowMs: number, remark: string): SimulatorEffect[] {
    const { order, signal } = resting;
    if (order.purpose === 'ENTRY') return this.#cancel(order.symbol, order.side, 'ENTRY', remark);
    const quote = this.#desk.quoteFor(resting, nowMs);
    if (quote === undefined) return [];
    this.#desk.remove(order.order_id);
    const { quantity } = order;
    const taken = this.#take(signal, farSide(actionOf(signal.direction), quote), quantity);
    return this.#fill(signal, { ...taken, quantity, ts: nowMs, liquidity: 'TAKER', rested: true });
  }

  #supersede(signal: TradingSignal, purpose: OpenOrder['purpose']): SimulatorEffect[] {
    return this.#cancel(signal.symbol, sideOf(signal.direction), purpose, 'superseded by a later signal');
  }

  #cancel(symbol: string, side: Side, purpose: OpenOrder['purpose'], remark: string): SimulatorEffect[] {
    const resting = this.#desk.find(symbol, side, purpose);
    if (resting === undefined) return [];
    this.#desk.remove(resting.order.order_id);
    return [this.#effect(decisionOf(resting.signal, 'MISSED', {}, remark), false)];
  }

  /** One after the other: an earlier one may have cancelled a later one. */
  #each(orders: readonly RestingOrder[], act: (resting: RestingOrder) => SimulatorEffect[]): SimulatorEffect[] {
    return orders.flatMap((resting) => (this.#desk.has(resting.order.order_id) ? act(resting) : []));
  }

  #effect(decision: Decision, isNew: boolean, trade?: ClosedTrade): SimulatorEffect {
    return { symbol: decision.symbol, decision, isNew, ...(trade && { trade }) };
  }
}
