import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { depth } from '@helios/binance/rest/endpoints/depth.ts';
import { createPublicRest, type PublicRest } from '@helios/binance/rest/public-rest.ts';
import { RateGovernor } from '@helios/binance/rest/rate-governor.ts';
import { type Ingestor, Publisher } from '@helios/market-data/publish/publisher.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { createHttpClient } from '@helios/shared/runtime/http-client.ts';
import { aMode } from '@helios/shared/testing/builders.ts';
import { WatchedSymbol } from '../services/public-price-ingestor/src/watched-symbol.ts';
import { type BookFeed, compareChains } from './compare-chains.ts';
import type { Row } from './report.ts';

const SYMBOL = 'BTCUSDT';

/** Poll request → `trading_signals` over Redis, and an idle chain that polls the same server without parsing the answer. */
export async function benchPollChain(samples = 1_000): Promise<Row[]> {
  const server = fork(join(import.meta.dirname, 'book-server.ts'), { stdio: 'inherit' });
  const [{ url }] = await once(server, 'message');
  const http = createHttpClient();
  const agent = new Agent({ keepAlive: true });
  const rest = createPublicRest({
    baseUrl: url,
    http,
    governor: new RateGovernor({ now: Date.now, share: 0.95, limitPerMinute: 1e6 }),
    timeoutMs: 5_000,
    now: Date.now,
    wait: (ms) => pause(ms),
    stop: new AbortController().signal,
  });
  try {
    const { source: _, ...mode } = aMode({ mode: 'public', network: 'mainnet', session: 'bench' });
    return await compareChains({
      what: 'poll → trading_signals over HTTP and Redis',
      symbol: SYMBOL,
      mode,
      ingestor: 'public-price-ingestor',
      feed: (bus) => pollsInto(bus, rest),
      idleFirst: () => plainGet(url, agent),
      samples,
      warmUp: 100,
    });
  } finally {
    http.close();
    agent.destroy();
    server.kill('SIGKILL');
  }
}

/** The steps of the ingestor after a poll of a book. */
function pollsInto(bus: Bus<Ingestor>, rest: PublicRest): BookFeed {
  const publisher = new Publisher(bus);
  const watched = new WatchedSymbol(SYMBOL, (dropped) => console.error(dropped));
  return {
    async publish() {
      const answer = await rest.ask(depth, { symbol: SYMBOL, limit: 20 });
      if (answer.kind === 'FAILURE') throw new Error(answer.detail);
      const now = Date.now();
      const book = watched.onBook(answer.value, { now, venueNow: now });
      if (book === undefined) throw new Error('the book server sent a book that is not new');
      await publisher.publish([book]);
      return book;
    },
  };
}

/** The complete answer, unparsed. */
function plainGet(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => response.on('end', resolve).on('error', reject).resume()).on('error', reject);
  });
}
