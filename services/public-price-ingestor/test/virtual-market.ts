import type { HttpClient } from '@helios/binance/rest/http-client.ts';
import { Channels, Lists, Maps, Rankings, Values } from '@helios/shared/contracts/catalog.ts';
import type { KlineInterval, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import { assembleMarket } from '../src/assemble-market.ts';
import { VirtualTime } from './virtual-time.ts';
import { VirtualVenue } from './virtual-venue.ts';

interface Options {
  readonly symbols?: readonly string[];
  readonly polling?: Partial<Settings['polling']>;
  readonly trading?: Partial<Settings['trading']>;
  /** A new one unless told. */
  readonly time?: VirtualTime;
  /** Whom it asks, and how; the virtual venue unless told. */
  readonly http?: HttpClient;
  readonly restUrl?: string;
}

/** The public market in virtual time against a virtual venue, with the ear of a signal-engine. Stop it at the end. */
export async function createVirtualMarket(options: Options = {}) {
  const { symbols = ['BTCUSDT', 'ETHUSDT'], polling, trading, restUrl = 'http://venue.example' } = options;
  const time = options.time ?? new VirtualTime(T0 + 7_000);
  const venue = new VirtualVenue(time, symbols);
  const fake = createFakeRedis();
  const engine = fake.bus('signal-engine');
  const page = fake.bus('dashboard-api');
  const heard: MarketEvent[] = [];
  const hear = (event: MarketEvent): void => void heard.push(event);
  for (const symbol of symbols) {
    await engine.subscribe(Channels.books, hear, { symbol });
    await engine.subscribe(Channels.marketTrades, hear, { symbol });
    await engine.subscribe(Channels.markPrices, hear, { symbol });
    await engine.subscribe(Channels.closedKlines, hear, { symbol });
    await engine.subscribe(Channels.marketBreaks, hear, { symbol });
    await engine.subscribe(Channels.fallbackPrices, hear, { symbol });
  }
  const log = createRecordingLog();
  const faults: unknown[] = [];
  let abort = new AbortController();
  let work: Promise<unknown> = Promise.resolve();

  function start(): void {
    abort = new AbortController();
    const market = assembleMarket({
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
      chance: () => 0.5,
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
    of: <T extends MarketEvent['type']>(type: T, symbol?: string) =>
      heard.filter(
        (event): event is Extract<MarketEvent, { type: T }> =>
          event.type === type && (symbol === undefined || event.symbol === symbol),
      ),
    klines: (symbol: string, interval: KlineInterval) => page.getList(Lists.klines, 500, { symbol, interval }),
    watchlist: async () => (await page.getRanking(Rankings.watchlist)).map(({ member }) => member),
    assets: () => page.getMap(Maps.assetScores),
    fallbackPrice: (symbol: string) => page.get(Values.fallbackPrice, { symbol }),
    said: (level: 'info' | 'warn' | 'error') => log.lines.filter((line) => line.level === level),
  };
}

export type VirtualMarket = Awaited<ReturnType<typeof createVirtualMarket>>;
