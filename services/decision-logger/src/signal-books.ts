import { Values } from '@helios/shared/contracts/catalog.ts';
import type { Book } from '@helios/shared/domain/market-data.ts';
import type { SentSignal } from '@helios/shared/domain/signal.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';

export interface SignalBooksOptions {
  readonly bus: Bus<'decision-logger'>;
  /** Every book is heard anyway. */
  readonly hearsBooks: boolean;
  readonly onBook: (book: Book) => void;
}

/**
 * The books that signals are executed on, where books are not heard: a signal of signal-engine carries the last one that it
 * heard; for one published by hand the sample in Redis is read, a second old at most while the market moves.
 */
export class SignalBooks {
  readonly #options: SignalBooksOptions;

  constructor(options: SignalBooksOptions) {
    this.#options = options;
  }

  /** Hands the book on before the signal is executed. While Redis is away the last book known counts: recording waits for nobody. */
  async need({ symbol, book }: Pick<SentSignal, 'symbol' | 'book'>): Promise<void> {
    const { hearsBooks, onBook } = this.#options;
    if (hearsBooks) return;
    const known = book ?? (await this.#sample(symbol));
    if (known !== undefined) onBook(known);
  }

  async #sample(symbol: string): Promise<Book | undefined> {
    try {
      return await this.#options.bus.get(Values.orderbook, { symbol });
    } catch (error) {
      if (!(error instanceof BusUnavailable)) throw error;
      return undefined;
    }
  }
}
