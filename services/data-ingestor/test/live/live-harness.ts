import type { ExchangeStart } from '@helios/exchange-simulator/exchange-start.ts';
import { startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import { Lists, Maps, Rankings, Values } from '@helios/shared/contracts/catalog.ts';
import type { KlineInterval } from '@helios/shared/domain/market-data.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { aMode, defaultSettings } from '@helios/shared/testing/builders.ts';
import { collectMarket } from '@helios/shared/testing/collect-market.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { onTestFinished } from 'vitest';
import { dataIngestor } from '../../src/service.ts';

export const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];
export const RUN = 'live:testnet:0123456789';

interface HarnessOptions {
  readonly exchange?: Partial<ExchangeStart>;
  readonly trading?: Partial<Settings['trading']>;
  readonly recording?: Settings['recording'];
  /** Symbols whose events are recorded. */
  readonly hear?: readonly string[];
}

/** data-ingestor in live mode, a local venue with REST and streams, a fake Redis, and a subscriber in the role of signal-engine. */
export async function createLiveHarness({
  exchange = {},
  trading = {},
  recording,
  hear = SYMBOLS,
}: HarnessOptions = {}) {
  const venue = await startExchange({
    market: { kind: 'generator', symbols: SYMBOLS, updatesPerSecond: 20 },
    // A snapshot weighs 20: on a busy machine the test would have to wait for the budget of the next minute.
    limits: { weightPerMinute: 100_000 },
    ...exchange,
  });
  const fake = createFakeRedis();
  const page = fake.bus('dashboard-api');
  const ear = await collectMarket(fake.bus('signal-engine'), hear);
  const settings = defaultSettings({
    binance: { rest_url: venue.url, stream_url: venue.url.replace('http', 'ws') },
    trading: { symbols: SYMBOLS, ...trading },
    polling: { weight_share: 0.9 },
    ...(recording === undefined ? {} : { recording }),
  });
  const mode = aMode({ mode: 'live', network: 'testnet', run: RUN });
  /** Offset of our clock against that of the machine. */
  const ahead = { ms: 0 };
  const start = () =>
    startOnFakeBus(dataIngestor, {
      fake,
      settings,
      mode: { ...mode, source: undefined },
      clock: { ...createFakeClock(), now: () => Date.now() + ahead.ms },
    });
  return {
    venue,
    fake,
    page,
    ahead,
    ...ear,
    start,
    klines: (symbol: string, interval: KlineInterval) => page.getList(Lists.klines, 2_000, { symbol, interval }),
    watchlist: async () => (await page.getRanking(Rankings.watchlist)).map(({ member }) => member),
    assets: () => page.getMap(Maps.assetScores),
    sample: (symbol: string) => page.get(Values.orderbook, { symbol }),
  };
}

export type LiveHarness = Awaited<ReturnType<typeof createLiveHarness>>;

/** Starts the service; the end of the test stops it and its harness. */
export async function startFollowing(options: Parameters<typeof createLiveHarness>[0] = {}) {
  const harness = await createLiveHarness(options);
  const service = await harness.start();
  onTestFinished(async () => {
    await service.stop();
    await harness.venue.stop();
  });
  return { harness, service };
}

/** Waits for a new book of each symbol. */
export async function freshBooks(harness: LiveHarness, symbols: readonly string[] = SYMBOLS): Promise<void> {
  const from = harness.heard.length;
  for (const symbol of symbols) {
    const isFresh = () => harness.heard.slice(from).some((event) => event.type === 'book' && event.symbol === symbol);
    await eventually(`a new book of ${symbol}`, isFresh, 30_000);
  }
}
