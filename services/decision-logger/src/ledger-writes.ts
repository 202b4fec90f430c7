import { RetryLater } from '@helios/shared/runtime/errors.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { CsvExport } from './csv-export.ts';
import { LedgerUnwritable } from './ledger/ledger-errors.ts';
import type { ProjectionChange } from './projection-writes.ts';
import type { ListChange } from './recent-decisions.ts';
import type { TrainingLog } from './training-log.ts';

/** Pause for market events after the ledger rejected a write. */
const PAUSE_MS = 2_000;

interface Options {
  readonly csv: CsvExport;
  readonly training: Pick<TrainingLog, 'onChange'>;
  readonly log: Logger;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/** Commits to the ledger, and remembers why it rejects writes. */
export class LedgerWrites {
  readonly #options: Options;
  #refusedUntilMs = 0;
  #refusal: string | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Why the ledger rejected the last write; undefined if it accepted it. */
  refusal(): string | undefined {
    return this.#refusal;
  }

  /** Runs `work`, which commits. @throws RetryLater if the ledger cannot be written now */
  committed(work: () => ProjectionChange | undefined): ProjectionChange | undefined {
    try {
      const change = work();
      if (change) this.#onCommitted(change);
      return change;
    } catch (error) {
      if (!(error instanceof LedgerUnwritable)) throw error;
      this.#refusedUntilMs = this.#options.nowMs() + PAUSE_MS;
      // LedgerWatch reports it.
      this.#refusal = error.message;
      throw new RetryLater(error.message, { cause: error });
    }
  }

  /** As `committed`, but returns REFUSED if the ledger cannot be written, and then does not try it for a pause. */
  tried(work: () => ProjectionChange | undefined): ProjectionChange | undefined | 'REFUSED' {
    if (this.#options.nowMs() < this.#refusedUntilMs) return 'REFUSED';
    try {
      return this.committed(work);
    } catch (error) {
      if (error instanceof RetryLater) return 'REFUSED';
      throw error;
    }
  }

  #onCommitted(change: ProjectionChange): void {
    const { csv, training, log } = this.#options;
    this.#refusal = undefined;
    this.#refusedUntilMs = 0;
    for (const { decision } of change.decisions) csv.markChanged(decision.timestamp);
    for (const item of change.decisions) logDecision(log, item);
    training.onChange(change);
  }
}

function logDecision(log: Logger, { decision }: ListChange): void {
  const { decision_id, symbol, direction, outcome, fill_price, realized_pnl } = decision;
  log.info({ decision_id, symbol, direction, outcome, fill_price, realized_pnl }, 'decision recorded');
}
