import { defineService } from '@helios/shared/runtime/service.ts';

/** Will poll public market data; until that is built it stands by in the other modes and refuses public. */
export const publicPriceIngestor = defineService({
  name: 'public-price-ingestor',
  settings: [],
  modes: ['public'],
  start: () => Promise.reject(new Error('public mode is not built yet. ALLOW_SYNTHETIC=true simulates a market.')),
});
