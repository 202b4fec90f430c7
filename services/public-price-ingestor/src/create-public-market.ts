import { customRestVenueOf } from '@helios/binance/custom-venue.ts';
import { MarketStreams, type MarketStreamsOptions } from '@helios/binance/streams/market-streams.ts';
import { streamUrlOf } from '@helios/binance/streams/stream-hosts.ts';
import type { MarketRecording } from '@helios/market-data/record/market-recording.ts';
import { VenueRecording } from '@helios/market-data/record/venue-recording.ts';
import { type MarketVenue, VenueMarket } from '@helios/market-data/venue/venue-market.ts';
import type { VenueDependencies } from '@helios/market-data/venue/venue-parts.ts';
import { FALLBACK_PRICE_MAX_AGE_MS } from '@helios/shared/domain/freshness.ts';
import { type CoinGecko, createCoinGecko } from './coingecko/coingecko.ts';
import { FallbackFeed } from './fallback-feed.ts';
import { PolledSource } from './polled-source.ts';
import type { WatchedSymbol } from './watched-symbol.ts';

type PublicMarketDependencies = VenueDependencies<'public-price-ingestor'>;
type PublicMarket = VenueMarket<'public-price-ingestor', WatchedSymbol>;

/** False for a custom venue whose streams have no address: those of the real venue have other prices. */
export function hasStreams({ settings, network }: Pick<PublicMarketDependencies, 'settings' | 'network'>): boolean {
  const { rest_url, stream_url } = settings.binance;
  return stream_url !== '' || customRestVenueOf(network, rest_url) === undefined;
}

/**
 * Creates the market that is polled, with CoinGecko's prices while the venue is away.
 * @param recording takes the streams of the watched symbols, which serve nothing else; undefined: no recording
 */
export function createPublicMarket(dependencies: PublicMarketDependencies, recording?: MarketRecording): PublicMarket {
  const { settings, log, now, wait, stop, random, observeAge } = dependencies;
  const intervalMs = settings.polling.coingecko_interval_sec * 1_000;
  // A fallback price counts for at least this long, and for at least three request intervals.
  const fallbackLastsMs = Math.max(FALLBACK_PRICE_MAX_AGE_MS, 3 * intervalMs);
  const coinGecko = coinGeckoOf(dependencies);
  return new VenueMarket(dependencies, (venue) => {
    const fallback = new FallbackFeed({
      venue,
      coinGecko,
      intervalMs,
      lastsMs: fallbackLastsMs,
      now,
      wait,
      stop,
      random,
      log,
    });
    const minIntervalMs = settings.polling.min_interval_ms;
    const recorded = recording && recordStreams(recording, venue, dependencies);
    return new PolledSource({ venue, fallback, observeAge, minIntervalMs, fallbackLastsMs, recorded, now, log });
  });
}

/** Polled answers are too rare for a backtest, so the streams are recorded. */
function recordStreams(
  recording: MarketRecording,
  { rest, state, troubles }: MarketVenue<WatchedSymbol>,
  { settings, network, now, wait, stop, random, log }: PublicMarketDependencies,
): VenueRecording {
  const shared = { now, wait, stop, log, random };
  const baseUrl = streamUrlOf(network, settings.binance.stream_url);
  const openStreams = (handlers: Pick<MarketStreamsOptions, 'onFrame' | 'onOpen' | 'onLost'>) =>
    new MarketStreams({ ...shared, baseUrl, ...handlers });
  const mayAsk = () => state.cause === undefined;
  return new VenueRecording({ ...shared, recording, mayAsk, rest, troubles, openStreams });
}

/** Undefined if CoinGecko is not used: it is switched off, or its prices are not those of the custom venue. */
function coinGeckoOf({ settings, network, http, now, log }: PublicMarketDependencies): CoinGecko | undefined {
  const { coingecko_url: baseUrl, timeout_ms: timeoutMs } = settings.polling;
  if (baseUrl === '') return undefined;
  const venue = customRestVenueOf(network, settings.binance.rest_url);
  if (venue !== undefined && isRealCoinGecko(baseUrl)) {
    log.info(
      { venue },
      'CoinGecko is not used for a custom venue; set polling.coingecko_url if you run a CoinGecko with its prices',
    );
    return undefined;
  }
  return createCoinGecko({ baseUrl, http, timeoutMs, now });
}

const isRealCoinGecko = (url: string): boolean => /(^|\.)coingecko\.com$/i.test(new URL(url).hostname);
