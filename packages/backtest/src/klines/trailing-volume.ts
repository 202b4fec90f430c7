/** Number of candles in the mean: an hour of minutes. */
const CANDLES = 60;

/**
 * For each candle the mean volume of the newest 60 up to it: what a book holds does not vanish in a minute without trades. Only
 * the past counts.
 */
export function trailingVolume(volume: Float64Array): Float64Array {
  const means = new Float64Array(volume.length);
  let sum = 0;
  for (let at = 0; at < volume.length; at += 1) {
    sum += volume[at] ?? 0;
    // Sums of the window alone leave no rounding errors of volumes long gone.
    if (at >= CANDLES) sum = sumOf(volume, at - CANDLES + 1, at);
    means[at] = sum / Math.min(at + 1, CANDLES);
  }
  return means;
}

function sumOf(volume: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at <= to; at += 1) sum += volume[at] ?? 0;
  return sum;
}
