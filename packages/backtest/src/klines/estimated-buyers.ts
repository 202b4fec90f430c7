import type { KlineColumns } from './kline-columns.ts';

/** Number of moves in the standard deviation: an hour of minutes. */
const MOVES = 60;

/**
 * The share of a candle's volume that buyers took, 0..1, where the file does not say: the normal distribution function of its move
 * in standard deviations of the last 60 moves (bulk volume classification, Easley, López de Prado and O'Hara 2012). NaN before 60
 * moves and without volume. Only the past counts.
 */
export function estimatedBuyShare({ close, volume, length }: KlineColumns): Float64Array {
  const shares = new Float64Array(length).fill(Number.NaN);
  const moves = new Float64Array(length);
  for (let at = 1; at < length; at += 1) moves[at] = Math.log((close[at] ?? 0) / (close[at - 1] ?? 0));
  for (let at = MOVES; at < length; at += 1) {
    if (!((volume[at] ?? 0) > 0)) continue;
    let squares = 0;
    for (let each = at - MOVES + 1; each <= at; each += 1) squares += (moves[each] ?? 0) ** 2;
    const deviation = Math.sqrt(squares / MOVES);
    if (deviation > 0) shares[at] = normalShare((moves[at] ?? 0) / deviation);
  }
  return shares;
}

/** The normal distribution function, to 7.5e-8 (Abramowitz and Stegun 26.2.17). */
function normalShare(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (polynomial * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
  return x >= 0 ? 1 - tail : tail;
}
