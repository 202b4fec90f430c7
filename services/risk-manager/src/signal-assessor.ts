import { quoteOf } from '@helios/core/execution/fill.ts';
import { assessLiveEntry, type LiveAssessment, type LiveEntryFacts } from '@helios/core/risk/assess-live-entry.ts';
import { riskDenialText } from '@helios/core/risk/denial-text.ts';
import { Answers } from '@helios/core/trading/answers.ts';
import { Streams, Values } from '@helios/shared/contracts/catalog.ts';
import { ageOf } from '@helios/shared/domain/age.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import { isExit, type Quote, type SentSignal, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Bus, Delivery } from '@helios/shared/runtime/bus.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { AccountReader } from './account-reader.ts';
import type { PendingRecord } from './pending-record.ts';
import type { SymbolFacts } from './symbol-facts.ts';
import type { TradeRecord } from './trade-record.ts';

interface AssessorOptions {
  readonly bus: Bus<'risk-manager'>;
  readonly run: string;
  readonly settings: LiveEntryFacts['settings'];
  readonly account: AccountReader;
  readonly trades: TradeRecord;
  readonly pending: PendingRecord;
  readonly symbols: SymbolFacts;
  readonly now: () => number;
  readonly log: Logger;
}

/** Answers each entry signal once: an order intent, or a denial. Exits do not pass through here. */
export class SignalAssessor {
  readonly #options: AssessorOptions;
  /** Assessments that may not be in Redis: a signal that comes again gets the same one. */
  readonly #undelivered = new Map<string, LiveAssessment>();
  #foreign = 0;

  constructor(options: AssessorOptions) {
    this.#options = options;
  }

  /** @throws BusUnavailable: the signal comes again */
  async onSignal({ book, ...signal }: SentSignal, { ageMs }: Delivery): Promise<void> {
    const { run, symbols, pending } = this.#options;
    if (isExit(signal.direction) || pending.isAnswered(signal.signal_id)) return;
    if (signal.run !== run) {
      this.#countForeign(signal);
      return;
    }
    const allowed = pending.allowed(signal.signal_id);
    if (allowed) {
      await pending.send(allowed);
      return;
    }
    await symbols.need(signal.symbol);
    const quote = signal.origin === 'EXTERNAL' ? await this.#freshQuote(signal.symbol) : book && quoteOf(book);
    const { signal_id } = signal;
    const before = this.#undelivered.get(signal_id);
    const assessment = before ?? assessLiveEntry(signal, this.#facts(signal, quote, ageMs));
    this.#undelivered.set(signal_id, assessment);
    await this.#answer(signal, assessment);
    this.#undelivered.delete(signal_id);
  }

  #facts(signal: TradingSignal, quote: Quote | undefined, deliveryAgeMs: number | undefined): LiveEntryFacts {
    const { account, trades, pending, symbols, settings, now } = this.#options;
    const nowMs = now();
    return {
      nowMs,
      // A stamp in the future is from before the clock was set back.
      signalAgeMs: Math.max(ageOf(signal.ts_init, nowMs) ?? Number.POSITIVE_INFINITY, deliveryAgeMs ?? 0),
      account: account.value,
      trades: trades.relevantTo(signal.symbol),
      releasedTs: trades.releasedTs,
      pending: pending.entries(),
      instrument: symbols.instrumentOf(signal.symbol),
      terms: symbols.termsOf(signal.symbol),
      quote,
      correlation: (other) => symbols.correlation(signal.symbol, other),
      settings,
    };
  }

  async #answer(signal: TradingSignal, assessment: LiveAssessment): Promise<void> {
    const { pending, log, now } = this.#options;
    const { signal_id, symbol, direction } = signal;
    if (assessment.kind === 'INTENT') {
      const { intent, rules, signal: executed } = assessment;
      await pending.send({ intent, signal: executed, rules: [...rules], ts_init: now() });
      log.info({ signal_id, symbol, direction, quantity: intent.quantity }, 'entry allowed');
      return;
    }
    await this.#refuse(signal, assessment);
    const fields = { signal_id, symbol, direction };
    if (assessment.kind === 'EXPIRED') log.info(fields, `entry not taken: ${assessment.reason}`);
    else log.info({ ...fields, ...assessment.denial }, riskDenialText(assessment.denial, symbol, now()));
  }

  async #refuse(signal: TradingSignal, refusal: Exclude<LiveAssessment, { kind: 'INTENT' }>): Promise<void> {
    const { bus, pending, now } = this.#options;
    const answers = new Answers();
    if (refusal.kind === 'EXPIRED') answers.expired(signal, refusal.reason, now());
    else answers.denied(signal, refusal.denial, now());
    const rules = refusal.kind === 'DENIED' ? refusal.rules : undefined;
    const executions: Execution[] = answers
      .take()
      .map((answer) => (answer.answer === 'DENIED' && rules ? { ...answer, rules: [...rules] } : answer));
    await bus.write((batch) => {
      for (const execution of executions) batch.append(Streams.executions, execution);
    });
    for (const execution of executions) pending.onExecution(execution);
  }

  /** The market of now for a signal published by hand. */
  async #freshQuote(symbol: string): Promise<Quote | undefined> {
    const { bus, settings, now } = this.#options;
    const book = await bus.get(Values.orderbook, { symbol });
    const ageMs = book && ageOf(book.ts_event, now());
    return book && ageMs !== undefined && ageMs <= settings.signals.max_book_age_ms ? quoteOf(book) : undefined;
  }

  #countForeign({ run }: TradingSignal): void {
    this.#foreign += 1;
    if (this.#foreign === 1)
      this.#options.log.warn({ run }, 'the stream signals contains signals of another run, dropping them');
  }
}
