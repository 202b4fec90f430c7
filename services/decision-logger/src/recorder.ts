import type { RefusalReport } from '@helios/shared/domain/decision.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { isExit, type SentSignal } from '@helios/shared/domain/signal.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { createForeignRuns } from './foreign-runs.ts';
import type { Instruments } from './instruments.ts';
import type { LedgerWrites } from './ledger-writes.ts';
import type { LockStep } from './lock-step.ts';
import type { PaperAccountHost } from './paper-account-host.ts';
import type { RedisProjection } from './redis-projection.ts';
import type { SignalBooks } from './signal-books.ts';

export interface RecorderOptions {
  readonly paperAccount: PaperAccountHost;
  readonly instruments: Pick<Instruments, 'need'>;
  readonly books: Pick<SignalBooks, 'need'>;
  readonly projection: RedisProjection;
  readonly writes: LedgerWrites;
  readonly lockStep: LockStep;
  readonly run: string;
  readonly log: Logger;
}

/** Keeps the order of the steps: simulate → commit to the ledger → write to Redis → acknowledge. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #isForeign: (run: string) => boolean;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#isForeign = createForeignRuns(options.run, options.log);
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
    const change = this.#options.writes.committed(() => paperAccount.onSignal(signal));
    await projection.show(change, signal.seq === undefined ? undefined : lockStep.answer([signal.signal_id]));
  }

  /** Records a refused trigger, or the result of its shadow position. @throws RetryLater as `onSignal`. */
  async onRefusal(report: RefusalReport): Promise<void> {
    const { paperAccount, projection } = this.#options;
    if (this.#isForeign(report.kind === 'REFUSED' ? report.decision.run : report.run)) return;
    const change = this.#options.writes.committed(() => paperAccount.onRefusal(report));
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
    const change = this.#options.writes.tried(() => paperAccount.onMarket(event));
    // Without an acknowledgement the frame is published again. By then the ledger may be writable.
    if (change === 'REFUSED') return;
    lockStep.pass(event);
    const isDue = (rested || paperAccount.restingOrders() > 0) && (isLast || change !== undefined);
    const answer = lockStep.answerTo(event, isDue);
    if (change || answer) void projection.show(change, answer);
  }

  /** Expires resting orders while no market event arrives. */
  async onTimer(): Promise<void> {
    const change = this.#options.writes.tried(() => this.#options.paperAccount.onTimer());
    if (change !== undefined && change !== 'REFUSED') await this.#options.projection.show(change, undefined);
  }
}
