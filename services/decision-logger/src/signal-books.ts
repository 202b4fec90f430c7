import { setTimeout as pause } from 'node:timers/promises';
import { Values } from '@helios/shared/contracts/catalog.ts';
import { ageOf } from '@helios/shared/domain/age.ts';
import type { Book } from '@helios/shared/domain/market-data.ts';
import type { SentSignal } from '@helios/shared/domain/signal.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';

/** Samples are written once a second: only a book older than that may have been replaced by one. */
const SAMPLED_MS = 1_000;

/** A Redis that hangs gives no error. */
const ANSWERS_WITHIN_MS = 1_000;

export interface SignalBooksOptions {
  readonly bus: Bus<'decision-logger'>;
  /** Market time, epoch ms. */
  readonly now: () => number;
  /** Every book is heard anyway. */
  readonly hearsBooks: boolean;
  /** A book of the symbol that still counts was heard. */
  readonly isKnown: (symbol: string) => boolean;
  readonly onBook: (book: Book) => void;
}

/**
 * The books that signals are executed on, where books are not heard. A signal of signal-engine carries the last book that it
 * heard. A signal published by hand carries none: it is executed on the sample in Redis. A signal that had to wait is
 * executed on the newer of both.
 */
export class SignalBooks {
  readonly #options: SignalBooksOptions;

  constructor(options: SignalBooksOptions) {
    this.#options = options;
  }

  /** Hands the books on before the signal is executed. While Redis is away or hangs the last known book counts: recording does not wait for it. */
  async need({ symbol, book }: Pick<SentSignal, 'symbol' | 'book'>): Promise<void> {
    const { bus, hearsBooks, isKnown, onBook, now } = this.#options;
    // After a restart in the middle of a replay none was heard yet.
    if (book !== undefined && !(hearsBooks && isKnown(symbol))) onBook(book);
    if (hearsBooks) return;
    const ageMs = book && ageOf(book.ts_event, now());
    if (ageMs !== undefined && ageMs <= SAMPLED_MS) return;
    const read = skipWhileAway(async () => {
      const sample = await bus.get(Values.orderbook, { symbol });
      if (sample !== undefined) onBook(sample);
    });
    await Promise.race([read, pause(ANSWERS_WITHIN_MS, undefined, { ref: false })]);
  }
}
