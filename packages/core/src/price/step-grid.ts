import { type ExactDecimal, exactNumber, exactOf, exactProduct, isLess, unitsAt } from './exact-decimal.ts';

/** The largest multiple of `step` at or below the positive `quantity`. */
export function floorToStep(quantity: number, step: string): number {
  const exact = exactOf(step);
  return multipleOf(exact, wholeSteps(exactOf(quantity), exact));
}

/** The smallest multiple of `step` at or above the positive `quantity`. */
export function ceilToStep(quantity: number, step: string): number {
  const exact = exactOf(step);
  const floored = wholeSteps(exactOf(quantity), exact);
  const below = multipleOf(exact, floored);
  return below === quantity ? below : multipleOf(exact, floored + 1n);
}

/** The largest multiple of `step` that costs at most `notional` at `price`. */
export function quantityFor(notional: number, price: number, step: string): number {
  const exact = exactOf(step);
  return multipleOf(exact, wholeSteps(exactOf(notional), exactProduct(exact, exactOf(price))));
}

/** True if `price` × `quantity` is below `limit`. */
export function isWorthLess(price: number, quantity: number, limit: string): boolean {
  return isLess(exactProduct(exactOf(price), exactOf(quantity)), exactOf(limit));
}

/** Number of whole steps in `value`, rounded towards zero; both arguments are positive. */
function wholeSteps(value: ExactDecimal, step: ExactDecimal): bigint {
  const scale = Math.max(value.scale, step.scale);
  return unitsAt(value, scale) / unitsAt(step, scale);
}

function multipleOf(step: ExactDecimal, count: bigint): number {
  return exactNumber({ units: count * step.units, scale: step.scale });
}
