import type { FollowUp } from '@helios/shared/domain/decision.ts';
import type { Book, MarketEvent, MarketTrade } from '@helios/shared/domain/market-data.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import { type ExitReason, type Side, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import { actionOf } from '../execution/fill.ts';
import type { VenueModels } from '../paper/venue-models.ts';
import { parseDecimal } from '../price/parse-decimal.ts';
import { sixDigits } from '../price/significant-digits.ts';
import { createSimulator, type Simulator, type SimulatorEffect } from '../trading/paper-trading.ts';
import { type Calm, calmOf, isCalm, type Present } from './calm.ts';
import type { CandleRules } from './exit-plan.ts';
import { type ExitedMarket, exitSignal } from './exit-signal.ts';
import { type ExitState, judgeExits } from './exits.ts';
import { Exposure, type ManagedPosition } from './exposure.ts';
import type { FleetView } from './fleet-view.ts';

/** State of the symbol that a shadow position uses. */
interface ShadowedSymbol extends Omit<ExitState, 'exposure'>, ExitedMarket {
  advanceTrailingStops(nowMs: number, tightening: (side: Side) => number, exposure: Exposure): unknown;
}

/** Inputs for judging a shadow position. */
export interface ShadowContext {
  readonly state: ShadowedSymbol;
  /** Its profile is always a simulation. */
  readonly view: FleetView;
  /** Direction of a confirmed trigger. */
  readonly reversal: Side | undefined;
  /** Current inputs of a position of that side. */
  readonly present: (side: Side) => Present;
}

/** What differs from paper trading. */
export interface FollowUpRules {
  /** How orders rest and fill. */
  readonly models?: VenueModels | undefined;
  readonly candles?: CandleRules | undefined;
}

/** A trade reaches a resting order at `price` or beyond: below it for a buyer (`sign` 1), above it for a seller (−1). */
interface Wait {
  readonly price: number;
  readonly sign: 1 | -1;
  /** Before this time the account does nothing of its own, epoch ms. */
  readonly untilMs: number;
}

/**
 * One refused entry in its own paper account. The simulator of real paper orders fills, expires and funds it; the exit rules of
 * real positions end it. The strategy has no instrument for it: its size is not rounded to a step and never denied.
 */
export class Shadow {
  readonly side: Side;
  readonly #params: StrategyParams;
  readonly #entry: TradingSignal;
  readonly #simulator: Simulator;
  readonly #exposure: Exposure;
  #followUp: FollowUp | undefined;
  /** While this applies, judging would change nothing. */
  #calm: Calm | undefined;
  /** What the resting order waits for; undefined if unknown. */
  #wait: Wait | undefined;
  /** Price at which the entry rested; undefined if it filled at once. */
  #limit: number | undefined;

  constructor(entry: TradingSignal, params: StrategyParams, { models, candles }: FollowUpRules = {}) {
    this.#params = params;
    this.#entry = entry;
    this.side = sideOf(entry.direction);
    this.#exposure = new Exposure(candles);
    // Always uses the size, order types and fills of the simulation.
    const simulation = { ...params.simulation, profile: 'simulation' as const };
    const paper = { simulation, fees: params.fees, orderIdOf: plainOrderId, ...(models && { models }) };
    this.#simulator = createSimulator(paper, entry.run);
  }

  /** Id of the refused decision. */
  get decisionId(): string {
    return this.#entry.signal_id;
  }

  /** The result; undefined while the shadow is open. */
  get followUp(): FollowUp | undefined {
    return this.#followUp;
  }

  /** Enters on the latest market data. */
  enter(seen: readonly MarketEvent[], nowMs: number): void {
    for (const event of seen) this.#simulator.onMarket(event, nowMs);
    this.#apply(this.#simulator.onSignal(this.#entry, nowMs), nowMs);
    this.#limit = this.#simulator.restingOf(this.#entry.symbol)[0]?.order.price;
  }

  /**
   * Books and trades matter only to a resting order, and only if it expires or the trade reaches its price. An order that expires
   * takes from `book`, the newest one.
   */
  onMarket(event: MarketEvent, nowMs: number, book: Book | undefined): void {
    if (event.type !== 'mark' && this.#simulator.restingOrders() === 0) return;
    if ((event.type === 'book' || event.type === 'trade') && !this.#mayChange(event, nowMs)) return;
    this.seeBook(book, nowMs);
    this.#apply(this.#simulator.onMarket(event, nowMs), nowMs);
  }

  /** Shows a book to the account. */
  seeBook(book: Book | undefined, nowMs: number): void {
    if (book !== undefined && this.#simulator.restingOrders() > 0)
      this.#apply(this.#simulator.onMarket(book, nowMs), nowMs);
  }

  #mayChange(event: Book | MarketTrade, nowMs: number): boolean {
    this.#wait ??= waitOf(this.#simulator, this.#entry.symbol);
    if (nowMs >= this.#wait.untilMs) return true;
    return event.type === 'trade' && this.#wait.sign * (parseDecimal(event.price) - this.#wait.price) <= 0;
  }

  /** Handles a clock that went back by `byMs` after `newestMs`; the simulator, which may have missed some readings, detects it itself. */
  setClockBack(byMs: number, newestMs: number): void {
    this.#apply(this.#simulator.onTimer(newestMs), newestMs);
    this.#calm = undefined;
    this.#exposure.setClockBack(byMs);
  }

  /** The limits within which `judge` changes nothing at all; undefined if the next event must be judged. */
  get calm(): Calm | undefined {
    const calm = this.#calm;
    return calm && { ...calm, untilMs: Math.min(calm.untilMs, this.#simulator.idleUntil()) };
  }

  /** Expires and funds what is due, then closes by the exit rules, or at once if `forced` gives a reason. */
  judge(context: ShadowContext, book: Book | undefined, forced?: ExitReason): void {
    if (forced === undefined && this.#isCalm(context)) {
      // A funding is charged at its own time, with the mark price of that time.
      this.#apply(this.#simulator.onTimer(context.view.nowMs), context.view.nowMs);
      return;
    }
    this.#judge(context, book, forced);
    const [managed] = this.#exposure.managed;
    const isOpen = this.#followUp === undefined && this.#simulator.restingOrders() === 0;
    this.#calm = isOpen && managed !== undefined ? this.#calmOf(managed, context.present(this.side)) : undefined;
  }

  /** Only a trailing stop needs to know the best price of a shadow. */
  #calmOf(managed: ManagedPosition, present: Present): Calm | undefined {
    const calm = calmOf(managed, present, this.#params);
    return calm === undefined || this.#params.risk.trailing_stop ? calm : { ...calm, best: Number.POSITIVE_INFINITY };
  }

  #isCalm(context: ShadowContext): boolean {
    const { reversal, state } = context;
    if (this.#calm === undefined || state.sessionOver) return false;
    if (reversal !== undefined && reversal !== this.side) return false;
    return isCalm(this.#calm, this.side, context.present(this.side));
  }

  #judge(context: ShadowContext, book: Book | undefined, forced: ExitReason | undefined): void {
    const { state, view, reversal, present } = context;
    const { nowMs } = view;
    if (this.#simulator.restingOrders() === 0) this.#apply(this.#simulator.onTimer(nowMs), nowMs);
    else if (nowMs >= this.#simulator.idleUntil()) {
      this.seeBook(book, nowMs);
      this.#apply(this.#simulator.onTimer(nowMs), nowMs);
    }
    if (this.#followUp) return;
    // An entry that still rests at the end of its shadow was never filled.
    if (forced && this.#exposure.managed.length === 0) this.#followUp = this.#missed(nowMs);
    if (this.#exposure.managed.length === 0) return;
    state.advanceTrailingStops(nowMs, (side) => present(side).tightening, this.#exposure);
    const { market, sessionOver, listenedSince } = state;
    const managed = { exposure: this.#exposure, market, sessionOver, listenedSince };
    for (const exit of judgeExits(managed, view, this.#params, reversal, forced)) {
      if (exit.managed) exit.managed.exit = { reason: exit.reason, ts: nowMs, attempt: exit.attempt };
      if (book) this.#apply(this.#simulator.onMarket(book, nowMs), nowMs);
      if (this.#followUp) return;
      this.#apply(this.#simulator.onSignal(exitSignal(exit, state, view, this.#entry.run, false), nowMs), nowMs);
    }
  }

  #apply(effects: readonly SimulatorEffect[], nowMs: number): void {
    this.#wait = undefined;
    if (effects.length === 0) return;
    this.#calm = undefined;
    for (const { decision, trade } of effects) {
      if (trade) this.#followUp = closed(trade);
      // An exit order that a more urgent one replaces is MISSED too; the position stays open.
      else if (decision.outcome === 'MISSED' && decision.decision_id === this.decisionId) {
        this.#followUp = this.#missed(nowMs);
      }
    }
    this.#exposure.update(this.#simulator.positionUpdate(this.#entry.symbol, nowMs), nowMs);
  }

  #missed(nowMs: number): FollowUp {
    const limit = this.#limit ?? this.#entry.entry_price;
    return { outcome: 'MISSED', exit_price: limit, exit_ts: nowMs, gross_bp: 0, net_bp: 0 };
  }
}

/** Nobody sees the orders of a shadow. */
function plainOrderId(signalId: string, role: string, attempt: number): string {
  return `${signalId}-${role}-${attempt}`;
}

function closed({ entry_price, quantity, exit_price, exit_reason, exit_ts, gross_pnl, realized_pnl }: ClosedTrade) {
  const toBp = (amount: number) => sixDigits((10_000 * amount) / (entry_price * quantity));
  const followUp: FollowUp = {
    outcome: 'CLOSED',
    exit_price,
    exit_reason,
    exit_ts,
    gross_bp: toBp(gross_pnl),
    net_bp: toBp(realized_pnl),
  };
  return followUp;
}

/** Several orders wait for every event. */
function waitOf(simulator: Simulator, symbol: string): Wait {
  const [resting, ...others] = simulator.restingOf(symbol);
  if (resting === undefined || others.length > 0) return { price: 0, sign: 1, untilMs: Number.NEGATIVE_INFINITY };
  const sign = actionOf(resting.signal.direction) === 'BUY' ? 1 : -1;
  return { price: resting.order.price, sign, untilMs: simulator.idleUntil() };
}
