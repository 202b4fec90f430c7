import type { FollowUp } from '../../domain/decision.ts';
import type { MarketTrade } from '../../domain/market-data.ts';
import type { StrategyParams } from '../../domain/settings.ts';
import type { ExitReason, Side } from '../../domain/signal.ts';
import { feeRate, isLimitMode, liquidityOf } from '../execution/fees.ts';
import { fillsOnTrade, type QueuedOrder, visibleQuantity } from '../execution/fill.ts';
import { type ShownBook, takerFill } from '../execution/taker-fill.ts';
import { type ExitPlan, exitReasonOf } from './exit-plan.ts';
import { type KnownPrice, movesTrail, saysNow } from './market-memory.ts';
import { sixDigits } from './price-decimals.ts';
import { signOf } from './side-sign.ts';
import { advanceTrail, type Trail } from './trailing.ts';

/** Shadows followed at once on one symbol; the oldest is ended when one more comes. */
export const MAX_SHADOWS = 50;

/** The end of a shadow position. */
export interface FollowedUp {
  readonly decisionId: string;
  readonly side: Side;
  readonly followUp: FollowUp;
}

interface Shadow {
  readonly decisionId: string;
  plan: ExitPlan;
  trail: Trail | undefined;
  /** The entry that still rests, in the LIMIT modes. */
  resting: QueuedOrder | undefined;
}

/** Prices and opinions a step is judged on. */
export interface FollowUpMoment {
  readonly nowMs: number;
  readonly atr: number | undefined;
  /** Direction of a confirmed trigger. */
  readonly reversal: Side | undefined;
  /** The book as last seen, which entry and exit walk through. */
  readonly levels: ShownBook | undefined;
  /** Price at which a position of that side could be closed. */
  closingPrice(side: Side): KnownPrice | undefined;
  /** What a shock of the mood leaves of the stop distances on that side, 0..1. */
  tightening(side: Side): number;
}

/**
 * What refused triggers of one symbol would have made: shadow positions under the exit rules, fees and fills of real ones. In the
 * LIMIT modes the entry rests in the queue that the book shows; one that never fills is MISSED. An exit that would rest is taken
 * to fill at once where it would rest, and funding is left out.
 */
export class FollowUps {
  readonly #params: StrategyParams;
  #shadows: Shadow[] = [];

  constructor(params: StrategyParams) {
    this.#params = params;
  }

  get size(): number {
    return this.#shadows.length;
  }

  /** Begins to follow a refused trigger; returns what the shadows that had to make room came to. */
  open(decisionId: string, plan: ExitPlan, moment: FollowUpMoment): FollowedUp[] {
    const ended: FollowedUp[] = [];
    while (this.#shadows.length >= MAX_SHADOWS) {
      const oldest = this.#shadows.shift();
      if (oldest) ended.push(this.#end(oldest, 'TIME_EXIT', moment));
    }
    this.#shadows.push({ decisionId, trail: undefined, ...this.#entered(plan, moment.levels) });
    return ended;
  }

  /** The clock went back by `byMs`: every shadow stays as old as it was. */
  setClockBack(byMs: number): void {
    this.#shadows = this.#shadows.map((shadow) => ({
      ...shadow,
      plan: { ...shadow.plan, entryTs: shadow.plan.entryTs - byMs },
      resting: shadow.resting && { ...shadow.resting, placedTs: shadow.resting.placedTs - byMs },
    }));
  }

  onTrade(trade: MarketTrade): void {
    for (const shadow of this.#shadows) {
      if (shadow.resting === undefined || !fillsOnTrade(shadow.resting, trade)) continue;
      shadow.resting = undefined;
      shadow.plan = { ...shadow.plan, entryTs: trade.ts_event };
    }
  }

  /** Judges every shadow; returns those that ended. */
  step(moment: FollowUpMoment): FollowedUp[] {
    if (this.#shadows.length === 0) return [];
    const ended: FollowedUp[] = [];
    const prices = { LONG: moment.closingPrice('LONG'), SHORT: moment.closingPrice('SHORT') };
    for (const shadow of this.#shadows) {
      const reason = this.#reasonToEnd(shadow, prices[shadow.plan.side], moment);
      if (reason) ended.push(this.#end(shadow, reason, moment));
    }
    if (ended.length > 0) {
      const gone = new Set(ended.map((each) => each.decisionId));
      this.#shadows = this.#shadows.filter((shadow) => !gone.has(shadow.decisionId));
    }
    return ended;
  }

  /** Ends all of them for a reason that lies outside them. */
  endAll(reason: ExitReason, moment: FollowUpMoment): FollowedUp[] {
    const ended = this.#shadows.map((shadow) => this.#end(shadow, reason, moment));
    this.#shadows = [];
    return ended;
  }

  #reasonToEnd(shadow: Shadow, known: KnownPrice | undefined, moment: FollowUpMoment): ExitReason | undefined {
    const { plan } = shadow;
    const params = this.#params;
    if (shadow.resting) {
      return moment.nowMs - plan.entryTs >= params.simulation.limit_timeout_sec * 1_000 ? 'TIME_EXIT' : undefined;
    }
    if (movesTrail(known)) {
      shadow.trail = advanceTrail(plan, shadow.trail, known.price, moment.atr, params, moment.tightening(plan.side));
    }
    const reversed = moment.reversal !== undefined && moment.reversal !== plan.side;
    const provesGain = known !== undefined && saysNow(known);
    const atExit = { nowMs: moment.nowMs, price: known?.price, provesGain, reversed, judgeStops: true };
    return exitReasonOf(plan, shadow.trail, atExit, params);
  }

  #end(shadow: Shadow, reason: ExitReason, moment: FollowUpMoment): FollowedUp {
    const { plan, decisionId, resting } = shadow;
    const { side, entryPrice } = plan;
    if (resting) {
      const missed = {
        outcome: 'MISSED',
        exit_price: entryPrice,
        exit_ts: moment.nowMs,
        gross_bp: 0,
        net_bp: 0,
      } as const;
      return { decisionId, side, followUp: missed };
    }
    const exitPrice = this.#exitPrice(plan, reason, moment);
    const grossBp = (signOf(side) * 10_000 * (exitPrice - entryPrice)) / entryPrice;
    const followUp: FollowUp = {
      outcome: 'CLOSED',
      exit_price: exitPrice,
      exit_reason: reason,
      exit_ts: moment.nowMs,
      gross_bp: sixDigits(grossBp),
      net_bp: sixDigits(grossBp - this.#feesBp(reason, exitPrice / entryPrice)),
    };
    return { decisionId, side, followUp };
  }

  /** What a taker gets at the price known now; a maker gets that price. */
  #exitPrice({ side, entryPrice }: ExitPlan, reason: ExitReason, moment: FollowUpMoment): number {
    const { simulation, fees } = this.#params;
    const decidedPrice = moment.closingPrice(side)?.price;
    if (decidedPrice === undefined) return entryPrice;
    if (liquidityOf(simulation.mode, 'EXIT', reason) === 'MAKER') return decidedPrice;
    const order = {
      action: side === 'LONG' ? 'SELL' : 'BUY',
      quantity: this.#quantityAt(entryPrice),
      decidedPrice,
    } as const;
    return takerFill(order, moment.levels, fees.slippage_bp).price;
  }

  /** Both legs' fees in basis points of the entry price. */
  #feesBp(reason: ExitReason, exitOverEntry: number): number {
    const { fees, simulation } = this.#params;
    const entry = feeRate(fees, simulation.mode, 'ENTRY', undefined);
    return 10_000 * (entry + feeRate(fees, simulation.mode, 'EXIT', reason) * exitOverEntry);
  }

  /** The entry as the simulator would make it: filled now, or resting in the queue that the book shows. */
  #entered(plan: ExitPlan, levels: ShownBook | undefined): Pick<Shadow, 'plan' | 'resting'> {
    const { simulation, fees } = this.#params;
    const { entryPrice: price, entryTs: placedTs } = plan;
    const action = plan.side === 'LONG' ? 'BUY' : 'SELL';
    const quantity = this.#quantityAt(price);
    if (!isLimitMode(simulation.mode)) {
      const fill = takerFill({ action, quantity, decidedPrice: price }, levels, fees.slippage_bp);
      return { plan: { ...plan, entryPrice: fill.price }, resting: undefined };
    }
    const queueAhead = levels && visibleQuantity(levels, action, price);
    return { plan, resting: { action, price, quantity, placedTs, queueAhead, tradedAtLimit: 0 } };
  }

  #quantityAt(price: number): number {
    const { position_size, position_notional } = this.#params.simulation;
    return position_size ?? position_notional / price;
  }
}
