import type { LiveVenue } from '@helios/binance/live/live-venue.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { LivePath } from './live-path.ts';
import type { LivePublisher } from './live-publisher.ts';

/** Fees and brackets change rarely; leverage is set by us. */
const READ_AGAIN_MS = 30 * 60_000;
const TRY_AGAIN_MS = 10_000;
/** Time between the fees of two symbols. */
const FEES_EVERY_MS = 10_000;

interface TermsOptions {
  readonly venue: Pick<LiveVenue, 'readTerms'>;
  readonly path: LivePath;
  readonly publisher: Pick<LivePublisher, 'offerTerms'>;
  readonly now: () => number;
  readonly log: Logger;
}

/** Reads the account's terms of all followed symbols at once, then the fees of one symbol after the other: they cost the most weight. */
export class SymbolTermsReader {
  readonly #options: TermsOptions;
  readonly #dueTs = new Map<string, number>();
  readonly #known = new Set<string>();
  readonly #withOwnFees = new Set<string>();
  #feesDueTs = 0;

  constructor(options: TermsOptions) {
    this.#options = options;
  }

  /** Adds a symbol, or reads its terms again soon. */
  need(symbol: string): void {
    this.#dueTs.set(symbol, 0);
  }

  /** Number of symbols whose terms are known. */
  get known(): number {
    return this.#known.size;
  }

  /** Reads the terms of the symbols that are due, and now and then the fees of another one. */
  async readDue(): Promise<void> {
    const nowMs = this.#options.now();
    const due = [...this.#dueTs].flatMap(([symbol, dueTs]) => (dueTs <= nowMs ? symbol : []));
    const withoutFees = [...this.#dueTs.keys()].find((symbol) => !this.#withOwnFees.has(symbol));
    if (due.length > 0) await this.#read(due, withoutFees ?? due[0] ?? '');
    else if (withoutFees !== undefined && nowMs >= this.#feesDueTs) await this.#read([withoutFees], withoutFees);
  }

  async #read(symbols: readonly string[], feesOf: string): Promise<void> {
    const { venue, path, publisher, now, log } = this.#options;
    const answer = await venue.readTerms(symbols, feesOf);
    const isRead = answer.kind === 'OK';
    const nowMs = now();
    this.#feesDueTs = nowMs + FEES_EVERY_MS;
    for (const symbol of symbols) this.#dueTs.set(symbol, nowMs + (isRead ? READ_AGAIN_MS : TRY_AGAIN_MS));
    if (!isRead) {
      const { code, detail } = answer;
      log.warn({ symbols, code, detail }, 'terms of symbols not read, no entries there');
      return;
    }
    this.#withOwnFees.add(feesOf);
    const read = new Set(answer.value.map(({ symbol }) => symbol));
    for (const symbol of symbols) if (!read.has(symbol)) this.#dueTs.set(symbol, nowMs + TRY_AGAIN_MS);
    for (const terms of answer.value) {
      this.#known.add(terms.symbol);
      path.act((trading) => trading.onTerms(terms));
      publisher.offerTerms(terms);
    }
  }
}
