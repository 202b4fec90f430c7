import type { StrategyParams } from '../../domain/settings.ts';
import type { ExitParams, ExitPlan } from './exit-plan.ts';
import { effectOf } from './regime.ts';
import { signOf } from './side-sign.ts';

/** The stop moves only by at least this share of its distance: what is stored is then always what is in force. */
const STEP_SHARE = 0.1;

/** A stop is written and compared with as many significant digits, not with a float's whole tail. */
const STOP_DIGITS = 10;

/** How far a position has run in its favour. */
export interface Trail {
  /** Best price since entry: highest for LONG, lowest for SHORT. */
  readonly extreme: number;
  /** Price at which TRAILING_STOP fires; `undefined` until armed. */
  readonly stop: number | undefined;
}

/** A distance of `atrs` ATRs within the nearest and farthest stop allowed, in price units. */
export function stopDistance(price: number, atr: number, atrs: number, risk: StrategyParams['risk']): number {
  const nearest = (price * risk.min_stop_pct) / 100;
  const farthest = (price * risk.max_stop_pct) / 100;
  return Math.min(Math.max(atr * atrs, nearest), farthest);
}

/**
 * The trail after `price` was seen; the same object where nothing changed. The stop is armed once the price has moved
 * `trailing_activation_atr` ATRs in favour, and from then on only ever moves in favour. `tightening` below 1 draws it nearer.
 */
export function advanceTrail(
  plan: ExitPlan,
  trail: Trail | undefined,
  price: number,
  atr: number | undefined,
  { risk, regime }: ExitParams,
  tightening = 1,
): Trail | undefined {
  if (!risk.trailing_stop || plan.stopLoss === undefined || atr === undefined) return trail;
  const sign = signOf(plan.side);
  const extreme = trail && sign * (price - trail.extreme) <= 0 ? trail.extreme : price;
  const moved = sign * (extreme - plan.entryPrice);
  if (trail?.stop === undefined && (moved <= 0 || moved < atr * risk.trailing_activation_atr)) {
    return extreme === trail?.extreme ? trail : { extreme, stop: undefined };
  }
  const atrs = risk.trailing_distance_atr * effectOf(plan.regime, regime).stopFactor * tightening;
  const distance = stopDistance(extreme, atr, atrs, risk);
  const wanted = Number((extreme - sign * distance).toPrecision(STOP_DIGITS));
  const gained = trail?.stop === undefined ? Number.POSITIVE_INFINITY : sign * (wanted - trail.stop);
  if (gained >= STEP_SHARE * distance) return { extreme, stop: wanted };
  return extreme === trail?.extreme ? trail : { extreme, stop: trail?.stop };
}
