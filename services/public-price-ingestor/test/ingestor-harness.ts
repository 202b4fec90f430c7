import type { ExchangeStart } from '@helios/exchange-simulator/exchange-start.ts';
import { startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import { startCoinGecko } from '@helios/fake-sites/coingecko.ts';
import { Lists, Maps, Rankings, Values } from '@helios/shared/contracts/catalog.ts';
import type { KlineInterval } from '@helios/shared/domain/market-data.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { aMode, defaultSettings } from '@helios/shared/testing/builders.ts';
import { collectMarket } from '@helios/shared/testing/collect-market.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { publicPriceIngestor } from '../src/service.ts';

export const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];

interface HarnessOptions {
  readonly exchange?: Partial<ExchangeStart>;
  readonly trading?: Partial<Settings['trading']>;
  readonly polling?: Partial<Settings['polling']>;
  /** Records into this folder, from the streams of the local venue. */
  readonly recordInto?: string;
  readonly coins?: readonly { id: string; usd: number }[];
  /** Symbols whose events are recorded. */
  readonly hear?: readonly string[];
}

const recordingInto = (folder: string) => ({ enabled: true, folder, max_gb: 1, max_days: 1, min_free_gb: 0 });

/** A local venue, a local CoinGecko, a fake Redis, and a subscriber in the role of signal-engine. */
export async function createIngestorHarness({
  exchange = {},
  trading = {},
  polling = {},
  recordInto,
  coins = [],
  hear = SYMBOLS,
}: HarnessOptions = {}) {
  const venue = await startExchange({ market: { kind: 'generator', symbols: SYMBOLS }, ...exchange });
  const gecko = await startCoinGecko({ coins, callsPerMinute: 600 });
  const fake = createFakeRedis();
  const page = fake.bus('dashboard-api');
  const { heard, of } = await collectMarket(fake.bus('signal-engine'), hear);
  const settings = defaultSettings({
    binance: { rest_url: venue.url, ...(recordInto === undefined ? {} : { stream_url: venue.streamUrl }) },
    ...(recordInto === undefined ? {} : { recording: recordingInto(recordInto) }),
    trading: { symbols: SYMBOLS, ...trading },
    polling: {
      coingecko_url: `${gecko.url}/api/v3`,
      coingecko_interval_sec: 1,
      min_interval_ms: 100,
      weight_share: 0.9,
      ...polling,
    },
  });
  const mode = aMode({ mode: 'public', network: 'mainnet', run: 'public:mainnet' });
  const start = () =>
    startOnFakeBus(publicPriceIngestor, {
      fake,
      settings,
      mode: { ...mode, source: undefined },
      clock: { ...createFakeClock(), now: Date.now },
    });
  return {
    venue,
    gecko,
    fake,
    heard,
    start,
    of,
    klines: (symbol: string, interval: KlineInterval) => page.getList(Lists.klines, 2_000, { symbol, interval }),
    watchlist: async () => (await page.getRanking(Rankings.watchlist)).map(({ member }) => member),
    instruments: async () => Object.keys(await page.getMap(Maps.instruments)),
    sample: (symbol: string) => page.get(Values.orderbook, { symbol }),
    stop: async () => {
      await Promise.all([venue.stop(), gecko.stop()]);
    },
  };
}

export type IngestorHarness = Awaited<ReturnType<typeof createIngestorHarness>>;
