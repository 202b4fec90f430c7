import { setMaxListeners } from 'node:events';
import { createHttpClient } from '@helios/shared/runtime/http-client.ts';
import { defineService } from '@helios/shared/runtime/service.ts';
import { waitFor } from '@helios/shared/runtime/wait-for.ts';
import { createPublicMarket } from './create-public-market.ts';

/** Maximum number of parallel waits; each listens for the stop. */
const MAX_WAITS = 100;

/** The venue's public REST interface in; books, trades, mark prices, klines and breaks out, and CoinGecko's prices while the venue is away. */
export const publicPriceIngestor = defineService({
  name: 'public-price-ingestor',
  settings: ['binance', 'polling', 'trading'],
  modes: ['public'],
  async start({ bus, clock, settings, mode, log, onStop, observeAge }) {
    const abort = new AbortController();
    setMaxListeners(MAX_WAITS, abort.signal);
    const http = createHttpClient();
    const market = createPublicMarket({
      bus,
      settings,
      network: mode.network === 'testnet' ? 'testnet' : 'mainnet',
      run: mode.run,
      log,
      http,
      now: clock.now,
      wait: (ms) => waitFor(ms, abort.signal),
      stop: abort.signal,
      random: Math.random,
      observeAge,
    });
    const work = market.run();
    onStop('market', async () => {
      abort.abort();
      http.close();
      await work;
    });
  },
});
