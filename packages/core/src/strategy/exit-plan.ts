import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { ExitReason, MarketRegime, Side } from '@helios/shared/domain/signal.ts';
import { regimeEffectOf } from './regime.ts';
import { signOf } from './side-sign.ts';

/** How far a position has run in its favour, and where its stops have moved since the entry. */
export interface TrailingStop {
  /** Best price since entry: highest for LONG, lowest for SHORT. */
  readonly extreme: number;
  /** Price at which TRAILING_STOP fires; `undefined` until armed. */
  readonly stop: number | undefined;
  /** Price at which STOP_LOSS fires since a shock of the mood was felt; `undefined`: at the stop of the entry. */
  readonly stopLoss: number | undefined;
}

/** What decides when a position, held or only imagined, is left. */
export interface ExitPlan {
  readonly side: Side;
  readonly entryPrice: number;
  readonly entryTs: number;
  /** Absent for a position opened by hand without one: it is then left to its owner, the clock and the operator. */
  readonly stopLoss: number | undefined;
  readonly takeProfit: number | undefined;
  /** Regime at entry: it scales the trailing distance and the holding time. */
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

/** What is known at the moment of judging. */
export interface ExitInputs {
  readonly nowMs: number;
  /** Price at which the position could be closed; `undefined` where none was ever seen. */
  readonly price: number | undefined;
  /** That price is young enough to prove a gain; where it is not, no target was reached. */
  readonly provesGain: boolean;
  /** A confirmed trigger points the other way. */
  readonly reversed: boolean;
  /** False where stops rest on the venue. */
  readonly judgeStops: boolean;
}

/** The rules a position is left by, and what regimes change in them. */
export type ExitParams = Pick<StrategyParams, 'risk' | 'regime'>;

/** Longest holding time under a regime, ms. */
export function maxHoldMs(regime: MarketRegime, params: ExitParams): number {
  return params.risk.max_hold_sec * 1_000 * regimeEffectOf(regime, params.regime).holdFactor;
}

/** Where STOP_LOSS fires: at the stop of the entry, or where a shock of the mood drew it in to. */
export function stopLossOf(plan: ExitPlan, trailing: TrailingStop | undefined): number | undefined {
  return trailing?.stopLoss ?? plan.stopLoss;
}

/** Why to leave now, if at all; the first reason that holds, losses before gains, time before opinion. */
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
