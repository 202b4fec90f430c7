import { quoteOf } from '@helios/core/execution/fill.ts';
import { assessLiveEntry } from '@helios/core/risk/assess-live-entry.ts';
import type { PendingEntry } from '@helios/core/risk/pending-entries.ts';
import { Answers } from '@helios/core/trading/answers.ts';
import type { Account } from '@helios/shared/domain/account.ts';
import { type Execution, isFinal } from '@helios/shared/domain/execution.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Book } from '@helios/shared/domain/market-data.ts';
import type { AssessedEntry } from '@helios/shared/domain/order.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import type { SymbolTerms } from '@helios/shared/domain/symbol-terms.ts';

/** An account written this long after the last fill shows the position. */
const ACCOUNT_LAG_MS = 1_000;

interface Pending {
  readonly entry: PendingEntry;
  endedTs: number | undefined;
}

/** What the assessment of one entry depends on, besides what the assessor knows. */
interface EntryMoment {
  readonly nowMs: number;
  readonly account: Account | undefined;
  readonly trades: readonly ClosedTrade[];
  readonly book: Book | undefined;
}

/** The part of risk-manager in a live run: each entry becomes an approved entry or its final answer. */
export class EntryAssessor {
  readonly #settings: Settings;
  readonly #instruments: ReadonlyMap<string, Instrument>;
  readonly #terms = new Map<string, SymbolTerms>();
  readonly #pending = new Map<string, Pending>();

  constructor(settings: Settings, instruments: readonly Instrument[]) {
    this.#settings = settings;
    this.#instruments = new Map(instruments.map((instrument) => [instrument.symbol, instrument]));
  }

  onTerms(terms: SymbolTerms): void {
    this.#terms.set(terms.symbol, terms);
  }

  onExecution({ signal_id, answer, ts_event }: Execution): void {
    const pending = this.#pending.get(signal_id);
    if (pending !== undefined && isFinal(answer)) pending.endedTs ??= ts_event;
  }

  assess(signal: TradingSignal, { nowMs, account, trades, book }: EntryMoment): AssessedEntry | readonly Execution[] {
    for (const [id, { endedTs = Number.POSITIVE_INFINITY }] of this.#pending)
      if (nowMs >= endedTs + ACCOUNT_LAG_MS) this.#pending.delete(id);
    const assessment = assessLiveEntry(signal, {
      ...{ nowMs, account, trades, releasedTs: undefined, settings: this.#settings },
      signalAgeMs: nowMs - signal.ts_init,
      pending: [...this.#pending.values()].map(({ entry }) => entry),
      instrument: this.#instruments.get(signal.symbol),
      terms: this.#terms.get(signal.symbol),
      quote: book && quoteOf(book),
      correlation: () => undefined,
    });
    if (assessment.kind === 'INTENT') {
      const { intent, price, rules, signal: executed } = assessment;
      this.#pending.set(signal.signal_id, { entry: { intent, price }, endedTs: undefined });
      return { intent, signal: executed, rules: [...rules], ts_init: nowMs };
    }
    const answers = new Answers();
    if (assessment.kind === 'EXPIRED') answers.expired(signal, assessment.reason, nowMs);
    else answers.denied(signal, assessment.denial, nowMs);
    return answers.take();
  }
}
