import { Rng } from '@helios/synthetic-market/rng.ts';
import type { SearchCandidate } from './candidate.ts';
import type { Dimension } from './dimension.ts';
import { gridCandidates } from './grid-search.ts';
import { differentCandidates, randomCandidate } from './random-search.ts';
import { type ScoredCandidate, tpeCandidate } from './tpe-search.ts';

export const METHODS = ['tpe', 'random', 'grid'] as const;
export type SearchMethod = (typeof METHODS)[number];

/** What is searched, how, and for how long. */
export interface SearchPlan {
  readonly dimensions: readonly Dimension[];
  readonly method: SearchMethod;
  /** Greatest number of candidates, all windows together. */
  readonly trials: number;
  readonly seed: number;
}

/** Share of the candidates of a TPE search that are drawn at random, before it has learned anything, and their least number. */
const RANDOM_SHARE = 0.25;
const MIN_RANDOM = 10;
/** Candidates that are proposed at once, so that several cores have work. It does not depend on their number: nor does the result. */
const BATCH = 4;

/** Candidates that every window may choose from: they were made without looking at any result. */
export function commonCandidates({ dimensions, method, trials, seed }: SearchPlan): SearchCandidate[] {
  if (method === 'grid') return gridCandidates(dimensions, trials);
  const rng = new Rng(`${seed}:random`);
  const count = method === 'random' ? trials : Math.min(trials, Math.max(MIN_RANDOM, Math.ceil(RANDOM_SHARE * trials)));
  return differentCandidates(count, new Set(), () => randomCandidate(dimensions, rng));
}

/** Proposes candidates for one training window, from the scores in that window alone. */
export class WindowSearch {
  readonly #plan: SearchPlan;
  readonly #rng: Rng;
  readonly #known: Set<string>;
  #left: number;

  /** @param budget number of candidates that this window may add to the common ones */
  constructor(plan: SearchPlan, window: number, common: readonly SearchCandidate[], budget: number) {
    this.#plan = plan;
    this.#rng = new Rng(`${plan.seed}:tpe:${window}`);
    this.#known = new Set(common.map(({ key }) => key));
    this.#left = plan.method === 'tpe' ? budget : 0;
  }

  /** The next batch; empty at the end of the budget or of the space. */
  next(history: readonly ScoredCandidate[]): SearchCandidate[] {
    const count = Math.min(BATCH, this.#left);
    const draw = () => tpeCandidate(this.#plan.dimensions, history, this.#rng);
    const found = differentCandidates(count, this.#known, draw);
    this.#left = found.length < count ? 0 : this.#left - count;
    return found;
  }
}
