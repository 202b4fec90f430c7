/** Labels and scores that every figure of a classifier reads. `counts`: how often each row counts; once by default. */
export interface JudgedScores {
  readonly scores: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
}

/** Least distance of a probability from 0 and 1 in a logarithm. */
const MARGIN = 1e-12;

/** Places of the scores, lowest first. */
export function rankedPlaces(scores: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: scores.length }, (_, n) => n).sort(
    (a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b,
  );
}

/**
 * Area under the ROC curve: how often a gain has a higher score than a loss, ties half. Undefined with one class only.
 * Pass `ranked` (`rankedPlaces`) and `counts` to judge resamples without sorting again. Source: Mann & Whitney 1947.
 */
export function aucOf(
  { scores, labels }: JudgedScores,
  counts?: ArrayLike<number>,
  ranked: Uint32Array = rankedPlaces(scores),
): number | undefined {
  let [gains, losses, wins] = [0, 0, 0];
  let at = 0;
  while (at < ranked.length) {
    const score = scores[ranked[at] ?? 0];
    let [ownGains, ownLosses] = [0, 0];
    for (; at < ranked.length && scores[ranked[at] ?? 0] === score; at += 1) {
      const place = ranked[at] ?? 0;
      const count = counts === undefined ? 1 : (counts[place] ?? 0);
      if (labels[place] === 1) ownGains += count;
      else ownLosses += count;
    }
    wins += ownGains * (losses + ownLosses / 2);
    gains += ownGains;
    losses += ownLosses;
  }
  return gains > 0 && losses > 0 ? wins / (gains * losses) : undefined;
}

/** Mean log loss of probabilities, nats; undefined without rows. */
export function logLossOf({ scores, labels }: JudgedScores): number | undefined {
  return meanOf(scores.length, (n) => {
    const probability = Math.min(1 - MARGIN, Math.max(MARGIN, scores[n] ?? 0));
    return -Math.log(labels[n] === 1 ? probability : 1 - probability);
  });
}

/** Brier score: mean squared error of probabilities; undefined without rows. */
export function brierOf({ scores, labels }: JudgedScores): number | undefined {
  return meanOf(scores.length, (n) => ((scores[n] ?? 0) - (labels[n] ?? 0)) ** 2);
}

function meanOf(count: number, termOf: (place: number) => number): number | undefined {
  let sum = 0;
  for (let n = 0; n < count; n += 1) sum += termOf(n);
  return count === 0 ? undefined : sum / count;
}
