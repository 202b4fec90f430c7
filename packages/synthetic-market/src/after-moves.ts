/** Minutes of the move, and of the time after it. */
const MOVE_MINUTES = 60;
const AFTER_MINUTES = 30;

/** Minutes whose volatility says what is usual. */
const USUAL_MINUTES = 1_440;

/** Size of a large move, standard deviations of such a time. */
const LARGE = 3;

/** Volatility after large moves of one direction. */
export interface AfterMoves {
  readonly moves: number;
  /** Volatility of the next half hour over that of the hour of the move: geometric mean; undefined without moves. */
  readonly volatility: number | undefined;
}

/**
 * What volatility does after an hour that fell or rose by three standard deviations of the day before; at most one such hour in two.
 * @param returns of consecutive minutes, in any unit @param sign −1: falls, 1: rises
 */
export function afterMoves(returns: readonly number[], sign: -1 | 1): AfterMoves {
  const sums = cumulated(returns);
  const squares = cumulated(returns.map((value) => value * value));
  const meanSquare = (from: number, to: number): number => ((squares[to] ?? 0) - (squares[from] ?? 0)) / (to - from);
  let moves = 0;
  let logs = 0;
  for (let end = USUAL_MINUTES; end + AFTER_MINUTES <= returns.length; end += 1) {
    const move = sign * ((sums[end] ?? 0) - (sums[end - MOVE_MINUTES] ?? 0));
    const usual = Math.sqrt(MOVE_MINUTES * meanSquare(end - USUAL_MINUTES, end));
    if (!(usual > 0 && move >= LARGE * usual)) continue;
    const after = meanSquare(end, end + AFTER_MINUTES);
    if (after > 0) {
      moves += 1;
      logs += Math.log(after / meanSquare(end - MOVE_MINUTES, end)) / 2;
    }
    end += 2 * MOVE_MINUTES - 1;
  }
  return { moves, volatility: moves > 0 ? Math.exp(logs / moves) : undefined };
}

/** Element n is the sum of the first n values. */
function cumulated(values: readonly number[]): Float64Array {
  const sums = new Float64Array(values.length + 1);
  values.forEach((value, at) => {
    sums[at + 1] = (sums[at] ?? 0) + value;
  });
  return sums;
}
