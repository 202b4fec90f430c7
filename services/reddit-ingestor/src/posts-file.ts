import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { RawItem } from '@helios/sentiment/state/intake.ts';
import { z } from 'zod';
import { CreatedUtc, RedditId } from './reddit-fields.ts';

const Comment = z.object({ id: RedditId, body: z.string(), score: z.number().catch(0), created_utc: CreatedUtc });
/** One line of a posts file: a post with some of its comments; seconds, no user names. */
const Line = z.object({
  id: RedditId,
  title: z.string(),
  selftext: z.string().catch(''),
  created_utc: CreatedUtc,
  score: z.number().catch(0),
  num_comments: z.number().nonnegative().catch(0),
  subreddit: z.string(),
  comments: z.array(z.unknown()).catch([]),
});

/**
 * The posts and comments of a file, in the order of their times. Lines are sorted by the time of the post; only comments that
 * are still to come are kept in memory. Rejects if the file cannot be read.
 * @param onBadLine called for each malformed line or comment
 */
export async function* readPosts(file: string, onBadLine: () => void): AsyncGenerator<RawItem> {
  const bytes = createReadStream(file);
  const plain = file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  // Without this, an error of the file stream would not reach the unpacker.
  bytes.on('error', (error) => plain.destroy(error));
  const waiting = new TimeQueue();
  for await (const line of createInterface({ input: plain, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    const items = itemsOf(line, onBadLine);
    const post = items[0];
    if (post === undefined) continue;
    yield* waiting.takeUntil(post.createdTs);
    yield post;
    for (const comment of items.slice(1)) waiting.add(comment);
  }
  yield* waiting.takeUntil(Number.POSITIVE_INFINITY);
}

function itemsOf(text: string, onBadLine: () => void): RawItem[] {
  const line = Line.safeParse(parsed(text));
  if (!line.success) {
    onBadLine();
    return [];
  }
  const { data } = line;
  const shared = { thread: `t3_${data.id}`, subreddit: data.subreddit, author: undefined };
  const post: RawItem = {
    ...shared,
    id: shared.thread,
    createdTs: data.created_utc * 1_000,
    title: data.title,
    body: data.selftext,
    upvotes: Math.round(data.score),
    comments: Math.round(data.num_comments),
  };
  return [post, ...data.comments.flatMap((each) => commentOf(each, shared, onBadLine))];
}

function commentOf(
  each: unknown,
  shared: Pick<RawItem, 'thread' | 'subreddit' | 'author'>,
  onBadLine: () => void,
): RawItem[] {
  const comment = Comment.safeParse(each);
  if (!comment.success) {
    onBadLine();
    return [];
  }
  const { id, body, score, created_utc } = comment.data;
  const createdTs = created_utc * 1_000;
  return [{ ...shared, id: `t1_${id}`, createdTs, title: '', body, upvotes: Math.round(score), comments: 0 }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Items by time, earliest first: a binary heap. */
class TimeQueue {
  readonly #heap: RawItem[] = [];

  add(item: RawItem): void {
    const heap = this.#heap;
    let at = heap.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (timeAt(heap, parent) <= timeAt(heap, at)) return;
      swap(heap, at, parent);
      at = parent;
    }
  }

  *takeUntil(ts: number): Generator<RawItem> {
    for (let first = this.#heap[0]; first && first.createdTs <= ts; first = this.#heap[0]) {
      this.#removeFirst();
      yield first;
    }
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const least = timeAt(heap, right) < timeAt(heap, left) ? right : left;
      if (timeAt(heap, least) >= timeAt(heap, at)) return;
      swap(heap, at, least);
      at = least;
    }
  }
}

function timeAt(heap: readonly RawItem[], at: number): number {
  return heap[at]?.createdTs ?? Number.POSITIVE_INFINITY;
}

function swap(heap: RawItem[], a: number, b: number): void {
  const [first, second] = [heap[a], heap[b]];
  if (first === undefined || second === undefined) return;
  heap[a] = second;
  heap[b] = first;
}
