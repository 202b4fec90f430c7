import { assembleVenue, type VenueSurroundings } from '@helios/market-data/venue/assemble-venue.ts';
import { type CoinGecko, createCoinGecko } from './coingecko/coingecko.ts';
import { FallbackFeed } from './fallback-feed.ts';
import { PublicMarket } from './public-market.ts';
import { type Dropped, WatchedSymbol } from './watched-symbol.ts';

/**
 * A price from elsewhere stands in until it is this old at least, and three of its intervals. CoinGecko makes a new one about once a
 * minute, and hands out what it has for another.
 */
const FALLBACK_LASTS_MS = 240_000;

/** The world that the public market works in; a test gives its own. */
export type MarketSurroundings = VenueSurroundings<'public-price-ingestor'>;

/** Wires the public market together. */
export function assembleMarket(around: MarketSurroundings): PublicMarket {
  const { polling } = around.settings;
  const { log, now, wait, stop, chance } = around;
  const onDropped = (dropped: Dropped): void =>
    venue.troubles.tell(`${dropped.what} ${dropped.reason}`, dropped, 'market data was dropped');
  const venue = assembleVenue(around, (symbol) => new WatchedSymbol(symbol, onDropped));
  const intervalMs = polling.coingecko_interval_sec * 1_000;
  const fallbackLastsMs = Math.max(FALLBACK_LASTS_MS, 3 * intervalMs);
  const fallback = new FallbackFeed({
    coinGecko: coinGeckoOf(around),
    intervalMs,
    lastsMs: fallbackLastsMs,
    isNeeded: () => venue.state.cause !== undefined,
    symbols: () => market.symbols,
    lastPrice: (symbol) => market.lastPrice(symbol),
    publish: (prices) => venue.outlet.publish(prices),
    now,
    wait,
    stop,
    chance,
    log,
  });
  const market = new PublicMarket({
    ...venue,
    fallback,
    observeAge: around.observeAge,
    minIntervalMs: polling.min_interval_ms,
    fallbackLastsMs,
  });
  return market;
}

function coinGeckoOf({ settings, http, now }: MarketSurroundings): CoinGecko | undefined {
  const { coingecko_url: baseUrl, timeout_ms: timeoutMs } = settings.polling;
  return baseUrl === '' ? undefined : createCoinGecko({ baseUrl, http, timeoutMs, now });
}
