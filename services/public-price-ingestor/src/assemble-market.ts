import type { HttpClient } from '@helios/binance/rest/http-client.ts';
import { createPublicRest } from '@helios/binance/rest/public-rest.ts';
import { RateGovernor } from '@helios/binance/rest/rate-governor.ts';
import { restUrlOf } from '@helios/binance/rest/venue-hosts.ts';
import { Outlet } from '@helios/market-data/publish/outlet.ts';
import { createPatience } from '@helios/market-data/publish/patience.ts';
import { Publisher } from '@helios/market-data/publish/publisher.ts';
import { KlineKeeper } from '@helios/market-data/venue/kline-keeper.ts';
import { TroubleLog } from '@helios/market-data/venue/trouble-log.ts';
import { VenueClock } from '@helios/market-data/venue/venue-clock.ts';
import { VenueState } from '@helios/market-data/venue/venue-state.ts';
import { WatchDesk } from '@helios/market-data/venue/watch-desk.ts';
import { openWatchlist } from '@helios/market-data/watchlist/open-watchlist.ts';
import { createRestWatchlistMarket } from '@helios/market-data/watchlist/rest-watchlist-market.ts';
import { Lists } from '@helios/shared/contracts/catalog.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { type CoinGecko, createCoinGecko } from './coingecko/coingecko.ts';
import { FallbackFeed } from './fallback-feed.ts';
import { PublicMarket } from './public-market.ts';
import { type Dropped, WatchedSymbol } from './watched-symbol.ts';

/**
 * A price from elsewhere stands in until it is this old at least, and three of its intervals. CoinGecko makes a new one about once a
 * minute, and hands out what it has for another.
 */
const FALLBACK_LASTS_MS = 240_000;

/** The world that the market works in; a test gives its own. */
export interface MarketSurroundings {
  readonly bus: Bus<'public-price-ingestor'>;
  readonly settings: Pick<Settings, 'binance' | 'polling' | 'trading'>;
  readonly network: 'mainnet' | 'testnet';
  readonly run: string;
  readonly log: Logger;
  readonly http: HttpClient;
  /** Epoch ms. */
  readonly now: () => number;
  /** Resolves early when stopped. */
  readonly wait: (ms: number) => Promise<void>;
  readonly stop: AbortSignal;
  /** Uniform in 0..1. */
  readonly chance: () => number;
  /** A book was this old when it was published, ms. */
  readonly observeAge: (ageMs: number) => void;
}

/** Wires the public market together. */
export function assembleMarket(around: MarketSurroundings): PublicMarket {
  const { bus, settings, network, run, log, http, now, wait, stop, chance } = around;
  const { binance, polling, trading } = settings;
  const clock = new VenueClock(now, log);
  const state = new VenueState({ now, chance });
  const governor = new RateGovernor({ now: clock.now, share: polling.weight_share });
  const baseUrl = restUrlOf(network, binance.rest_url);
  const rest = createPublicRest({ baseUrl, http, governor, timeoutMs: polling.timeout_ms, now, wait, stop });
  const outlet = new Outlet(new Publisher(bus), log);
  const klines = new KlineKeeper({
    rest,
    outlet,
    newestListed: async (symbol, interval) => (await bus.getList(Lists.klines, 1, { symbol, interval }))[0]?.open_ts,
    moment: clock.moment,
  });
  const intervalMs = polling.coingecko_interval_sec * 1_000;
  const fallbackLastsMs = Math.max(FALLBACK_LASTS_MS, 3 * intervalMs);
  const fallback = new FallbackFeed({
    coinGecko: coinGeckoOf(around),
    intervalMs,
    lastsMs: fallbackLastsMs,
    isNeeded: () => state.cause !== undefined,
    symbols: () => market.symbols,
    lastPrice: (symbol) => market.lastPrice(symbol),
    publish: (prices) => outlet.publish(prices),
    now,
    wait,
    stop,
    chance,
    log,
  });
  const watchlistMarket = createRestWatchlistMarket({
    rest,
    log,
    onWeightLimit(perMinute) {
      governor.limitPerMinute = perMinute;
    },
  });
  const patiently = createPatience({ log, stop });
  const troubles = new TroubleLog(log, now);
  const onDropped = (dropped: Dropped): void =>
    troubles.tell(`${dropped.what} ${dropped.reason}`, dropped, 'market data was dropped');
  const market = new PublicMarket({
    rest,
    governor,
    clock,
    state,
    openDesk: async (ears) => {
      const watchlist = await patiently(() =>
        openWatchlist({ bus, run, market: watchlistMarket, params: trading, clock: { now, observe() {} }, log }),
      );
      if (watchlist === undefined) return undefined;
      const rescanMs = trading.rescan_interval_sec * 1_000;
      return new WatchDesk({
        ...watchlist,
        klines,
        write: (chosen) => patiently(() => bus.write(chosen.write)),
        rescanMs,
        now,
        watch: (symbol) => new WatchedSymbol(symbol, onDropped),
        ...ears,
      });
    },
    klines,
    outlet,
    fallback,
    troubles,
    log,
    observeAge: around.observeAge,
    minIntervalMs: polling.min_interval_ms,
    fallbackLastsMs,
    now,
    wait,
    stop,
  });
  return market;
}

function coinGeckoOf({ settings, http, now }: MarketSurroundings): CoinGecko | undefined {
  const { coingecko_url: baseUrl, timeout_ms: timeoutMs } = settings.polling;
  return baseUrl === '' ? undefined : createCoinGecko({ baseUrl, http, timeoutMs, now });
}
