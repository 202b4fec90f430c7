import type { LiveVenue } from '@helios/binance/live/live-venue.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { LivePath } from './live-path.ts';
import type { LivePublisher } from './live-publisher.ts';

/** Fees and brackets change rarely; leverage is set by us. */
const READ_AGAIN_MS = 30 * 60_000;
const TRY_AGAIN_MS = 10_000;

interface TermsOptions {
  readonly venue: Pick<LiveVenue, 'readTerms'>;
  readonly path: LivePath;
  readonly publisher: Pick<LivePublisher, 'offerTerms'>;
  readonly now: () => number;
  readonly log: Logger;
}

/** Reads the account's terms of each followed symbol: one symbol at a time, as each costs weight. */
export class SymbolTermsReader {
  readonly #options: TermsOptions;
  readonly #dueTs = new Map<string, number>();
  readonly #known = new Set<string>();

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

  /** Reads the terms of the symbols that are due, as long as the venue answers. */
  async readDue(): Promise<void> {
    const nowMs = this.#options.now();
    for (const [symbol, dueTs] of this.#dueTs) {
      if (dueTs > nowMs) continue;
      if (!(await this.#read(symbol))) return;
    }
  }

  async #read(symbol: string): Promise<boolean> {
    const { venue, path, publisher, now, log } = this.#options;
    const answer = await venue.readTerms(symbol);
    const isRead = answer.kind === 'OK';
    this.#dueTs.set(symbol, now() + (isRead ? READ_AGAIN_MS : TRY_AGAIN_MS));
    if (!isRead) {
      log.warn({ symbol, code: answer.code, detail: answer.detail }, 'terms of a symbol not read, no entries there');
      return false;
    }
    this.#known.add(symbol);
    path.act((trading) => trading.onTerms(answer.value));
    publisher.offerTerms(answer.value);
    return true;
  }
}
