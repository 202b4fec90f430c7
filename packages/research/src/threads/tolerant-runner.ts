import type { Trial, TrialResult } from '../trial.ts';
import type { TrialRunner } from '../trial-runner.ts';
import { TrialThrew } from './thread-runner.ts';

/** A trial that throws is FAILED, and the search goes on, as with a queue. */
export class TolerantRunner implements TrialRunner {
  readonly #runner: TrialRunner;

  constructor(runner: TrialRunner) {
    this.#runner = runner;
  }

  async run(trial: Trial): Promise<TrialResult> {
    try {
      return await this.#runner.run(trial);
    } catch (error) {
      if (!(error instanceof TrialThrew)) throw error;
      return { kind: 'FAILED', id: trial.id, reason: error.message };
    }
  }

  close(): Promise<void> {
    return this.#runner.close();
  }
}
