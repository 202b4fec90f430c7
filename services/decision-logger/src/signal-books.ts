import { setTimeout as pause } from 'node:timers/promises';
import { Values } from '@helios/shared/contracts/catalog.ts';
import { ageOf } from '@helios/shared/domain/age.ts';
import type { Book } from '@helios/shared/domain/market-data.ts';
import type { SentSignal } from '@helios/shared/domain/signal.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { skipWhileAway } from '@helios/shared/runtime/redis-outage.ts';

/** Samples are written once a second, so only a book older than this can be older than the sample. */
const SAMPLED_MS = 1_000;

/** Maximum wait for the sample: a Redis that hangs returns no error. */
const ANSWERS_WITHIN_MS = 1_000;

export interface SignalBooksOptions {
  readonly bus: Bus<'decision-logger'>;
  /** Market time, epoch ms. */
  readonly now: () => number;
  /** True if this service receives every book. */
  readonly subscribesToBooks: boolean;
  /** True if a current book of the symbol is known. */
  readonly isKnown: (symbol: string) => boolean;
  readonly onBook: (book: Book) => void;
}

/**
 * Provides the books on which signals are executed, if this service does not receive every book. A signal of
 * signal-engine carries the newest book that signal-engine has. A signal published by hand carries none, so it is
 * executed on the sample in Redis. A signal that had to wait is executed on the newer of both.
 */
export class SignalBooks {
  readonly #options: SignalBooksOptions;

  constructor(options: SignalBooksOptions) {
    this.#options = options;
  }

  /**
   * Passes the books to `onBook` before the signal is executed. If Redis is down or hangs, the last known book is used:
   * recording does not wait for Redis.
   */
  async need({ symbol, book }: Pick<SentSignal, 'symbol' | 'book'>): Promise<void> {
    const { bus, subscribesToBooks, isKnown, onBook, now } = this.#options;
    // After a restart during a replay no book is known yet.
    if (book !== undefined && !(subscribesToBooks && isKnown(symbol))) onBook(book);
    if (subscribesToBooks) return;
    const ageMs = book && ageOf(book.ts_event, now());
    if (ageMs !== undefined && ageMs <= SAMPLED_MS) return;
    const read = skipWhileAway(async () => {
      const sample = await bus.get(Values.orderbook, { symbol });
      if (sample !== undefined) onBook(sample);
    });
    await Promise.race([read, pause(ANSWERS_WITHIN_MS, undefined, { ref: false })]);
  }
}
