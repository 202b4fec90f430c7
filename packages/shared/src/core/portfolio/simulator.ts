import type { Decision } from '../../domain/decision.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Book, MarketEvent } from '../../domain/market-data.ts';
import type { ClosedTrade, OpenOrder, OpenPosition, PositionUpdate } from '../../domain/position.ts';
import { isExit, type Side, sideOf, type TradingSignal } from '../../domain/signal.ts';
import { ENTRY_MAX_AGE_MS } from '../execution/age-limits.ts';
import { denialText, sizeEntry } from '../execution/entry-size.ts';
import { type Liquidity, rateOf } from '../execution/fees.ts';
import { actionOf, type FillPlan, farSide, planFill } from '../execution/fill.ts';
import { type TakerFill, takerFill } from '../execution/taker-fill.ts';
import { ClockWatch } from '../time/clock-watch.ts';
import { closePosition } from './close-position.ts';
import { decisionOf } from './decision-of.ts';
import { FundingBoard, fundedPosition } from './funding.ts';
import { isHandMade, onMarketOfNow, onOldMarket, refuseHandMade } from './hand-made-signal.ts';
import { openPosition } from './open-position.ts';
import { OrderDesk, type RestingOrder } from './order-desk.ts';
import { orderFor } from './order-for.ts';
import type { Simulator, SimulatorEffect, SimulatorParams, SimulatorState } from './simulator-port.ts';

export type { Simulator, SimulatorEffect, SimulatorState } from './simulator-port.ts';

interface Execution extends TakerFill {
  /** What an entry opens with; an exit closes all there is. Base currency. */
  readonly quantity: number;
  readonly ts: number;
  readonly liquidity: Liquidity;
  /** The decision is known already: the order rested. */
  readonly rested: boolean;
}

const keyOf = (symbol: string, side: Side) => `${symbol}:${side}`;

/** A simulator for one run, empty or going on from `restored`. */
export function createSimulator(params: SimulatorParams, run: string, restored?: SimulatorState): Simulator {
  return new PaperTrading(params, run, restored);
}

class PaperTrading implements Simulator {
  readonly #params: SimulatorParams;
  readonly #run: string;
  readonly #positions = new Map<string, OpenPosition>();
  readonly #desk = new OrderDesk();
  readonly #clockWatch = new ClockWatch();
  readonly #fundings = new FundingBoard();
  readonly #funded = new Set<string>();
  readonly #instruments = new Map<string, Instrument>();
  /** The entry signal that was denied last on each symbol. */
  readonly #denied = new Map<string, string>();

  constructor(params: SimulatorParams, run: string, restored: SimulatorState | undefined) {
    this.#params = params;
    this.#run = run;
    for (const position of restored?.positions ?? []) {
      this.#positions.set(keyOf(position.symbol, position.side), position);
    }
    for (const resting of restored?.resting ?? []) this.#desk.restore(resting);
    for (const book of restored?.books ?? []) this.#desk.seeBook(book);
    for (const instrument of restored?.instruments ?? []) this.onInstrument(instrument);
  }

  onInstrument(instrument: Instrument): void {
    this.#instruments.set(instrument.symbol, instrument);
  }

  onSignal(received: TradingSignal, nowMs: number): readonly SimulatorEffect[] {
    this.#readClock(nowMs);
    this.#fund(nowMs);
    const signal = this.#onMarketOfNow(received, nowMs);
    if (!isExit(signal.direction)) return this.#onEntry(signal, nowMs);
    const side = sideOf(signal.direction);
    const position = this.#positions.get(keyOf(signal.symbol, side));
    const cancelled = this.#cancel(signal.symbol, side, 'ENTRY', 'cancelled by an exit');
    if (position === undefined) return [...cancelled, this.#effect(decisionOf(signal, 'ORPHAN_EXIT'), true)];
    const deadline = this.#desk.find(signal.symbol, side, 'EXIT')?.order.expires_ts;
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
    if (event.type === 'mark') this.#fundings.onMark(event);
    const effects = this.onTimer(nowMs);
    if (this.#desk.size === 0) return effects;
    if (event.type === 'trade') {
      return [
        ...effects,
        ...this.#each(this.#desk.filledBy(event), (resting) => this.#fillResting(resting, event.ts_event)),
      ];
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
    this.#fund(nowMs);
    const late = this.#desk.expired(nowMs);
    if (late.length === 0) return [];
    const remark = `not filled within ${this.#params.simulation.limit_timeout_sec} s`;
    return this.#each(late, (resting) => this.#giveUp(resting, nowMs, remark));
  }

  takeFunded(): readonly string[] {
    const symbols = [...this.#funded];
    this.#funded.clear();
    return symbols;
  }

  positionUpdate(symbol: string, nowMs: number): PositionUpdate {
    const positions = [...this.#positions.values()].filter((position) => position.symbol === symbol);
    const orders = this.#desk.of(symbol).map(({ order }) => order);
    const denied = this.#denied.get(symbol);
    return { run: this.#run, symbol, ts_event: nowMs, positions, orders, ...(denied && { denied_signal_id: denied }) };
  }

  restingOf(symbol: string): readonly RestingOrder[] {
    return this.#desk.of(symbol);
  }

  symbols(): readonly string[] {
    const held = [...this.#positions.values()].map((position) => position.symbol);
    return [...new Set([...held, ...this.#desk.symbols()])];
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
    const setBackMs = this.#clockWatch.read(nowMs);
    if (setBackMs !== undefined) this.#desk.setClockBack(setBackMs);
  }

  /** Charges the fundings that are over, before anything else happens at `nowMs`. */
  #fund(nowMs: number): void {
    for (const [key, position] of this.#positions) {
      const funded = fundedPosition(position, this.#fundings.announcedFor(position.symbol), nowMs);
      if (funded === position) continue;
      this.#positions.set(key, funded);
      this.#funded.add(position.symbol);
    }
  }

  #onEntry(signal: TradingSignal, nowMs: number): SimulatorEffect[] {
    // By the time it was made, which a hand that types a timestamp does not set.
    const ageMs = nowMs - signal.ts_init;
    if (ageMs > ENTRY_MAX_AGE_MS) {
      const remark = `too old: read ${Math.round(ageMs / 1_000)} s after it was made`;
      return [this.#effect(decisionOf(signal, 'MISSED', {}, remark), true)];
    }
    const { simulation } = this.#params;
    const plan = this.#planOf(signal);
    const position = this.#positions.get(keyOf(signal.symbol, sideOf(signal.direction)));
    const no = refuseHandMade(signal, plan.price, position, this.#desk.lastQuote(signal.symbol));
    if (no) return [this.#effect(decisionOf(signal, no.outcome, no.figures, no.remark), true)];
    const type = plan.kind === 'REST' ? 'LIMIT' : 'MARKET';
    const size = sizeEntry(simulation, this.#instruments.get(signal.symbol), plan.price, type);
    if (size.kind === 'SIZED')
      return [...this.#supersede(signal, 'ENTRY'), ...this.#execute(signal, plan, size.quantity)];
    this.#denied.set(signal.symbol, signal.signal_id);
    const { denial } = size;
    return [this.#effect(decisionOf(signal, 'DENIED', { denial }, denialText(denial, simulation)), true)];
  }

  #planOf(signal: TradingSignal, position?: OpenPosition): FillPlan {
    const last = this.#desk.lastQuote(signal.symbol);
    const planned = last === undefined ? signal : onOldMarket(signal, position);
    return planFill(this.#params.simulation.mode, planned, last);
  }

  #onMarketOfNow(signal: TradingSignal, nowMs: number): TradingSignal {
    if (!isHandMade(signal)) return signal;
    const { symbol } = signal;
    const market = { fresh: this.#desk.freshQuote(symbol, nowMs), last: this.#desk.lastQuote(symbol) };
    return onMarketOfNow(signal, market, nowMs);
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

  /** Takes from the book as last seen. A price named by hand, where no market is known, is taken at its word. */
  #take(signal: TradingSignal, decidedPrice: number, quantity: number): TakerFill {
    const book = this.#desk.lastBook(signal.symbol);
    if (book === undefined && signal.quote === undefined && signal.origin === 'EXTERNAL') {
      return { price: decidedPrice, slippage: 0 };
    }
    const order = { action: actionOf(signal.direction), quantity, decidedPrice };
    return takerFill(order, book, this.#params.fees.slippage_bp);
  }

  #fill(signal: TradingSignal, execution: Execution): SimulatorEffect[] {
    return isExit(signal.direction) ? this.#close(signal, execution) : this.#open(signal, execution);
  }

  #open(signal: TradingSignal, execution: Execution): SimulatorEffect[] {
    const { price, quantity, ts, liquidity, rested, slippage, beyond_book_qty } = execution;
    const side = sideOf(signal.direction);
    const key = keyOf(signal.symbol, side);
    const replaced = this.#positions.has(key);
    // An exit that still rests was meant for the position that is overwritten now.
    const cancelled = this.#cancel(signal.symbol, side, 'EXIT', 'its position was replaced');
    const fill = { price, ts, rate: rateOf(liquidity, this.#params.fees), slippage };
    this.#positions.set(key, openPosition(this.#run, signal, quantity, fill));
    const figures = { fill_price: price, liquidity, position_size: quantity, slippage, beyond_book_qty };
    return [...cancelled, this.#effect(decisionOf(signal, replaced ? 'REPLACED' : 'OPENED', figures), !rested)];
  }

  #close(signal: TradingSignal, execution: Execution): SimulatorEffect[] {
    const { price, ts, liquidity, rested, beyond_book_qty } = execution;
    const key = keyOf(signal.symbol, sideOf(signal.direction));
    const position = this.#positions.get(key);
    if (position === undefined) return [this.#effect(decisionOf(signal, 'ORPHAN_EXIT'), !rested)];
    this.#positions.delete(key);
    const rate = rateOf(liquidity, this.#params.fees);
    const trade = closePosition(position, signal, { price, ts, rate, slippage: execution.slippage });
    const { gross_pnl, fees, slippage, funding, funding_times_missed, realized_pnl } = trade;
    const money = { gross_pnl, fees, slippage, funding, funding_times_missed, realized_pnl };
    const figures = { fill_price: price, liquidity, position_size: trade.quantity, beyond_book_qty, ...money };
    return [this.#effect(decisionOf(signal, 'CLOSED', figures), !rested, trade)];
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
