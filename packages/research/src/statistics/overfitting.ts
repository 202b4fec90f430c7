/** How often the best of several settings in one half of the data is a poor one in the other half. */
export interface Overfitting {
  /** Share of the splits in which it ranks in the lower half of all, 0..1: the probability of backtest overfitting. */
  readonly probability: number;
  /** Share of the splits in which it loses, 0..1. */
  readonly lossProbability: number;
  /** Logit of its relative rank, for each split. */
  readonly logits: readonly number[];
  readonly blocks: number;
}

/** Number of blocks: 12,870 ways to split them into halves. */
export const USUAL_BLOCKS = 16;
/** A variance below this share of the mean square is rounding. */
const ROUNDING = 1e-12;

/**
 * The probability of backtest overfitting by combinatorially symmetric cross-validation: the returns are cut into blocks, and each
 * choice of half of them is once the data on which the best Sharpe ratio is chosen, while the rest tests the choice. Neighbours stay
 * together within a block. Source: Bailey, Borwein, López de Prado & Zhu, "The probability of backtest overfitting", Journal of
 * Computational Finance 2017, section 3.
 * @param returns of each setting, over the same stretches of time; their number is a multiple of `blocks`, which is even
 * @returns undefined for fewer than two settings
 */
export function overfittingOf(
  returns: readonly (readonly number[] | Float64Array)[],
  blocks = USUAL_BLOCKS,
): Overfitting | undefined {
  if (returns.length < 2) return undefined;
  const sums = blockSums(returns, blocks, (value) => value);
  const squares = blockSums(returns, blocks, (value) => value ** 2);
  const rows = (returns[0]?.length ?? 0) / 2;
  const chosen = new Float64Array(returns.length);
  const tested = new Float64Array(returns.length);
  const logits: number[] = [];
  let losses = 0;
  for (const half of halvesOf(blocks)) {
    sharpes(sums, squares, half, rows, chosen);
    sharpes(sums, squares, ~half, rows, tested);
    const best = indexOfGreatest(chosen);
    const share = rankOf(tested, best) / (returns.length + 1);
    logits.push(Math.log(share / (1 - share)));
    if ((tested[best] ?? 0) < 0) losses += 1;
  }
  const poor = logits.filter((logit) => logit <= 0).length;
  return { probability: poor / logits.length, lossProbability: losses / logits.length, logits, blocks };
}

/** For each block the sum of each setting. */
function blockSums(
  returns: readonly (readonly number[] | Float64Array)[],
  blocks: number,
  termOf: (value: number) => number,
): Float64Array[] {
  return Array.from({ length: blocks }, (_, block) =>
    Float64Array.from(returns, (series) => {
      const size = series.length / blocks;
      let sum = 0;
      for (let n = block * size; n < (block + 1) * size; n += 1) sum += termOf(series[n] ?? 0);
      return sum;
    }),
  );
}

/** Every choice of half of the blocks, as bits. */
function* halvesOf(blocks: number): Generator<number> {
  for (let bits = 0; bits < 2 ** blocks; bits += 1) if (bitsIn(bits) === blocks / 2) yield bits;
}

function bitsIn(bits: number): number {
  let count = 0;
  for (let left = bits; left > 0; left &= left - 1) count += 1;
  return count;
}

/** Writes the Sharpe ratio of each setting over the blocks of `half`; 0 where the returns do not vary. */
function sharpes(
  sums: readonly Float64Array[],
  squares: readonly Float64Array[],
  half: number,
  rows: number,
  into: Float64Array,
): void {
  const own = [...sums.keys()].filter((block) => ((half >> block) & 1) === 1);
  for (let setting = 0; setting < into.length; setting += 1) {
    let [sum, square] = [0, 0];
    for (const block of own) {
      sum += sums[block]?.[setting] ?? 0;
      square += squares[block]?.[setting] ?? 0;
    }
    const spread = square - (sum * sum) / rows;
    // Gains and losses that cancel out leave a sum of rounding, which is no loss.
    const isNothing = spread <= square * ROUNDING || Math.abs(sum) <= Math.sqrt(square * rows) * ROUNDING;
    into[setting] = isNothing ? 0 : sum / rows / Math.sqrt(spread / (rows - 1));
  }
}

function indexOfGreatest(values: Float64Array): number {
  let best = 0;
  for (let n = 1; n < values.length; n += 1) if ((values[n] ?? 0) > (values[best] ?? 0)) best = n;
  return best;
}

/** Rank from 1, the lowest value first; equal values share the mean of their ranks. */
function rankOf(values: Float64Array, index: number): number {
  const own = values[index] ?? 0;
  let [below, equal] = [0, 0];
  for (const value of values) {
    if (value < own) below += 1;
    if (value === own) equal += 1;
  }
  return below + (equal + 1) / 2;
}
