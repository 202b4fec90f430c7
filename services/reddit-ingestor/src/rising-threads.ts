import type { RawItem } from '@helios/sentiment/state/intake.ts';

/** Maximum number of known threads. */
const CAPACITY = 2_000;
/** Maximum age of a post whose comments are read. */
const OLDEST_MS = 86_400_000;

interface Thread {
  readonly subreddit: string;
  readonly createdTs: number;
  comments: number;
  /** Number of comments at the last read. */
  read: number;
}

/** Finds the posts that gained most comments since the last read. */
export class RisingThreads {
  readonly #threads = new Map<string, Thread>();

  /** Takes the posts of a listing. */
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

  /** The posts whose comments to read next, largest gain first. */
  pick(most: number, nowMs: number): { id: string; subreddit: string }[] {
    return [...this.#threads]
      .filter(([, { comments, read, createdTs }]) => comments > read && nowMs - createdTs < OLDEST_MS)
      .sort(([, a], [, b]) => b.comments - b.read - (a.comments - a.read))
      .slice(0, most)
      .map(([id, { subreddit }]) => ({ id, subreddit }));
  }

  /** Reports that the comments of a post were read. */
  wasRead(id: string): void {
    const thread = this.#threads.get(id);
    if (thread) thread.read = thread.comments;
  }

  /** Reports a post that is no longer readable, even if listings still show it. */
  isGone(id: string): void {
    const thread = this.#threads.get(id);
    if (thread) thread.read = Number.POSITIVE_INFINITY;
  }
}
