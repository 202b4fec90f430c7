import { Streams } from '@helios/shared/contracts/catalog.ts';
import type { Account } from '@helios/shared/domain/account.ts';
import type { AccountFlow } from '@helios/shared/domain/account-flow.ts';
import type { RefusalReport } from '@helios/shared/domain/decision.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { AssessedEntry } from '@helios/shared/domain/order.ts';
import type { SentSignal } from '@helios/shared/domain/signal.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { createForeignRuns } from './foreign-runs.ts';
import type { LedgerWrites } from './ledger-writes.ts';
import type { LiveAccountHost } from './live-account-host.ts';
import type { ProjectionChange } from './projection-writes.ts';
import type { RedisProjection } from './redis-projection.ts';

/** How far back the stream is searched for the signal of an answer that was read first. */
const SIGNALS_SEARCHED = 5_000;

interface Options {
  readonly bus: Bus<'decision-logger'>;
  readonly account: LiveAccountHost;
  readonly writes: LedgerWrites;
  readonly projection: RedisProjection;
  readonly run: string;
  readonly log: Logger;
}

/**
 * Records live trading: commit to the ledger → write to Redis → acknowledge. A message that is read twice changes nothing, so a
 * kill at any point neither loses nor doubles. @throws RetryLater if the ledger cannot be written. @throws BusUnavailable
 */
export class LiveRecorder {
  readonly #options: Options;
  readonly #isForeign: (run: string) => boolean;

  constructor(options: Options) {
    this.#options = options;
    this.#isForeign = createForeignRuns(options.run, options.log);
  }

  async onSignal({ book: _, ...signal }: SentSignal): Promise<void> {
    await this.#record(signal.run, (account) => account.onSignal(signal));
  }

  async onIntent(entry: AssessedEntry): Promise<void> {
    await this.#record(entry.intent.run, (account) => account.onIntent(entry));
  }

  async onExecution(execution: Execution): Promise<void> {
    if (this.#isForeign(execution.run)) return;
    await this.#findSignal(execution);
    await this.#record(execution.run, (account) => account.onExecution(execution));
  }

  async onFlow(flow: AccountFlow): Promise<void> {
    await this.#record(flow.run, (account) => account.onFlow(flow));
  }

  async onRefusal(report: RefusalReport): Promise<void> {
    const run = report.kind === 'REFUSED' ? report.decision.run : report.run;
    await this.#record(run, (account) => account.onRefusal(report));
  }

  /** Takes the venue's balance from `account`. */
  async onAccount(shown: Account | undefined): Promise<void> {
    if (shown === undefined || shown.simulated || shown.run !== this.#options.run) return;
    await this.#try((account) => account.onAccount(shown));
  }

  async onTimer(): Promise<void> {
    await this.#try((account) => account.onLostSignal());
    await this.#try((account) => account.onNewDay());
  }

  /** The streams are read one after another, so after an absence an answer may be read before its signal. */
  async #findSignal({ signal_id, signal }: Execution): Promise<void> {
    const { bus, account } = this.#options;
    if (signal !== undefined || account.knowsSignal(signal_id)) return;
    const sent = await bus.getLatest(Streams.signals, SIGNALS_SEARCHED);
    const found = sent.find((one) => one.signal_id === signal_id);
    if (found) await this.onSignal(found);
  }

  async #record(owner: string, work: (account: LiveAccountHost) => ProjectionChange | undefined): Promise<void> {
    if (this.#isForeign(owner)) return;
    const { account, writes, projection } = this.#options;
    const change = writes.committed(() => work(account));
    if (change) await projection.show(change, undefined);
  }

  async #try(work: (account: LiveAccountHost) => ProjectionChange | undefined): Promise<void> {
    const { account, writes, projection } = this.#options;
    const change = writes.tried(() => work(account));
    if (change !== undefined && change !== 'REFUSED') await projection.show(change, undefined);
  }
}
