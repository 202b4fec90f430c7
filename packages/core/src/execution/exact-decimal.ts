/** A decimal without loss: `units` × 10^−`scale`. */
interface Exact {
  readonly units: bigint;
  readonly scale: number;
}

/** The decimal that a text or a number writes: `0.1` is one tenth, and not the double nearest to it. */
function exactOf(value: number | string): Exact {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(String(value));
  if (match === null) throw new RangeError(`${value} is not a decimal number`);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const scale = fraction.length - Number(exponent);
  const units = BigInt(`${sign}${whole}${fraction}`);
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

function numberOf({ units, scale }: Exact): number {
  return Number(`${units}e-${scale}`);
}

function product(a: Exact, b: Exact): Exact {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

/** −1, 0 or 1. */
function order(a: Exact, b: Exact): number {
  const left = a.units * 10n ** BigInt(b.scale);
  const right = b.units * 10n ** BigInt(a.scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Whole steps in `value`, rounded towards zero; both positive. */
function wholeSteps(value: Exact, step: Exact): bigint {
  return (value.units * 10n ** BigInt(step.scale)) / (step.units * 10n ** BigInt(value.scale));
}

function stepsOf(count: bigint, step: Exact): number {
  return numberOf({ units: count * step.units, scale: step.scale });
}

/** The largest multiple of `step` that is not above the positive `quantity`. */
export function floorToStep(quantity: number, step: string): number {
  const exact = exactOf(step);
  return stepsOf(wholeSteps(exactOf(quantity), exact), exact);
}

/** The largest multiple of `step` that costs at most `notional` at `price`. */
export function quantityFor(notional: number, price: number, step: string): number {
  const exact = exactOf(step);
  return stepsOf(wholeSteps(exactOf(notional), product(exact, exactOf(price))), exact);
}

/** The multiple of `tick` at or next to the positive `price`, below it or above it. */
export function priceOnTick(price: number, tick: string, towards: 'DOWN' | 'UP'): number {
  const exact = exactOf(tick);
  const value = exactOf(price);
  const count = wholeSteps(value, exact);
  const below = { units: count * exact.units, scale: exact.scale };
  return towards === 'DOWN' || order(below, value) === 0 ? numberOf(below) : stepsOf(count + 1n, exact);
}

/** True where `price` × `quantity` is below `limit`. */
export function isWorthLess(price: number, quantity: number, limit: string): boolean {
  return order(product(exactOf(price), exactOf(quantity)), exactOf(limit)) < 0;
}
