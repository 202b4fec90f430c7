import type { PendingEntry } from '@helios/core/risk/pending-entries.ts';
import { Maps, Streams } from '@helios/shared/contracts/catalog.ts';
import type { Account } from '@helios/shared/domain/account.ts';
import { type Execution, isFinal } from '@helios/shared/domain/execution.ts';
import type { AssessedEntry } from '@helios/shared/domain/order.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';

/** Final answers that are known after a start; a signal waits in its stream far shorter. */
const MAX_ANSWERS = 5_000;
/** An account written this long after the last fill shows the position. */
const ACCOUNT_LAG_MS = 1_000;
/** An order that rests is answered far sooner. */
const LATE_MS = 15 * 60_000;

interface Pending {
  readonly entry: AssessedEntry;
  readonly price: number;
  /** Time of its final answer; undefined before. */
  endedTs: number | undefined;
}

/**
 * Entries that were allowed and that the account does not show yet, and the signals that have their answer. Both survive a restart,
 * so no signal is assessed twice and no exposure is forgotten.
 */
export class PendingRecord {
  readonly #bus: Bus<'risk-manager'>;
  readonly #run: string;
  readonly #pending = new Map<string, Pending>();
  /** Signals with a final answer, oldest first. */
  readonly #answered = new Set<string>();
  /** Signals that filled at least in part. */
  readonly #filled = new Set<string>();
  readonly #named = new Set<string>();

  constructor(bus: Bus<'risk-manager'>, run: string) {
    this.#bus = bus;
    this.#run = run;
  }

  /** @throws BusUnavailable */
  async read(): Promise<void> {
    const stored = await this.#bus.getMap(Maps.pendingEntries);
    for (const entry of Object.values(stored)) {
      const { signal_id, run } = entry.intent;
      if (run === this.#run && !this.#pending.has(signal_id)) this.#add(entry);
    }
    const answers = await this.#bus.getLatest(Streams.executions, MAX_ANSWERS);
    for (const answer of answers.toReversed()) this.onExecution(answer);
  }

  /** What counts as open, besides the account. An entry that ended without a fill counts no more. */
  entries(): readonly PendingEntry[] {
    return [...this.#pending].flatMap(([id, { entry, price, endedTs }]) =>
      endedTs !== undefined && !this.#filled.has(id) ? [] : { intent: entry.intent, price },
    );
  }

  /** True if the signal has its final answer. */
  isAnswered(signalId: string): boolean {
    return this.#answered.has(signalId);
  }

  /** The entry that was allowed for a signal; execution-manager may not have received it. */
  allowed(signalId: string): AssessedEntry | undefined {
    return this.#pending.get(signalId)?.entry;
  }

  /**
   * Stores an allowed entry and sends it, in this order. The same entry may be sent again: its reader knows it by its signal.
   * @throws BusUnavailable: one or both may have failed
   */
  async send(entry: AssessedEntry): Promise<void> {
    await this.#bus.write((batch) => {
      batch.setField(Maps.pendingEntries, entry.intent.signal_id, entry);
      batch.append(Streams.orderIntents, entry);
    });
    if (!this.#pending.has(entry.intent.signal_id)) this.#add(entry);
  }

  onExecution({ run, signal_id, answer, ts_event }: Execution): void {
    if (run !== this.#run) return;
    if (answer === 'PARTIALLY_FILLED' || answer === 'FILLED') this.#filled.add(signal_id);
    if (!isFinal(answer)) return;
    this.#answered.add(signal_id);
    for (const set of [this.#answered, this.#filled]) if (set.size > MAX_ANSWERS) set.delete([...set][0] ?? '');
    const pending = this.#pending.get(signal_id);
    if (pending) pending.endedTs ??= ts_event;
  }

  /** Entries that have had no final answer for so long that something must be wrong; each is named once. */
  unanswered(nowMs: number): readonly string[] {
    const late = [...this.#pending].filter(
      ([id, { entry, endedTs }]) => endedTs === undefined && nowMs - entry.ts_init > LATE_MS && !this.#named.has(id),
    );
    for (const [id] of late) this.#named.add(id);
    return late.map(([id]) => id);
  }

  /** Drops the entries that are over and that the account shows, as far as they filled. @throws BusUnavailable */
  async drop(account: Account | undefined): Promise<void> {
    const over = [...this.#pending].filter(([id, { endedTs }]) => {
      if (endedTs === undefined) return false;
      return !this.#filled.has(id) || (account !== undefined && account.updated_ts >= endedTs + ACCOUNT_LAG_MS);
    });
    if (over.length === 0) return;
    await this.#bus.write((batch) => {
      for (const [id] of over) batch.deleteField(Maps.pendingEntries, id);
    });
    for (const [id] of over) {
      this.#pending.delete(id);
      this.#named.delete(id);
    }
  }

  #add(entry: AssessedEntry): void {
    const { intent, signal } = entry;
    const { quote, entry_price } = signal;
    const price = quote ? (intent.action === 'BUY' ? quote.ask : quote.bid) : entry_price;
    this.#pending.set(intent.signal_id, { entry, price, endedTs: undefined });
  }
}
