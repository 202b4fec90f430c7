import { setMaxListeners } from 'node:events';
import { resolve } from 'node:path';
import { openRecording } from '@helios/market-data/record/open-recording.ts';
import { reportRecording } from '@helios/market-data/record/report-recording.ts';
import { createHttpClient } from '@helios/shared/runtime/http-client.ts';
import { defineService } from '@helios/shared/runtime/service.ts';
import { waitFor } from '@helios/shared/runtime/wait-for.ts';
import { createPublicMarket, hasStreams } from './create-public-market.ts';

/** Maximum number of parallel waits; each listens for the stop. */
const MAX_WAITS = 100;

/** Root of the repository; the settings name folders relative to it. */
const ROOT = resolve(import.meta.dirname, '../../..');

/** The venue's public REST interface in; books, trades, mark prices, klines and breaks out, and CoinGecko's prices while the venue is away. */
export const publicPriceIngestor = defineService({
  name: 'public-price-ingestor',
  settings: ['binance', 'polling', 'trading', 'recording', 'system'],
  modes: ['public'],
  async start({ bus, clock, settings, mode, log, every, onStop, observeAge }) {
    const abort = new AbortController();
    setMaxListeners(MAX_WAITS, abort.signal);
    const http = createHttpClient();
    const dependencies = {
      bus,
      settings,
      network: mode.network === 'testnet' ? 'testnet' : 'mainnet',
      run: mode.run,
      log,
      http,
      now: clock.now,
      wait: (ms: number) => waitFor(ms, abort.signal),
      stop: abort.signal,
      random: Math.random,
      observeAge,
    } as const;
    const recording = hasStreams(dependencies) ? openRecording({ ...dependencies, settings, root: ROOT }) : undefined;
    reportRecording({ ...dependencies, recording, every });
    const market = createPublicMarket(dependencies, recording);
    const work = market.run();
    onStop('market', async () => {
      abort.abort();
      http.close();
      await work;
    });
  },
});
