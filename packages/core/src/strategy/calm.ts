import type { Side } from '@helios/shared/domain/signal.ts';
import { type ExitParams, maxHoldMs, stopLossOf } from './exit-plan.ts';
import type { ManagedPosition } from './exposure.ts';
import { type KnownPrice, movesTrailingStop } from './market-memory.ts';
import { signOf } from './side-sign.ts';

/**
 * Limits within which judging a position changes nothing: it is not left and its trail does not move. A price of a LONG counts
 * as it is, one of a SHORT negative: more is better for both.
 */
export interface Calm {
  /** At this price or below it a stop fires. */
  readonly above: number;
  /** The best price seen. A better one moves the trail. */
  readonly best: number;
  /** At this price TAKE_PROFIT fires. */
  readonly below: number;
  /** What the trail was measured by. */
  readonly atr: number | undefined;
  readonly tightening: number;
  /** When it was judged last, and when TIME_EXIT fires, epoch ms. */
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** What is known now. */
export interface Present {
  readonly nowMs: number;
  /** At which the position could be left; undefined where none is known. */
  readonly price: KnownPrice | undefined;
  readonly atr: number | undefined;
  /** What a shock of the sentiment leaves of the stop distances, 0..1. */
  readonly tightening: number;
}

/** The calm after a position was judged and not left; undefined where the next moment must be judged, too. */
export function calmOf(
  { plan, trailing, exit }: ManagedPosition,
  present: Present,
  params: ExitParams,
): Calm | undefined {
  const { nowMs, price, atr, tightening } = present;
  const stopLoss = stopLossOf(plan, trailing);
  if (exit !== undefined || trailing === undefined || stopLoss === undefined) return undefined;
  // The trail was not advanced by such a price: it may stand where an earlier ATR put it.
  if (!movesTrailingStop(price)) return undefined;
  const sign = signOf(plan.side);
  return {
    above: Math.max(sign * stopLoss, trailing.stop === undefined ? Number.NEGATIVE_INFINITY : sign * trailing.stop),
    best: sign * trailing.extreme,
    below: plan.takeProfit === undefined ? Number.POSITIVE_INFINITY : sign * plan.takeProfit,
    atr,
    tightening,
    sinceMs: nowMs,
    untilMs: plan.entryTs + maxHoldMs(plan.regime, params),
  };
}

/** True while it lasts for a position of `side`. A reversal, a forced exit and the end of a session are for the caller to see. */
export function isCalm(calm: Calm, side: Side, { nowMs, price, atr, tightening }: Present): boolean {
  if (price === undefined || atr !== calm.atr || tightening !== calm.tightening) return false;
  if (nowMs < calm.sinceMs || nowMs >= calm.untilMs) return false;
  const favour = signOf(side) * price.price;
  return favour > calm.above && favour <= calm.best && favour < calm.below;
}
