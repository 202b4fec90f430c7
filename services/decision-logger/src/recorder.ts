import type { RefusalReport } from '@helios/shared/domain/decision.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { isExit, type SentSignal } from '@helios/shared/domain/signal.ts';
import { RetryLater } from '@helios/shared/runtime/errors.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { CsvExport } from './csv-export.ts';
import type { Instruments } from './instruments.ts';
import { LedgerUnwritable } from './ledger/ledger-errors.ts';
import type { LockStep } from './lock-step.ts';
import type { PaperAccountHost } from './paper-account-host.ts';
import type { ProjectionChange } from './projection-writes.ts';
import type { ListChange } from './recent-decisions.ts';
import type { RedisProjection } from './redis-projection.ts';
import type { SignalBooks } from './signal-books.ts';

/** Pause for market events after the ledger rejected a write. */
const PAUSE_MS = 2_000;

export interface RecorderOptions {
  readonly paperAccount: PaperAccountHost;
  readonly instruments: Pick<Instruments, 'need'>;
  readonly books: Pick<SignalBooks, 'need'>;
  readonly projection: RedisProjection;
  readonly csv: CsvExport;
  readonly lockStep: LockStep;
  readonly run: string;
  readonly log: Logger;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/** Keeps the order of the steps: simulate → commit to the ledger → write to Redis → acknowledge. */
export class Recorder {
  readonly #options: RecorderOptions;
  #refusedUntilMs = 0;
  #refusal: string | undefined;
  #foreign = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /**
   * Records a signal of the stream. @throws RetryLater if the ledger cannot be written, or the signal's frame has not
   * arrived. @throws BusUnavailable
   */
  async onSignal({ book, ...signal }: SentSignal): Promise<void> {
    const { paperAccount, projection, instruments, books, lockStep } = this.#options;
    if (this.#isForeign(signal.run)) return;
    if (!isExit(signal.direction)) await instruments.need(signal.symbol);
    await lockStep.reached(signal);
    await books.need({ symbol: signal.symbol, book });
    const change = this.#committed(() => paperAccount.onSignal(signal));
    await projection.show(change, signal.seq === undefined ? undefined : lockStep.answer([signal.signal_id]));
  }

  /** Records a refused trigger, or the result of its shadow position. @throws RetryLater as `onSignal`. */
  async onRefusal(report: RefusalReport): Promise<void> {
    const { paperAccount, projection } = this.#options;
    if (this.#isForeign(report.kind === 'REFUSED' ? report.decision.run : report.run)) return;
    const change = this.#committed(() => paperAccount.onRefusal(report));
    await projection.show(change, undefined);
  }

  /** Passes a market event to resting orders. In lock-step answers it while orders rest, if it changed one or `isLast`. */
  onMarket(event: MarketEvent, isLast = true): void {
    const { paperAccount, projection, lockStep } = this.#options;
    if (lockStep.isRepeated(event)) {
      void projection.show(undefined, lockStep.answerToRepeated(event));
      return;
    }
    const rested = paperAccount.restingOrders() > 0;
    const change = this.#tried(() => paperAccount.onMarket(event));
    // Without an acknowledgement the frame is published again. By then the ledger may be writable.
    if (change === 'REFUSED') return;
    lockStep.pass(event);
    const isDue = (rested || paperAccount.restingOrders() > 0) && (isLast || change !== undefined);
    const answer = lockStep.answerTo(event, isDue);
    if (change || answer) void projection.show(change, answer);
  }

  /** Expires resting orders while no market event arrives. */
  async onTimer(): Promise<void> {
    const change = this.#tried(() => this.#options.paperAccount.onTimer());
    if (change !== undefined && change !== 'REFUSED') await this.#options.projection.show(change, undefined);
  }

  /** Why the ledger rejected the last write; undefined if it accepted it. */
  refusal(): string | undefined {
    return this.#refusal;
  }

  /** As `#committed`, but returns REFUSED if the ledger cannot be written, and then does not try it for a pause. */
  #tried(work: () => ProjectionChange | undefined): ProjectionChange | undefined | 'REFUSED' {
    if (this.#options.nowMs() < this.#refusedUntilMs) return 'REFUSED';
    try {
      return this.#committed(work);
    } catch (error) {
      if (error instanceof RetryLater) return 'REFUSED';
      throw error;
    }
  }

  #committed(work: () => ProjectionChange | undefined): ProjectionChange | undefined {
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

  #onCommitted(change: ProjectionChange): void {
    const { csv, log } = this.#options;
    this.#refusal = undefined;
    this.#refusedUntilMs = 0;
    for (const { decision } of change.decisions) csv.markChanged(decision.timestamp);
    for (const item of change.decisions) logDecision(log, item);
  }

  #isForeign(run: string): boolean {
    if (run === this.#options.run) return false;
    this.#foreign += 1;
    if (this.#foreign === 1)
      this.#options.log.warn({ run }, 'the streams contain records of another run, dropping them');
    this.#options.log.debug({ run, dropped: this.#foreign }, 'record of another run dropped');
    return true;
  }
}

function logDecision(log: Logger, { decision }: ListChange): void {
  const { decision_id, symbol, direction, outcome, fill_price, realized_pnl } = decision;
  log.info({ decision_id, symbol, direction, outcome, fill_price, realized_pnl }, 'decision recorded');
}
