/** Coefficients of the rational approximation by Hart (1968), as printed by West (2005). */
const HART_ABOVE = [
  0.0352624965998911, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931,
  220.206867912376,
];
const HART_BELOW = [
  0.0883883476483184, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831,
  793.826512519948, 440.413735824752,
];

const polynomial = (coefficients: readonly number[], x: number) => coefficients.reduce((sum, c) => sum * x + c, 0);

/**
 * Distribution function of the standard normal distribution. Absolute error below 1e-14.
 * Source: G. West, "Better approximations to cumulative normal functions", Wilmott 2005.
 */
export function normalCdf(x: number): number {
  const size = Math.abs(x);
  const tail = size > 37 ? 0 : Math.exp((-size * size) / 2) * millsShare(size);
  return x > 0 ? 1 - tail : tail;
}

function millsShare(x: number): number {
  if (x < 7.07106781186547) return polynomial(HART_ABOVE, x) / polynomial(HART_BELOW, x);
  const fraction = x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))));
  return 1 / fraction / Math.sqrt(2 * Math.PI);
}

/** Coefficients of Acklam's approximation: numerator and denominator of the centre, then of the tails. */
const CENTRE = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
];
const CENTRE_BELOW = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1,
];
const TAIL = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const TAIL_BELOW = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1];
const TAIL_SHARE = 0.02425;

/**
 * The inverse of `normalCdf`; infinite at 0 and 1. Absolute error below 1e-9.
 * Source: P. J. Acklam's approximation (2003), refined by one step of Halley's method.
 */
export function normalQuantile(p: number): number {
  if (p <= 0) return Number.NEGATIVE_INFINITY;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  // The lower half keeps its digits: 1 − p near 1 would lose them.
  if (p > 0.5) return -normalQuantile(1 - p);
  const x = acklam(p);
  const error = (normalCdf(x) - p) * Math.sqrt(2 * Math.PI) * Math.exp((x * x) / 2);
  return x - error / (1 + (x * error) / 2);
}

function acklam(p: number): number {
  if (p >= TAIL_SHARE) {
    const q = p - 0.5;
    return (polynomial(CENTRE, q * q) * q) / polynomial(CENTRE_BELOW, q * q);
  }
  const q = Math.sqrt(-2 * Math.log(p));
  return polynomial(TAIL, q) / polynomial(TAIL_BELOW, q);
}
