import { FadingCount } from './fading-count.ts';
import { NearDuplicates } from './near-duplicates.ts';

/** An item as its source is judged by. */
export interface Sourced {
  /** Cleaned. */
  readonly text: string;
  /** `undefined` where it is not known. */
  readonly author: string | undefined;
  /** The post that a comment stands under; of a post its own id. */
  readonly thread: string;
  /** Epoch ms. */
  readonly ts: number;
}

/** A copy of fewer words may be two people's own; of more it is the same one's. */
const SHORT_WORDS = 8;

/**
 * How much of an item's weight is left, 0..1, by what came before it: copies of a text count 1/k² (short ones 1/k), an author's items
 * 1/k, a thread's 1/√k, so that neither a flood of bots nor one busy author or thread makes a mood.
 */
export class Damping {
  readonly #copies: NearDuplicates;
  readonly #authors: FadingCount;
  readonly #threads: FadingCount;

  constructor(halfLifeMs: number, capacity: number) {
    this.#copies = new NearDuplicates(2 * halfLifeMs, capacity);
    this.#authors = new FadingCount(halfLifeMs, capacity);
    this.#threads = new FadingCount(halfLifeMs, capacity);
  }

  dampen({ text, author, thread, ts }: Sourced): number {
    const copy = 1 + this.#copies.countCopies(text, ts);
    const ofCopies = text.split(' ').length < SHORT_WORDS ? 1 / copy : 1 / (copy * copy);
    const ofAuthor = author === undefined ? 1 : 1 / (1 + this.#authors.add(author, ts));
    const ofThread = 1 / Math.sqrt(1 + this.#threads.add(thread, ts));
    return ofCopies * ofAuthor * ofThread;
  }

  /** An item of before a restart. Its text and its author are not stored: copies and authors are counted anew. */
  restore(thread: string, ts: number): void {
    this.#threads.add(thread, ts);
  }
}
