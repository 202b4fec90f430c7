import type { Trial, TrialResult } from './trial.ts';

/** A stopped search has no more results. */
export class SearchStopped extends Error {
  constructor() {
    super('The search was stopped.');
    this.name = 'SearchStopped';
  }
}

/** A way to carry trials out. */
export interface TrialRunner {
  /** Result of a trial; may be called for many at once. Rejects if it cannot be played at all, and with SearchStopped after `close`. */
  run(trial: Trial): Promise<TrialResult>;
  /** Ends whatever runs. */
  close(): Promise<void>;
}
