import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { ExitReason, MarketRegime, Side } from '@helios/shared/domain/signal.ts';
import { regimeEffectOf } from './regime.ts';
import { signOf } from './side-sign.ts';

/** Best price of a position, and its stops that have moved since the entry. */
export interface TrailingStop {
  /** Best price since entry: highest for LONG, lowest for SHORT. */
  readonly extreme: number;
  /** Price at which TRAILING_STOP fires; `undefined` until armed. */
  readonly stop: number | undefined;
  /** Price at which STOP_LOSS fires after a sentiment shock; `undefined`: the stop of the entry applies. */
  readonly stopLoss: number | undefined;
}

/** Exit parameters of a position, real or shadow. */
export interface ExitPlan {
  readonly side: Side;
  readonly entryPrice: number;
  readonly entryTs: number;
  /** Undefined for a hand-made position without a stop: then its author, the time limit or the operator closes it. */
  readonly stopLoss: number | undefined;
  readonly takeProfit: number | undefined;
  /** Regime at entry; it scales the trailing distance and the holding time. */
  readonly regime: MarketRegime;
  /** Horizon of the reason to enter, minutes; undefined: the distances and times of the settings count as they are. */
  readonly horizonMin?: number | undefined;
  /** Set where prices come from candles. */
  readonly candles?: CandleRules | undefined;
}

/**
 * Exits on candles. Between open and close the price jumps from one extreme to the other, so a taker fills at its stop or target: the
 * market passed it on its way to the extreme.
 */
export interface CandleRules {
  /** When a time limit counts that ends at `dueTs`, epoch ms: the price at that moment is unknown, an extreme is not it. */
  endOfHold(dueTs: number): number;
  /** True where the price of a candle is its high or low, epoch ms: nobody knows when it was there, so nothing enters or reverses at it. */
  isExtremeAt(ts: number): boolean;
  /** True for the first price of a candle, epoch ms: the market did not pass what lies between it and the price before. */
  beginsAt(ts: number): boolean;
}

export function planOf(position: OpenPosition): ExitPlan {
  return {
    side: position.side,
    entryPrice: position.entry_price,
    entryTs: position.entry_ts,
    stopLoss: position.stop_loss,
    takeProfit: position.take_profit,
    regime: position.regime ?? 'UNKNOWN',
    horizonMin: position.horizon_min,
  };
}

/** Inputs of one judgement. */
export interface ExitInputs {
  readonly nowMs: number;
  /** Price at which the position could be closed; `undefined` if none was ever seen. */
  readonly price: number | undefined;
  /** True if the price is young enough to prove a gain; otherwise no target counts as reached. */
  readonly provesGain: boolean;
  /** True if a confirmed trigger points the other way. */
  readonly reversed: boolean;
  /** False if stops rest on the venue. */
  readonly judgeStops: boolean;
}

/** Exit rules, and their changes by regime. */
export type ExitParams = Pick<StrategyParams, 'risk' | 'regime' | 'fees'>;

/** Maximum holding time of a position, ms: the horizon of its reason, at most `max_hold_sec`, changed by the regime. */
export function maxHoldMs(
  { regime, horizonMin }: Pick<ExitPlan, 'regime' | 'horizonMin'>,
  params: Pick<ExitParams, 'risk' | 'regime'>,
): number {
  const { max_hold_sec } = params.risk;
  const seconds = horizonMin === undefined ? max_hold_sec : Math.min(60 * horizonMin, max_hold_sec);
  return seconds * 1_000 * regimeEffectOf(regime, params.regime).holdFactor;
}

/** Time at which TIME_EXIT fires, epoch ms. */
export function holdsUntilMs(plan: ExitPlan, params: Pick<ExitParams, 'risk' | 'regime'>): number {
  const dueTs = plan.entryTs + maxHoldMs(plan, params);
  return plan.candles?.endOfHold(dueTs) ?? dueTs;
}

/** Cost of a round trip that takes twice, as a share of the price: fees and slippage. The spread is left out: exits are valued on their side. */
export function takerCostShare({ taker_fee, slippage_bp }: StrategyParams['fees']): number {
  return 2 * (taker_fee + slippage_bp / 10_000);
}

/** Price of STOP_LOSS: the stop of the entry, or the tighter one set by a sentiment shock. */
export function stopLossOf(plan: ExitPlan, trailing: TrailingStop | undefined): number | undefined {
  return trailing?.stopLoss ?? plan.stopLoss;
}

/** The reason to exit now, if any. The first match counts: losses before gains, time before opinion. */
export function exitReasonOf(
  plan: ExitPlan,
  trailing: TrailingStop | undefined,
  inputs: ExitInputs,
  params: ExitParams,
): ExitReason | undefined {
  const { price } = inputs;
  if (price !== undefined) {
    const sign = signOf(plan.side);
    if (inputs.judgeStops) {
      const stopLoss = stopLossOf(plan, trailing);
      if (stopLoss !== undefined && sign * (price - stopLoss) <= 0) return 'STOP_LOSS';
      if (trailing?.stop !== undefined && sign * (price - trailing.stop) <= 0) return 'TRAILING_STOP';
    }
    const isReached = plan.takeProfit !== undefined && sign * (price - plan.takeProfit) >= 0;
    if (isReached && inputs.provesGain) return 'TAKE_PROFIT';
  }
  if (inputs.nowMs >= holdsUntilMs(plan, params)) return 'TIME_EXIT';
  const heldMs = inputs.nowMs - plan.entryTs;
  if (inputs.reversed && plan.stopLoss !== undefined && mayReverse(plan, inputs, heldMs, params))
    return 'SIGNAL_REVERSAL';
  return undefined;
}

/** A reversal closes a position early. `in_gain` lets it only keep what was earned, as opposite triggers come every minute. */
function mayReverse(
  plan: ExitPlan,
  { nowMs, price, provesGain }: ExitInputs,
  heldMs: number,
  params: ExitParams,
): boolean {
  const { reversal_exit, reversal_min_hold_sec } = params.risk;
  if (reversal_exit === 'off' || heldMs < reversal_min_hold_sec * 1_000) return false;
  if (plan.candles?.isExtremeAt(nowMs)) return false;
  if (reversal_exit === 'always') return true;
  if (price === undefined || !provesGain) return false;
  return signOf(plan.side) * (price - plan.entryPrice) > plan.entryPrice * takerCostShare(params.fees);
}
