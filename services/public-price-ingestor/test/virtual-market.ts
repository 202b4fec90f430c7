import { Lists, Maps, Rankings, Records, Values } from '@helios/shared/contracts/catalog.ts';
import type { KlineInterval } from '@helios/shared/domain/market-data.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { HttpClient } from '@helios/shared/runtime/http-client.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { collectMarket } from '@helios/shared/testing/collect-market.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import { createPublicMarket } from '../src/create-public-market.ts';
import { VirtualTime } from './virtual-time.ts';
import { VirtualVenue } from './virtual-venue.ts';

interface Options {
  readonly symbols?: readonly string[];
  readonly polling?: Partial<Settings['polling']>;
  readonly trading?: Partial<Settings['trading']>;
  /** Default: a new one. */
  readonly time?: VirtualTime;
  /** The client of the requests; default: the virtual venue. */
  readonly http?: HttpClient;
  readonly restUrl?: string;
}

/** The public market in virtual time with a virtual venue, and a subscriber in the role of signal-engine. Stop it at the end. */
export async function createVirtualMarket(options: Options = {}) {
  const { symbols = ['BTCUSDT', 'ETHUSDT'], polling, trading, restUrl = 'http://venue.example' } = options;
  const time = options.time ?? new VirtualTime(T0 + 7_000);
  const venue = new VirtualVenue(time, symbols);
  const fake = createFakeRedis();
  const page = fake.bus('dashboard-api');
  const { heard, of } = await collectMarket(fake.bus('signal-engine'), symbols);
  const log = createRecordingLog();
  const faults: unknown[] = [];
  let abort = new AbortController();
  let work: Promise<unknown> = Promise.resolve();

  function start(): void {
    abort = new AbortController();
    const market = createPublicMarket({
      bus: fake.bus('public-price-ingestor'),
      settings: defaultSettings({
        binance: { rest_url: restUrl },
        polling: { coingecko_url: 'http://gecko.example/api/v3', ...polling },
        trading: { symbols, ...trading },
      }),
      network: 'mainnet',
      run: 'public:mainnet',
      log,
      http: options.http ?? venue,
      now: time.now,
      wait: time.wait,
      stop: abort.signal,
      random: () => 0.5,
      observeAge() {},
    });
    work = market.run().catch((error: unknown) => faults.push(error));
  }

  async function stop(): Promise<void> {
    abort.abort();
    await time.wakeAll();
    await work;
  }

  start();
  return {
    time,
    venue,
    fake,
    heard,
    log,
    faults,
    start,
    stop,
    of,
    klines: (symbol: string, interval: KlineInterval) => page.getList(Lists.klines, 2_000, { symbol, interval }),
    watchlist: async () => (await page.getRanking(Rankings.watchlist)).map(({ member }) => member),
    assets: () => page.getMap(Maps.assetScores),
    venueStatus: () => fake.bus('monitoring-agent').getRecord(Records.venueStatus),
    fallbackPrice: (symbol: string) => page.get(Values.fallbackPrice, { symbol }),
    said: (level: 'info' | 'warn' | 'error') => log.lines.filter((line) => line.level === level),
  };
}

export type VirtualMarket = Awaited<ReturnType<typeof createVirtualMarket>>;
