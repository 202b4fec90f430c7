import type { Side } from '@helios/shared/domain/signal.ts';
import { type ExitParams, exitReasonOf, holdsUntilMs, stopLossOf, type TrailingStop } from './exit-plan.ts';
import type { ManagedPosition } from './exposure.ts';
import { type KnownPrice, movesTrailingStop } from './known-price.ts';
import { signOf } from './side-sign.ts';
import { advanceTrailingStop, type StopMeasure } from './trailing.ts';

/**
 * Limits within which judging a position changes nothing: no exit, and no move of its trailing stop. Prices of a SHORT are
 * negated, so more is better for both sides.
 */
export interface Calm {
  /** At this price or below it a stop fires. */
  readonly above: number;
  /** The best price since entry. A better price moves the trailing stop. */
  readonly best: number;
  /** At this price TAKE_PROFIT fires. */
  readonly below: number;
  /** Inputs of the trailing stop at the last judgement. */
  readonly atr: number | undefined;
  readonly hourRange: number | undefined;
  readonly tightening: number;
  /** Time of the last judgement, and time at which TIME_EXIT fires, epoch ms. */
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** Current inputs. */
export interface Present {
  readonly nowMs: number;
  /** Price at which the position could be closed; undefined if unknown. */
  readonly price: KnownPrice | undefined;
  /** ATR of a minute, and range of a minute by the volatility of the last hour; price units. */
  readonly atr: number | undefined;
  readonly hourRange: number | undefined;
  /** Remaining share of the stop distances during a sentiment shock, 0..1. */
  readonly tightening: number;
}

/** The current inputs of each side. */
export interface PresentOfSides {
  of(side: Side): Present;
}

/** The limits after a position was judged and not closed; undefined if the next event must be judged too. */
export function calmOf(
  { plan, trailing, exit }: ManagedPosition,
  present: Present,
  params: ExitParams,
): Calm | undefined {
  const { nowMs, price, atr, hourRange, tightening } = present;
  const stopLoss = stopLossOf(plan, trailing);
  if (exit !== undefined || trailing === undefined || stopLoss === undefined) return undefined;
  // Such a price did not move the trailing stop, so the stop may come from an earlier ATR.
  if (!movesTrailingStop(price)) return undefined;
  const sign = signOf(plan.side);
  return {
    above: Math.max(sign * stopLoss, trailing.stop === undefined ? Number.NEGATIVE_INFINITY : sign * trailing.stop),
    best: sign * trailing.extreme,
    below: plan.takeProfit === undefined ? Number.POSITIVE_INFINITY : sign * plan.takeProfit,
    atr,
    hourRange,
    tightening,
    sinceMs: nowMs,
    untilMs: holdsUntilMs(plan, params),
  };
}

/**
 * True while a position of `side` stays within the limits. The caller checks for a reversal, a forced exit and the end of a
 * session.
 */
export function isCalm(calm: Calm, side: Side, present: Present): boolean {
  const { nowMs, price } = present;
  if (price === undefined || !hasSameInputs(calm, present)) return false;
  if (nowMs < calm.sinceMs || nowMs >= calm.untilMs) return false;
  const favour = signOf(side) * price.price;
  return favour > calm.above && favour <= calm.best && favour < calm.below;
}

/** The inputs that the limits depend on. */
type CalmInputs = Pick<Calm, 'atr' | 'hourRange' | 'tightening'>;

export function hasSameInputs(a: CalmInputs, b: CalmInputs): boolean {
  return a.atr === b.atr && a.hourRange === b.hourRange && a.tightening === b.tightening;
}

/** Lowest and highest price in a while, and its end (epoch ms). */
interface While {
  readonly low: number;
  readonly high: number;
  readonly untilMs: number;
}

/**
 * The trailing stop after fresh book prices within a range, in any order, that neither close the position nor move a stop;
 * undefined if they may. The caller checks for a reversal, a forced exit and the end of a session.
 */
export function trailingAfter(
  { plan, trailing, exit }: ManagedPosition,
  { low, high, untilMs }: While,
  measure: StopMeasure,
  params: ExitParams,
): TrailingStop | undefined {
  if (exit !== undefined || trailing === undefined) return undefined;
  const best = plan.side === 'LONG' ? high : low;
  const after = advanceTrailingStop(plan, trailing, best, measure, params);
  if (after === undefined || after.stop !== trailing.stop || after.stopLoss !== trailing.stopLoss) return undefined;
  // A price between may move a stop that the best one leaves.
  if (after.stop !== undefined && after.extreme !== trailing.extreme) return undefined;
  const leaves = (price: number) =>
    exitReasonOf(plan, after, { ...JUDGED, nowMs: untilMs, price }, params) !== undefined;
  return leaves(low) || leaves(high) ? undefined : after;
}

/** The widest judgement: every price counts for stops and target. */
const JUDGED = { provesGain: true, reversed: false, judgeStops: true } as const;
