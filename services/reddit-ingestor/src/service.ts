import { defineService } from '@helios/shared/runtime/service.ts';
import { playPosts } from './play-posts.ts';
import { readReddit } from './read-reddit.ts';

/**
 * Reads posts and comments of Reddit or of a file; writes `sentiment:{symbol}` and `sentiment:global`.
 * `packages/sentiment` scores them.
 */
export const redditIngestor = defineService({
  name: 'reddit-ingestor',
  settings: ['reddit'],
  modes: ['live', 'public', 'synthetic'],
  standsBy({ settings, mode, log }) {
    if (!settings.reddit.enabled) return true;
    if (mode.source?.kind !== 'replay') return false;
    log.info({}, 'market replay: Reddit is not read, sentiment stays neutral');
    return true;
  },
  async start(context) {
    const { settings, onStop } = context;
    const { posts_file } = settings.reddit;
    const stop = new AbortController();
    const work = posts_file === '' ? readReddit(context, stop.signal) : playPosts(context, stop.signal);
    onStop('reading', async () => {
      stop.abort();
      await work;
    });
  },
});
