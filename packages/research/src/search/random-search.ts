import type { Rng } from '@helios/synthetic-market/rng.ts';
import { candidateAt, type SearchCandidate } from './candidate.ts';
import type { Dimension } from './dimension.ts';

/** So many draws in a row without a new candidate: the space is nearly exhausted. */
const MAX_REPEATS = 200;

/**
 * Up to `count` different candidates, made by `draw`, none of them in `known`; fewer where the space holds no more. Adds them to `known`.
 */
export function differentCandidates(count: number, known: Set<string>, draw: () => SearchCandidate): SearchCandidate[] {
  const found: SearchCandidate[] = [];
  for (let repeats = 0; found.length < count && repeats < MAX_REPEATS; ) {
    const candidate = draw();
    if (known.has(candidate.key)) {
      repeats += 1;
      continue;
    }
    repeats = 0;
    known.add(candidate.key);
    found.push(candidate);
  }
  return found;
}

/** A candidate at uniform places: better than a grid where few settings matter (Bergstra & Bengio, JMLR 2012). */
export function randomCandidate(dimensions: readonly Dimension[], rng: Rng): SearchCandidate {
  return candidateAt(
    dimensions,
    dimensions.map(() => rng.uniform()),
  );
}
