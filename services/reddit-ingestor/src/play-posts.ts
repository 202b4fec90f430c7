import { resolve } from 'node:path';
import type { RawItem } from '@helios/sentiment/state/intake.ts';
import type { ServiceContext } from '@helios/shared/runtime/service.ts';
import { waitFor } from '@helios/shared/runtime/wait-for.ts';
import { ItemIntake } from './item-intake.ts';
import { readPosts } from './posts-file.ts';
import { retryingRedis } from './read-reddit.ts';
import { writeSentiment } from './write-sentiment.ts';

type Context = ServiceContext<'reddit-ingestor', 'reddit'>;

const TICK_MS = 1_000;
const ROOT = resolve(import.meta.dirname, '../../..');

/**
 * Plays recorded posts: the first one now, the others after their recorded delay, divided by `posts_speed`. Sentiment is
 * computed at the posts' time, and written with the present time.
 */
export async function playPosts({ bus, clock, log, settings }: Context, stop: AbortSignal): Promise<void> {
  const { posts_file, posts_speed } = settings.reddit;
  const file = resolve(ROOT, posts_file);
  const itemIntake = new ItemIntake(settings.reddit);
  const redis = retryingRedis(log);
  const items = readPosts(file, () => itemIntake.count('MALFORMED'));
  try {
    const first = await items.next();
    if (first.done) {
      log.error(
        { file },
        'REDDIT_POSTS_FILE contains no post: write one JSON object per line. Sentiment stays neutral.',
      );
      return;
    }
    const start = { wallMs: clock.now(), itemsMs: first.value.createdTs };
    log.info({ file, speed: posts_speed, first_ts: first.value.createdTs }, 'playing recorded posts');
    let next: RawItem | undefined = first.value;
    while (!stop.aborted) {
      const nowMs = clock.now();
      const itemsNowMs = Math.round(start.itemsMs + (nowMs - start.wallMs) * posts_speed);
      while (next && next.createdTs <= itemsNowMs && !stop.aborted) {
        itemIntake.hear([next], itemsNowMs);
        next = (await items.next()).value ?? undefined;
      }
      // The tones of Reddit itself stay: a file may be years old.
      const stamp = { source: 'posts file', itemsNowMs, nowMs, keepsTones: false };
      await redis('write', () => writeSentiment(bus, itemIntake, stamp));
      if (next === undefined) break;
      await waitFor(TICK_MS, stop);
    }
    log.info({ ...itemIntake.counts() }, 'recorded posts were played');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const help =
      'REDDIT_POSTS_FILE cannot be read: name a file of JSON lines (.gz if compressed). Sentiment stays neutral.';
    log.error({ file, code }, help);
  } finally {
    await items.return(undefined);
  }
}
