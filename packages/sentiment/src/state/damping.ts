import { FadingCount } from './fading-count.ts';
import { NearDuplicates } from './near-duplicates.ts';

/** The properties of an item that damping needs. */
export interface Sourced {
  /** Cleaned text. */
  readonly text: string;
  /** `undefined` if unknown. */
  readonly author: string | undefined;
  /** The post of a comment; for a post its own id. */
  readonly thread: string;
  /** Epoch ms. */
  readonly ts: number;
}

/** Two people may write the same text with fewer words; a longer copy comes from one source. */
const SHORT_WORDS = 8;

/**
 * Damping factor of an item, 0..1, from the items before it. Copies of a text count 1/k² (short ones 1/k), an author's items 1/k, a
 * thread's 1/√k. So neither bots nor one busy author or thread can set the sentiment.
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

  /** Restores an item from before a restart. Text and author are not stored, so the counts of copies and authors start again. */
  restore(thread: string, ts: number): void {
    this.#threads.add(thread, ts);
  }
}
