/** Mean of the values; undefined if there are none. */
export function mean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Sample standard deviation; undefined for fewer than two values. */
export function deviation(values: readonly number[]): number | undefined {
  const centre = mean(values);
  if (centre === undefined || values.length < 2) return undefined;
  let squares = 0;
  for (const value of values) squares += (value - centre) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

/** Quantile by nearest rank, `share` 0..1; undefined if there are no values. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Pearson correlation of two series of one length; undefined if either is constant. */
export function correlation(x: readonly number[], y: readonly number[]): number | undefined {
  const meanX = mean(x);
  const meanY = mean(y);
  if (meanX === undefined || meanY === undefined || x.length !== y.length) return undefined;
  let product = 0;
  let squaresX = 0;
  let squaresY = 0;
  for (let index = 0; index < x.length; index += 1) {
    const dx = (x[index] ?? 0) - meanX;
    const dy = (y[index] ?? 0) - meanY;
    product += dx * dy;
    squaresX += dx * dx;
    squaresY += dy * dy;
  }
  return squaresX > 0 && squaresY > 0 ? product / Math.sqrt(squaresX * squaresY) : undefined;
}

/** Correlation of a series with itself `lag` places later. */
export function autocorrelation(values: readonly number[], lag: number): number | undefined {
  if (values.length <= lag + 1) return undefined;
  return correlation(values.slice(0, values.length - lag), values.slice(lag));
}

/** Excess kurtosis (minus the normal distribution's 3); positive means fat tails. */
export function excessKurtosis(values: readonly number[]): number | undefined {
  const centre = mean(values);
  if (centre === undefined || values.length < 4) return undefined;
  let squares = 0;
  let fourths = 0;
  for (const value of values) {
    const square = (value - centre) ** 2;
    squares += square;
    fourths += square * square;
  }
  return squares > 0 ? (fourths * values.length) / (squares * squares) - 3 : undefined;
}
