import type { Trial, TrialResult } from '../trial.ts';
import type { TrialRunner } from '../trial-runner.ts';
import type { TrialCache } from './trial-cache.ts';

/** How the results of a search came about. */
export interface RunCounts {
  /** Answered from an earlier search. */
  readonly served: number;
  readonly played: number;
  /** Entries of the cache that were torn or changed, and were played again. */
  readonly damaged: number;
  /** Why the first FAILED trial failed; undefined without one. */
  readonly failure: string | undefined;
  /** The first reason why results could not be read or stored. */
  readonly problem: string | undefined;
}

/** Answers trials from the cache, has the others played, and stores their results. */
export class CachedRunner implements TrialRunner {
  readonly #runner: TrialRunner;
  readonly #cache: TrialCache;
  readonly #running = new Map<string, Promise<TrialResult>>();
  /** Ids that were counted. */
  readonly #seen = new Set<string>();
  #counts: RunCounts = { served: 0, played: 0, damaged: 0, failure: undefined, problem: undefined };

  constructor(runner: TrialRunner, cache: TrialCache) {
    this.#runner = runner;
    this.#cache = cache;
  }

  get counts(): RunCounts {
    return this.#counts;
  }

  /** A trial that is already running is not started twice. */
  async run(trial: Trial): Promise<TrialResult> {
    const running = this.#running.get(trial.id);
    if (running !== undefined) return await running;
    const result = this.#result(trial).finally(() => this.#running.delete(trial.id));
    this.#running.set(trial.id, result);
    return await result;
  }

  close(): Promise<void> {
    return this.#runner.close();
  }

  async #result(trial: Trial): Promise<TrialResult> {
    const stored = await this.#cache.read(trial.id).catch((error: Error) => this.#complain(error));
    if (stored === 'DAMAGED') this.#counts = { ...this.#counts, damaged: this.#counts.damaged + 1 };
    else if (stored !== undefined) {
      if (!this.#seen.has(trial.id)) this.#count(trial, 'served');
      return stored;
    }
    const result = await this.#runner.run(trial);
    this.#count(trial, 'played');
    // A failure says nothing about the settings: the next search tries again.
    if (result.kind === 'FAILED') this.#counts = { ...this.#counts, failure: this.#counts.failure ?? result.reason };
    else await this.#store(result);
    return result;
  }

  #count({ id }: Trial, how: 'served' | 'played'): void {
    this.#seen.add(id);
    this.#counts = { ...this.#counts, [how]: this.#counts[how] + 1 };
  }

  /** A full disk ends no search: its results are only not kept. */
  async #store(result: TrialResult): Promise<void> {
    await this.#cache.write(result).catch((error: Error) => this.#complain(error));
  }

  #complain({ message }: Error): undefined {
    this.#counts = { ...this.#counts, problem: this.#counts.problem ?? message };
    return undefined;
  }
}
