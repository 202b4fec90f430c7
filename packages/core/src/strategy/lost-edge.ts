/** Minimum number of moves before and after a loss. */
const MIN_PART = 10;
/** A move further from the mean than so many standard deviations counts as that far: one wild move is not a loss. */
const CLIP_DEVIATIONS = 2;
/** Standard deviation of normal moves in units of their mean absolute deviation: √(π/2). */
const DEVIATION_RATIO = Math.sqrt(Math.PI / 2);
/**
 * Standard errors between the means before and after a loss. By simulation: of 200 series of 5,000 moves without a loss, 3 (normal)
 * and 4 (Student t, 3 degrees of freedom) reach it once; 4.5 would be 17 and 21.
 */
const LIMIT = 5;
/** Standard deviation of moves that are equal but for rounding, basis points. */
const MIN_DEVIATION_BP = 1e-6;

/** Number of moves, the sum of their clipped deviations from the mean of all, and the sum of the squares of these. */
interface Part {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

/**
 * Index of the first move after a loss of the edge: where the moves before it were better than those from it on by the most standard
 * errors, at least five. Undefined without a loss. Reads the first `count` moves, oldest first, basis points. Each part counts with its own
 * variance, at least the common one (Welch's test with a floor): calm moves before wild ones would else make noise significant.
 */
export function lostEdgeAt(moves: Float64Array, count: number): number | undefined {
  if (count < 2 * MIN_PART) return undefined;
  const meanBp = meanOf(moves, count);
  const clipBp = CLIP_DEVIATIONS * deviationOf(moves, count, meanBp);
  let [sum, squares] = [0, 0];
  for (let at = 0; at < count; at += 1) {
    const deviation = clipped((moves[at] ?? 0) - meanBp, clipBp);
    sum += deviation;
    squares += deviation ** 2;
  }
  let [newSum, newSquares, largest, lostAt] = [0, 0, LIMIT, -1];
  for (let at = count - 1; at >= MIN_PART; at -= 1) {
    const deviation = clipped((moves[at] ?? 0) - meanBp, clipBp);
    newSum += deviation;
    newSquares += deviation ** 2;
    if (count - at < MIN_PART) continue;
    const after = { count: count - at, sum: newSum, squares: newSquares };
    const errors = errorsBetween({ count: at, sum: sum - newSum, squares: squares - newSquares }, after);
    if (errors >= largest) [largest, lostAt] = [errors, at];
  }
  return lostAt < 0 ? undefined : lostAt;
}

/** The fall of the mean from one part to the next in standard errors. */
function errorsBetween(before: Part, after: Part): number {
  const [deviationsBefore, deviationsAfter] = [squaredDeviations(before), squaredDeviations(after)];
  const common = (deviationsBefore + deviationsAfter) / (before.count + after.count - 2);
  const floor = Math.max(common, MIN_DEVIATION_BP ** 2);
  const varianceBefore = Math.max(deviationsBefore / (before.count - 1), floor);
  const varianceAfter = Math.max(deviationsAfter / (after.count - 1), floor);
  const error = Math.sqrt(varianceBefore / before.count + varianceAfter / after.count);
  return (before.sum / before.count - after.sum / after.count) / error;
}

const squaredDeviations = ({ count, sum, squares }: Part): number => squares - sum ** 2 / count;

const clipped = (deviation: number, limit: number): number => Math.max(-limit, Math.min(limit, deviation));

function meanOf(moves: Float64Array, count: number): number {
  let sum = 0;
  for (let at = 0; at < count; at += 1) sum += moves[at] ?? 0;
  return sum / count;
}

/** Standard deviation by absolute deviations: heavy tails inflate it little. */
function deviationOf(moves: Float64Array, count: number, meanBp: number): number {
  let sum = 0;
  for (let at = 0; at < count; at += 1) sum += Math.abs((moves[at] ?? 0) - meanBp);
  return (DEVIATION_RATIO * sum) / count;
}
