import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { ExitParams, ExitPlan, TrailingStop } from './exit-plan.ts';
import { regimeEffectOf } from './regime.ts';
import { signOf } from './side-sign.ts';

/** The stop moves only by at least this share of its distance: what is stored is then always what is in force. */
const STEP_SHARE = 0.1;

/** A stop is written and compared with as many significant digits, not with a float's whole tail. */
const STOP_DIGITS = 10;

/** A stop has moved since the entry: then, and only then, the trail is stored. */
export function isOnRecord(trailing: TrailingStop | undefined): boolean {
  return trailing?.stop !== undefined || trailing?.stopLoss !== undefined;
}

/** A distance of `atrs` ATRs within the nearest and farthest stop allowed, in price units. */
export function stopDistance(price: number, atr: number, atrs: number, risk: StrategyParams['risk']): number {
  const nearest = (price * risk.min_stop_pct) / 100;
  const farthest = (price * risk.max_stop_pct) / 100;
  return Math.min(Math.max(atr * atrs, nearest), farthest);
}

/**
 * The trail after `price` was seen; the same object where nothing changed. Its stops only ever move in favour. `tightening` below 1,
 * a shock of the mood, draws them in.
 */
export function advanceTrailingStop(
  plan: ExitPlan,
  trailing: TrailingStop | undefined,
  price: number,
  atr: number | undefined,
  params: ExitParams,
  tightening = 1,
): TrailingStop | undefined {
  if (plan.stopLoss === undefined) return trailing;
  const extreme = trailing && signOf(plan.side) * (price - trailing.extreme) <= 0 ? trailing.extreme : price;
  const stop = trailingStopPrice(plan, trailing?.stop, extreme, atr, params, tightening);
  const stopLoss = drawnIn(plan, plan.stopLoss, trailing, params.risk, tightening);
  const same = trailing && extreme === trailing.extreme && stop === trailing.stop && stopLoss === trailing.stopLoss;
  return same ? trailing : { extreme, stop, stopLoss };
}

/** Armed once the price has moved `trailing_activation_atr` ATRs in favour. */
function trailingStopPrice(
  plan: ExitPlan,
  stop: number | undefined,
  extreme: number,
  atr: number | undefined,
  { risk, regime }: ExitParams,
  tightening: number,
): number | undefined {
  if (!risk.trailing_stop || atr === undefined) return stop;
  const sign = signOf(plan.side);
  const moved = sign * (extreme - plan.entryPrice);
  if (stop === undefined && (moved <= 0 || moved < atr * risk.trailing_activation_atr)) return undefined;
  const atrs = risk.trailing_distance_atr * regimeEffectOf(plan.regime, regime).stopFactor * tightening;
  const distance = stopDistance(extreme, atr, atrs, risk);
  const wanted = Number((extreme - sign * distance).toPrecision(STOP_DIGITS));
  return stop === undefined || sign * (wanted - stop) >= STEP_SHARE * distance ? wanted : stop;
}

/**
 * The stop of the entry, drawn in to `tightening` of its distance from the entry price, but not within `min_stop_pct`: once, by the
 * first shock. A position that is first seen in a shock was entered in it, with a stop that was measured so.
 */
function drawnIn(
  plan: ExitPlan,
  stopLoss: number,
  trailing: TrailingStop | undefined,
  risk: StrategyParams['risk'],
  tightening: number,
): number | undefined {
  if (tightening >= 1 || trailing?.stopLoss !== undefined) return trailing?.stopLoss;
  const sign = signOf(plan.side);
  const distance = sign * (plan.entryPrice - stopLoss);
  const nearest = (plan.entryPrice * risk.min_stop_pct) / 100;
  if (trailing === undefined || distance <= nearest) return stopLoss;
  const wanted = plan.entryPrice - sign * Math.max(distance * tightening, nearest);
  return Number(wanted.toPrecision(STOP_DIGITS));
}
