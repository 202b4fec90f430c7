import { defineService } from '@helios/shared/runtime/service.ts';

/** Will read Reddit; until that is built it says so to whoever switched it on. Sentiment stays neutral. */
export const redditIngestor = defineService({
  name: 'reddit-ingestor',
  settings: ['reddit'],
  modes: ['live', 'public', 'synthetic'],
  async start({ settings, log }) {
    if (!settings.reddit.enabled) return;
    log.warn(
      {},
      'reading Reddit is not built yet: sentiment stays neutral. Set REDDIT_ENABLED=false to stop this line.',
    );
  },
});
