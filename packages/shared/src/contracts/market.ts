import { z } from 'zod';
import { AssetScore } from '../domain/asset-selection.ts';
import { CoinTones } from '../domain/coin-tones.ts';
import { Instrument } from '../domain/instrument.ts';
import { MAX_LISTED_KLINES } from '../domain/kline-history.ts';
import { Book, FallbackPrice, Kline, MarketBreak, MarketTrade, MarkPrice } from '../domain/market-data.ts';
import { RegimeState, SentimentState } from '../domain/market-state.ts';
import { RecordingStatus } from '../domain/recording-status.ts';
import { ScoredItem } from '../domain/scored-item.ts';
import { VenueStatus } from '../domain/venue-status.ts';
import { bookWire } from './book-wire.ts';
import { channel, list, map, ranking, record, value } from './entry.ts';
import { isBook, isKline, isMarketTrade } from './hot-checks.ts';
import { ingestors, observers } from './service-groups.ts';

/** Names in Redis for the market: books, trades, klines, instruments, sentiment and the watchlist. */
export const Market = {
  channels: {
    books: channel({
      name: 'books:{symbol}',
      schema: Book,
      wire: bookWire,
      writers: ingestors,
      readers: ['signal-engine', 'decision-logger', 'risk-manager', 'execution-manager'],
      about:
        'Every new state of a symbol’s top 20 levels, for services that decide or fill on each book. Each side is one text: price and quantity alternate, best level first.',
    }),
    bookSamples: channel({
      name: 'book_samples:{symbol}',
      schema: Book,
      check: isBook,
      writers: ingestors,
      readers: observers,
      about: 'Each book that was written to orderbook:{symbol}, at most one per second.',
    }),
    marketTrades: channel({
      name: 'market_trades:{symbol}',
      schema: MarketTrade,
      check: isMarketTrade,
      writers: ingestors,
      readers: ['signal-engine', 'decision-logger'],
      about: 'Every trade on the venue.',
    }),
    markPrices: channel({
      name: 'mark_prices:{symbol}',
      schema: MarkPrice,
      writers: ingestors,
      readers: ['signal-engine', 'decision-logger', 'risk-manager', 'execution-manager'],
      about: 'The venue’s mark price and funding.',
    }),
    closedKlines: channel({
      name: 'closed_klines:{symbol}',
      schema: Kline,
      check: isKline,
      writers: ingestors,
      readers: ['signal-engine', 'decision-logger'],
      about: 'Each kline when it closes, after the push to klines:{symbol}:{interval}.',
    }),
    marketBreaks: channel({
      name: 'market_breaks:{symbol}',
      schema: MarketBreak,
      writers: ingestors,
      readers: ['signal-engine', 'decision-logger', 'monitoring-agent'],
      about: 'The book of a symbol became invalid, or its session ended.',
    }),
    fallbackPrices: channel({
      name: 'fallback_prices:{symbol}',
      schema: FallbackPrice,
      writers: ingestors,
      readers: ['signal-engine', ...observers],
      about: 'A price from another site while the venue is away, with its source. Exits may use it, entries never.',
    }),
    watchlistChanges: channel({
      name: 'watchlist_changes',
      schema: z.strictObject({ symbols: z.array(z.string()) }),
      writers: ingestors,
      readers: [
        'signal-engine',
        'decision-logger',
        'risk-manager',
        'execution-manager',
        'reddit-ingestor',
        ...observers,
      ],
      about: 'The watchlist after each change.',
    }),
  },
  values: {
    orderbook: value({
      name: 'orderbook:{symbol}',
      schema: Book,
      ttlSec: 86_400,
      writers: ingestors,
      readers: ['data-ingestor', 'signal-engine', 'decision-logger', 'risk-manager', ...observers],
      about: 'Sample of the top 20 levels, at most once per second.',
    }),
    trade: value({
      name: 'trade:{symbol}',
      schema: MarketTrade,
      ttlSec: 86_400,
      writers: ingestors,
      readers: ['signal-engine', ...observers],
      about: 'Sample of the last trade, at most once per second.',
    }),
    fallbackPrice: value({
      name: 'fallback_price:{symbol}',
      schema: FallbackPrice,
      ttlSec: 86_400,
      writers: ingestors,
      readers: ['signal-engine', ...observers],
      about: 'The last price from another site; newer than orderbook:{symbol} only while the venue is away.',
    }),
  },
  records: {
    marketRegime: record({
      name: 'market_regime:{symbol}',
      schema: RegimeState,
      ttlSec: 86_400,
      writers: ['signal-engine'],
      readers: ['decision-logger', 'risk-manager', 'dashboard-api'],
      about: 'Regime with its figures and its current parameters.',
    }),
    sentiment: record({
      name: 'sentiment:{symbol}',
      schema: SentimentState,
      ttlSec: 86_400,
      writers: ['reddit-ingestor'],
      readers: ['signal-engine'],
      about: 'Sentiment of one coin; `sentiment:global` is the sentiment of the market.',
    }),
    recordingStatus: record({
      name: 'recording_status',
      schema: RecordingStatus,
      ttlSec: 60,
      writers: ingestors,
      readers: ['monitoring-agent'],
      about: 'Whether the ingestor records all of the market, and if not, why; written every five seconds.',
    }),
    venueStatus: record({
      name: 'venue_status',
      schema: VenueStatus,
      writers: ingestors,
      readers: ['monitoring-agent'],
      about: 'Whether the venue answers the ingestor; if not, why and what to do. Written on each change.',
    }),
  },
  maps: {
    instruments: map({
      name: 'instruments',
      field: 'symbol',
      schema: Instrument,
      writers: ingestors,
      readers: ['signal-engine', 'decision-logger', 'risk-manager', 'execution-manager', 'dashboard-api'],
      about: 'Tick, step and order limits of each watched symbol.',
    }),
    sentimentTones: map({
      name: 'sentiment_tones',
      field: 'coin',
      schema: CoinTones,
      writers: ['reddit-ingestor'],
      readers: ['reddit-ingestor'],
      about:
        'Hourly tones of each coin, and of the market as `global`, over two weeks. After a restart each keeps its usual tone.',
    }),
    assetScores: map({
      name: 'asset_scores',
      field: 'symbol',
      schema: AssetScore,
      writers: ingestors,
      readers: [...ingestors, 'dashboard-api'],
      about: 'Why and since when each symbol is on the dynamic watchlist, and the runners-up. Written with every scan.',
    }),
  },
  lists: {
    klines: list({
      name: 'klines:{symbol}:{interval}',
      schema: Kline,
      check: isKline,
      maxLength: MAX_LISTED_KLINES,
      writers: ingestors,
      readers: [...ingestors, 'signal-engine', 'decision-logger', 'risk-manager', 'dashboard-api', 'monitoring-agent'],
      about: 'Closed klines only.',
    }),
    redditItems: list({
      name: 'reddit_items',
      schema: ScoredItem,
      maxLength: 10_000,
      ttlSec: 259_200,
      writers: ['reddit-ingestor'],
      readers: ['reddit-ingestor'],
      about:
        'Posts and comments that are already scored. After a restart the sentiment continues, and no item is scored twice.',
    }),
  },
  rankings: {
    watchlist: ranking({
      name: 'watchlist',
      schema: z.string(),
      writers: ingestors,
      readers: [
        ...ingestors,
        'signal-engine',
        'decision-logger',
        'risk-manager',
        'execution-manager',
        'reddit-ingestor',
        ...observers,
      ],
      about: 'Watched symbols with their score.',
    }),
  },
} as const;
