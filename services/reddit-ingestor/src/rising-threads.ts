import type { RawItem } from '@helios/sentiment/state/intake.ts';

/** Threads remembered. */
const CAPACITY = 2_000;
/** Discussion of older posts is not read any more. */
const OLDEST_MS = 86_400_000;

interface Thread {
  readonly subreddit: string;
  readonly createdTs: number;
  comments: number;
  /** Comments there were when they were read last. */
  read: number;
}

/** Knows which posts have gained most comments since theirs were read. */
export class RisingThreads {
  readonly #threads = new Map<string, Thread>();

  /** Posts as a listing shows them now. */
  see(posts: readonly RawItem[]): void {
    for (const { id, subreddit, createdTs, comments } of posts) {
      const known = this.#threads.get(id);
      if (known) known.comments = comments;
      else this.#threads.set(id, { subreddit, createdTs, comments, read: 0 });
      if (this.#threads.size <= CAPACITY) continue;
      const [oldest] = this.#threads.keys();
      if (oldest !== undefined) this.#threads.delete(oldest);
    }
  }

  /** The posts whose comments are worth reading now, most gained first. */
  pick(most: number, nowMs: number): { id: string; subreddit: string }[] {
    return [...this.#threads]
      .filter(([, { comments, read, createdTs }]) => comments > read && nowMs - createdTs < OLDEST_MS)
      .sort(([, a], [, b]) => b.comments - b.read - (a.comments - a.read))
      .slice(0, most)
      .map(([id, { subreddit }]) => ({ id, subreddit }));
  }

  /** The comments of a post were read, as far as they can be. */
  wasRead(id: string): void {
    const thread = this.#threads.get(id);
    if (thread) thread.read = thread.comments;
  }

  /** A post that cannot be read any more, though listings may go on showing it. */
  isGone(id: string): void {
    const thread = this.#threads.get(id);
    if (thread) thread.read = Number.POSITIVE_INFINITY;
  }
}
