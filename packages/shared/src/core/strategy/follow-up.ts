import type { FollowUp } from '../../domain/decision.ts';
import type { MarketTrade } from '../../domain/market-data.ts';
import type { StrategyParams } from '../../domain/settings.ts';
import type { ExitReason, Side } from '../../domain/signal.ts';
import { feeRate, isLimitMode } from '../execution/fees.ts';
import { fillsOnTrade, type QueuedOrder } from '../execution/fill.ts';
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
  readonly plan: ExitPlan;
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
  /** Price at which a position of that side could be closed. */
  closingPrice(side: Side): KnownPrice | undefined;
  /** What a shock of the mood leaves of the stop distances on that side, 0..1. */
  tightening(side: Side): number;
}

/**
 * What refused triggers of one symbol would have made: shadow positions under the exit rules and fees of real ones. In the
 * LIMIT modes the entry has to be traded through first; one that never is made nothing, and is reported so.
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
    this.#shadows.push({ decisionId, plan, trail: undefined, resting: this.#restingEntry(plan) });
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
      if (shadow.resting && fillsOnTrade(shadow.resting, trade)) shadow.resting = undefined;
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
    const { plan, decisionId } = shadow;
    const exitPrice = shadow.resting ? plan.entryPrice : (moment.closingPrice(plan.side)?.price ?? plan.entryPrice);
    const grossBp = (signOf(plan.side) * 10_000 * (exitPrice - plan.entryPrice)) / plan.entryPrice;
    const feesBp = shadow.resting ? 0 : this.#feesBp(reason, exitPrice / plan.entryPrice);
    const followUp: FollowUp = {
      exit_price: exitPrice,
      exit_reason: reason,
      exit_ts: moment.nowMs,
      gross_bp: sixDigits(grossBp),
      net_bp: sixDigits(grossBp - feesBp),
    };
    return { decisionId, side: plan.side, followUp };
  }

  /** Both legs' fees in basis points of the entry price. */
  #feesBp(reason: ExitReason, exitOverEntry: number): number {
    const { fees, simulation } = this.#params;
    const entry = feeRate(fees, simulation.mode, 'ENTRY', undefined);
    return 10_000 * (entry + feeRate(fees, simulation.mode, 'EXIT', reason) * exitOverEntry);
  }

  #restingEntry(plan: ExitPlan): QueuedOrder | undefined {
    if (!isLimitMode(this.#params.simulation.mode)) return undefined;
    return {
      action: plan.side === 'LONG' ? 'BUY' : 'SELL',
      price: plan.entryPrice,
      quantity: this.#params.simulation.position_size ?? this.#params.simulation.position_notional / plan.entryPrice,
      placedTs: plan.entryTs,
      queueAhead: undefined,
      tradedAtLimit: 0,
    };
  }
}
