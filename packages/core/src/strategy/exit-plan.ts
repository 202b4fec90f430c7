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
}

export function planOf(position: OpenPosition): ExitPlan {
  return {
    side: position.side,
    entryPrice: position.entry_price,
    entryTs: position.entry_ts,
    stopLoss: position.stop_loss,
    takeProfit: position.take_profit,
    regime: position.regime ?? 'UNKNOWN',
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
export type ExitParams = Pick<StrategyParams, 'risk' | 'regime'>;

/** Maximum holding time under a regime, ms. */
export function maxHoldMs(regime: MarketRegime, params: ExitParams): number {
  return params.risk.max_hold_sec * 1_000 * regimeEffectOf(regime, params.regime).holdFactor;
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
  const { risk } = params;
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
  const heldMs = inputs.nowMs - plan.entryTs;
  if (heldMs >= maxHoldMs(plan.regime, params)) return 'TIME_EXIT';
  const mayReverse = risk.reversal_exit && heldMs >= risk.reversal_min_hold_sec * 1_000;
  if (inputs.reversed && mayReverse && plan.stopLoss !== undefined) return 'SIGNAL_REVERSAL';
  return undefined;
}
