import { customRestVenueOf } from '@helios/binance/custom-venue.ts';
import { assembleVenue, type VenueDependencies } from '@helios/market-data/venue/assemble-venue.ts';
import { FALLBACK_PRICE_MAX_AGE_MS } from '@helios/shared/domain/freshness.ts';
import { type CoinGecko, createCoinGecko } from './coingecko/coingecko.ts';
import { FallbackFeed } from './fallback-feed.ts';
import { PublicMarket } from './public-market.ts';
import { type Dropped, WatchedSymbol } from './watched-symbol.ts';

/** The world that the public market works in; a test gives its own. */
export type PublicMarketDependencies = VenueDependencies<'public-price-ingestor'>;

/** Wires the public market together. */
export function assembleMarket(dependencies: PublicMarketDependencies): PublicMarket {
  const { polling } = dependencies.settings;
  const { log, now, wait, stop, random } = dependencies;
  const onDropped = (dropped: Dropped): void =>
    venue.troubles.warn(`${dropped.what} ${dropped.reason}`, dropped, 'market data was dropped');
  const venue = assembleVenue(dependencies, (symbol) => new WatchedSymbol(symbol, onDropped));
  const intervalMs = polling.coingecko_interval_sec * 1_000;
  // It stands in for so long at least, and for three of its intervals.
  const fallbackLastsMs = Math.max(FALLBACK_PRICE_MAX_AGE_MS, 3 * intervalMs);
  const fallback = new FallbackFeed({
    coinGecko: coinGeckoOf(dependencies),
    intervalMs,
    lastsMs: fallbackLastsMs,
    isNeeded: () => venue.state.cause !== undefined,
    symbols: () => market.symbols,
    lastPrice: (symbol) => market.lastPrice(symbol),
    publish: (prices) => venue.publishQueue.publish(prices),
    now,
    wait,
    stop,
    random,
    log,
  });
  const market = new PublicMarket({
    ...venue,
    fallback,
    observeAge: dependencies.observeAge,
    minIntervalMs: polling.min_interval_ms,
    fallbackLastsMs,
  });
  return market;
}

/** Undefined where CoinGecko is never asked: it is switched off, or it prices another market than the custom venue's. */
function coinGeckoOf({ settings, network, http, now, log }: PublicMarketDependencies): CoinGecko | undefined {
  const { coingecko_url: baseUrl, timeout_ms: timeoutMs } = settings.polling;
  if (baseUrl === '') return undefined;
  const venue = customRestVenueOf(network, settings.binance.rest_url);
  if (venue !== undefined && isRealCoinGecko(baseUrl)) {
    log.info(
      { venue },
      'CoinGecko is not asked for prices of a custom venue; set polling.coingecko_url if a CoinGecko of your own prices it',
    );
    return undefined;
  }
  return createCoinGecko({ baseUrl, http, timeoutMs, now });
}

const isRealCoinGecko = (url: string): boolean => /(^|\.)coingecko\.com$/i.test(new URL(url).hostname);
