import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { PriceGrid } from '../price/price-grid.ts';
import { type ExitParams, type ExitPlan, type TrailingStop, takerCostShare } from './exit-plan.ts';
import { regimeEffectOf } from './regime.ts';
import { signOf } from './side-sign.ts';
import { stopBeside, stopDistance } from './stop-price.ts';

/** A stop moves by at least this share of its distance. Every move is stored, so stored and current stop are always equal. */
const STEP_SHARE = 0.1;

/** True if a stop has moved since the entry; only then is the trailing stop stored. */
export function isOnRecord(trailing: TrailingStop | undefined): boolean {
  return trailing?.stop !== undefined || trailing?.stopLoss !== undefined;
}

/** Inputs of stop distances. */
export interface StopMeasure {
  /** In price units; `undefined` if unknown. */
  readonly atr: number | undefined;
  /** The valid prices of the venue. */
  readonly grid: PriceGrid;
  /** Remaining share of the stop distances during a sentiment shock, 0..1. */
  readonly tightening: number;
}

/**
 * The trailing stop after `price`; the same object if nothing changed. Its stops only move in favour of the position.
 * `tightening` below 1 (a sentiment shock) moves them closer.
 */
export function advanceTrailingStop(
  plan: ExitPlan,
  trailing: TrailingStop | undefined,
  price: number,
  measure: StopMeasure,
  params: ExitParams,
): TrailingStop | undefined {
  if (plan.stopLoss === undefined) return trailing;
  const extreme = trailing && signOf(plan.side) * (price - trailing.extreme) <= 0 ? trailing.extreme : price;
  const stop = trailingStopPrice(plan, trailing?.stop, extreme, measure, params);
  const stopLoss = drawnIn(plan, plan.stopLoss, trailing, measure, params.risk);
  const same = trailing && extreme === trailing.extreme && stop === trailing.stop && stopLoss === trailing.stopLoss;
  return same ? trailing : { extreme, stop, stopLoss };
}

/**
 * The trailing stop price. It is armed once the price has moved `trailing_activation_atr` ATRs in favour, and its first price pays
 * for the round trip: an exit in its name is no loss.
 */
function trailingStopPrice(
  plan: ExitPlan,
  stop: number | undefined,
  extreme: number,
  { atr, grid, tightening }: StopMeasure,
  { risk, regime, fees }: ExitParams,
): number | undefined {
  if (!risk.trailing_stop || atr === undefined) return stop;
  const sign = signOf(plan.side);
  const moved = sign * (extreme - plan.entryPrice);
  if (stop === undefined && (moved <= 0 || moved < atr * risk.trailing_activation_atr)) return undefined;
  const atrs = risk.trailing_distance_atr * regimeEffectOf(plan.regime, regime).stopFactor * tightening;
  const distance = stopDistance(extreme, atr, atrs, risk);
  const farthest = Math.max(distance, (extreme * risk.max_stop_pct) / 100);
  const wanted = stopBeside(extreme, sign, { distance, farthest }, grid);
  const pays = sign * (wanted - plan.entryPrice) >= plan.entryPrice * takerCostShare(fees);
  if (stop === undefined && !pays) return undefined;
  return stop === undefined || sign * (wanted - stop) >= STEP_SHARE * distance ? wanted : stop;
}

/**
 * The stop of the entry at `tightening` of its distance from the entry price, but at least `min_stop_pct` away. Only the first
 * shock tightens it. A position first seen during a shock was entered in that shock, so its stop already reflects it.
 */
function drawnIn(
  plan: ExitPlan,
  stopLoss: number,
  trailing: TrailingStop | undefined,
  { grid, tightening }: StopMeasure,
  risk: StrategyParams['risk'],
): number | undefined {
  if (tightening >= 1 || trailing?.stopLoss !== undefined) return trailing?.stopLoss;
  const sign = signOf(plan.side);
  const distance = sign * (plan.entryPrice - stopLoss);
  const nearest = (plan.entryPrice * risk.min_stop_pct) / 100;
  if (trailing === undefined || distance <= nearest) return stopLoss;
  const drawn = Math.max(distance * tightening, nearest);
  return stopBeside(plan.entryPrice, sign, { distance: drawn, farthest: distance }, grid);
}
