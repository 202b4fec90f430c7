import type { SearchCandidate } from './search/candidate.ts';
import { commonCandidates, type SearchPlan, WindowSearch } from './search/search-plan.ts';
import type { DataPart, PlayedTrial, Trial } from './trial.ts';
import { trialOf } from './trial.ts';
import { SearchStopped, type TrialRunner } from './trial-runner.ts';
import { type Judging, summaryOf, type TrialSummary } from './walk-forward/trial-summary.ts';

/** Everything that decides the outcome of a search. */
export interface StudyPlan extends SearchPlan {
  /** Settings that the search does not vary, `section.key` to text. */
  readonly base: Readonly<Record<string, string>>;
  readonly data: DataPart;
  readonly codeHash: string;
  readonly judging: Judging;
}

/** A candidate with what it earned. */
export interface TriedCandidate {
  readonly candidate: SearchCandidate;
  readonly summary: TrialSummary;
}

/** What a search tried and chose. */
export interface StudyOutcome {
  /** Each candidate once, in the order of trying. */
  readonly tried: readonly TriedCandidate[];
  /** The best candidate of each fold's training, and last of the whole time; undefined where none has a score. */
  readonly chosen: readonly (TriedCandidate | undefined)[];
  /** The candidates from which each was chosen. */
  readonly pools: readonly (readonly TriedCandidate[])[];
  /** False if the search was stopped before its end. */
  readonly isComplete: boolean;
}

/** Carries out a search. The outcome depends on the plan alone, not on how many trials run at once or in which order they end. */
export class Study {
  readonly #plan: StudyPlan;
  readonly #runner: TrialRunner;
  readonly #onTrial: (tried: number) => void;
  readonly #tried = new Map<string, TriedCandidate>();
  /** Keys of the candidates as they were proposed: their trials end in any order. */
  readonly #proposed = new Set<string>();
  #isComplete = true;

  /** @param onTrial hears after each trial how many candidates have a result */
  constructor(plan: StudyPlan, runner: TrialRunner, onTrial: (tried: number) => void = () => {}) {
    this.#plan = plan;
    this.#runner = runner;
    this.#onTrial = onTrial;
  }

  /** Rejects with the error of a trial that could not be played. A stopped search ends with what is known. */
  async run(): Promise<StudyOutcome> {
    const { judging, trials } = this.#plan;
    const common = commonCandidates(this.#plan);
    const [first] = await Promise.all([this.#tryAll(common), this.result({})]);
    const windows = judging.folds.length + 1;
    const share = Math.floor((trials - common.length) / windows);
    const pools = Array.from({ length: windows }, () => [...first]);
    const searches = pools.map((_, n) => {
      const isLast = n === windows - 1;
      return new WindowSearch(this.#plan, n, common, isLast ? trials - common.length - share * n : share);
    });
    while (this.#isComplete) {
      const batches = searches.map((search, n) => search.next(scored(pools[n] ?? [], n)));
      if (batches.every((batch) => batch.length === 0)) break;
      const results = await Promise.all(batches.map((batch) => this.#tryAll(batch)));
      for (const [n, found] of results.entries()) pools[n]?.push(...found);
    }
    const chosen = pools.map((pool, n) => bestOf(pool, n));
    const tried = [...this.#proposed].flatMap((key) => this.#tried.get(key) ?? []);
    return { tried, chosen, pools, isComplete: this.#isComplete };
  }

  /** The result of a candidate, or of the settings without a search; undefined if it is invalid, or if the search was stopped. */
  async result(texts: Readonly<Record<string, string>>): Promise<PlayedTrial | undefined> {
    try {
      const result = await this.#runner.run(this.#trialOf(texts));
      return result.kind === 'PLAYED' ? result : undefined;
    } catch (error) {
      if (error instanceof SearchStopped) return undefined;
      throw error;
    }
  }

  #trialOf(texts: Readonly<Record<string, string>>): Trial {
    const { base, data, codeHash } = this.#plan;
    return trialOf({ ...base, ...texts }, data, codeHash);
  }

  async #tryAll(candidates: readonly SearchCandidate[]): Promise<TriedCandidate[]> {
    const tried = await Promise.all(candidates.map((candidate) => this.#try(candidate)));
    return tried.flatMap((one) => one ?? []);
  }

  async #try(candidate: SearchCandidate): Promise<TriedCandidate | undefined> {
    this.#proposed.add(candidate.key);
    const known = this.#tried.get(candidate.key);
    if (known !== undefined) return known;
    try {
      const trial = this.#trialOf(candidate.texts);
      const summary = summaryOf(trial, await this.#runner.run(trial), this.#plan.judging);
      const tried = this.#tried.get(candidate.key) ?? { candidate, summary };
      this.#tried.set(candidate.key, tried);
      this.#onTrial(this.#tried.size);
      return tried;
    } catch (error) {
      if (!(error instanceof SearchStopped)) throw error;
      this.#isComplete = false;
      return undefined;
    }
  }
}

function scored(pool: readonly TriedCandidate[], window: number) {
  return pool.map(({ candidate, summary }) => ({ candidate, score: summary.scores[window] }));
}

/** The first of the best: among equals the order of proposing decides, which is the same in every run. */
function bestOf(pool: readonly TriedCandidate[], window: number): TriedCandidate | undefined {
  const withScore = pool.filter(({ summary }) => summary.scores[window] !== undefined);
  return withScore.reduce<TriedCandidate | undefined>((best, one) => {
    const isBetter = best === undefined || (one.summary.scores[window] ?? 0) > (best.summary.scores[window] ?? 0);
    return isBetter ? one : best;
  }, undefined);
}
