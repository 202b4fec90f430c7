import { Channels, Lists, Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { Account } from '@helios/shared/domain/account.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { RememberedState, ReplayAck } from '@helios/shared/domain/fleet.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { LedgerProjection, PerformanceSummary } from '@helios/shared/domain/statistics.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { BusFault, BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { createSerialQueue } from '@helios/shared/runtime/serial-queue.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import {
  isPushed,
  isSameSummary,
  type ProjectionChange,
  type ProjectionKind,
  type ProjectionSizes,
  type ProjectionState,
  summaryEntry,
  writeAccount,
  writeChange,
  writeState,
} from './projection-writes.ts';
import { ShownStream } from './shown-stream.ts';

export interface ProjectionOptions {
  readonly bus: Bus<'decision-logger'>;
  readonly kind: ProjectionKind;
  readonly log: Logger;
  readonly state: () => ProjectionState;
  /** The account now; undefined if entries have a fixed size. */
  readonly account: () => Account | undefined;
  /** The ledger that the projection belongs to. It shows whether Redis was wiped or has the projection of another ledger. */
  readonly owner: () => Pick<LedgerProjection, 'run' | 'ledger' | 'ledger_id'>;
  /** The trading state stored in the ledger. */
  readonly trading: () => RememberedState;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

const MESSAGES_A_WRITE = 500;
const LIST_LIVES_MS = 1_000 * (Lists.decisionLogs.ttlSec ?? Number.POSITIVE_INFINITY);

/**
 * The projection of the ledger in Redis. Writes run one after another in the order of the commits. A write without
 * confirmation may or may not have arrived, so the whole projection is then rewritten with absolute values.
 */
export class RedisProjection {
  readonly #bus: Bus<'decision-logger'>;
  readonly #kind: ProjectionKind;
  readonly #log: Logger;
  readonly #state: () => ProjectionState;
  readonly #account: ProjectionOptions['account'];
  readonly #owner: ProjectionOptions['owner'];
  readonly #trading: ProjectionOptions['trading'];
  readonly #nowMs: () => number;
  readonly #inTurn = createSerialQueue();
  #dirty = true;
  #hasOldTrades = false;
  #fromNothing = false;
  /** Number of the last commit in Redis. */
  #shown = 0;
  #summary: PerformanceSummary | undefined;
  #sizes: ProjectionSizes | undefined;
  readonly #trades: ShownStream<ClosedTrade>;
  readonly #executions: ShownStream<Execution>;
  /** Time of the last push to each list: a day later the list expires. */
  readonly #pushedMs = { decisions: 0, refusals: 0 };

  constructor({ bus, kind, log, state, account, owner, trading, nowMs }: ProjectionOptions) {
    this.#nowMs = nowMs;
    this.#kind = kind;
    this.#owner = owner;
    this.#trading = trading;
    this.#bus = bus;
    this.#trades = new ShownStream(bus, Streams.trades, ({ exit_signal_id }) => exit_signal_id);
    this.#executions = new ShownStream(bus, Streams.executions, ({ execution_id }) => execution_id);
    this.#log = log;
    this.#state = state;
    this.#account = account;
  }

  /** Writes a commit to Redis, then publishes `ack`. Resolves when this is done, or when it was postponed because Redis is away. */
  show(change: ProjectionChange | undefined, ack: ReplayAck | undefined): Promise<void> {
    return this.#inTurn(() => this.#show(change, ack));
  }

  /** Writes the account at present prices. */
  async showAccount(): Promise<void> {
    const account = this.#account();
    if (account === undefined) return;
    await this.#inTurn(async () => {
      try {
        await this.#bus.write((batch) => writeAccount(batch, account));
      } catch (error) {
        this.#putOff(error);
      }
    });
  }

  /** Writes the whole projection now. @throws BusUnavailable; the next write or check then tries again. */
  rebuild(): Promise<void> {
    this.#dirty = true;
    return this.#inTurn(() => this.#rebuild());
  }

  /** Writes the projection of a new ledger: nothing in Redis belongs to it. */
  startOver(): Promise<void> {
    this.#fromNothing = true;
    return this.refresh();
  }

  /** Writes the whole projection at once, or when Redis is back. */
  refresh(): Promise<void> {
    this.#dirty = true;
    return this.show(undefined, undefined);
  }

  /** Rewrites the projection if a write had failed, or if Redis no longer matches the ledger because it was wiped or changed. */
  check(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#dirty && !this.#hasOldTrades) {
        if (await this.#showsAll()) return;
        this.#log.warn({}, 'redis does not match the ledger, writing the projection again');
      }
      try {
        await this.#rebuild();
      } catch (error) {
        // The next check tries again. The ledger has everything.
        if (!(error instanceof BusFault)) throw error;
        this.#putOff(error);
      }
    });
  }

  async #showsAll(): Promise<boolean> {
    const summary = await this.#bus.getRecord(summaryEntry(this.#kind));
    return (
      (this.#summary === undefined || isSameSummary(summary, this.#summary)) &&
      (await this.#isWhole()) &&
      (await this.#hasAllDocuments()) &&
      (await this.#trades.isWhole()) &&
      (this.#kind === 'LIVE' || (await this.#executions.isWhole()))
    );
  }

  async #hasAllDocuments(): Promise<boolean> {
    const [decisions, refusals, positions, orders] = await Promise.all([
      this.#bus.count(Lists.decisionLogs),
      this.#bus.count(Lists.decisionRefusals),
      this.#bus.count(Maps.openPositions),
      this.#bus.count(Maps.openOrders),
    ]);
    const isPast = (list: 'decisions' | 'refusals') => this.#nowMs() - this.#pushedMs[list] >= LIST_LIVES_MS;
    return (
      (decisions === this.#sizes?.decisions || isPast('decisions')) &&
      (refusals === this.#sizes?.refusals || isPast('refusals')) &&
      (this.#kind === 'LIVE' || (positions === this.#sizes?.positions && orders === this.#sizes?.orders))
    );
  }

  async #isWhole(): Promise<boolean> {
    const projection = await this.#bus.getRecord(Records.ledgerProjection);
    const { run, ledger, ledger_id } = this.#owner();
    // Earlier versions stored no id. Their projection belongs to the file of that name.
    return projection?.run === run && projection.ledger === ledger && (projection.ledger_id ?? ledger_id) === ledger_id;
  }

  /** Resolves when all requested writes are done. */
  settled(): Promise<void> {
    return this.#inTurn(() => {});
  }

  async #show(change: ProjectionChange | undefined, ack: ReplayAck | undefined): Promise<void> {
    try {
      if (this.#dirty) await this.#rebuild();
      if (change?.restatesTrades) this.#hasOldTrades = true;
      const fresh = change !== undefined && change.no > this.#shown ? change : undefined;
      await this.#bus.write((batch) => {
        if (fresh) writeChange(batch, fresh, this.#kind);
        if (ack) batch.publish(Channels.replayAcks, ack);
      });
      if (fresh) {
        this.#trades.add(fresh.trades);
        if (this.#kind === 'PAPER') this.#executions.add(fresh.executions);
        this.#noteShown(fresh);
      }
    } catch (error) {
      this.#putOff(error);
    }
  }

  /** Marks the projection for a rewrite by `check`. The commit itself is safe in the ledger. */
  #putOff(error: unknown): void {
    if (!(error instanceof BusUnavailable || error instanceof BusFault)) throw error;
    if (!this.#dirty) this.#log.warn({ problem: error.message }, 'redis did not accept an update, the ledger has it');
    this.#dirty = true;
  }

  async #rebuild(): Promise<void> {
    const isWhole = !this.#fromNothing && (await this.#isWhole());
    const state = this.#state();
    const trades = isWhole && !this.#hasOldTrades ? await this.#trades.missingFrom(state.trades) : undefined;
    const executions = await this.#missingExecutions(isWhole, state);
    await this.#bus.write((batch) => {
      // The stream was wiped, belongs to another ledger, was edited by hand, or has trades that were corrected.
      if (trades === undefined) batch.empty(Streams.trades);
      if (executions === undefined) batch.empty(Streams.executions);
      writeState(batch, state, this.#kind);
      const signals = state.summary?.signals ?? 0;
      batch.setRecord(Records.ledgerProjection, { ...this.#owner(), signals, trading: this.#trading() });
    });
    this.#fromNothing = false;
    this.#hasOldTrades = false;
    for (const chunk of chunksOf(trades ?? state.trades, MESSAGES_A_WRITE)) {
      await this.#bus.write((batch) => {
        for (const trade of chunk) batch.append(Streams.trades, trade);
      });
    }
    for (const chunk of chunksOf(executions ?? state.executions, MESSAGES_A_WRITE)) {
      await this.#bus.write((batch) => {
        for (const execution of chunk) batch.append(Streams.executions, execution);
      });
    }
    await this.#trades.accept();
    if (this.#kind === 'PAPER') await this.#executions.accept();
    this.#dirty = false;
    this.#noteShown(state);
  }

  /** The answers that the stream lacks; undefined if it must be written again. In live they come from there. */
  async #missingExecutions(
    isWhole: boolean,
    { executions }: ProjectionState,
  ): Promise<readonly Execution[] | undefined> {
    if (this.#kind === 'LIVE') return [];
    return isWhole ? this.#executions.missingFrom(executions) : undefined;
  }

  #noteShown({ no, summary, sizes, decisions, refusals }: ProjectionChange | ProjectionState): void {
    this.#shown = no;
    this.#summary = summary ?? this.#summary;
    this.#sizes = sizes;
    if (decisions.some(isPushed)) this.#pushedMs.decisions = this.#nowMs();
    if (refusals.some(isPushed)) this.#pushedMs.refusals = this.#nowMs();
  }
}

function* chunksOf<T>(items: readonly T[], size: number): Iterable<readonly T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
