import type { VenueRecording } from '@helios/market-data/record/venue-recording.ts';
import type { PollJob } from '@helios/market-data/venue/poll-loop.ts';
import type { MarketVenue, VenueSource } from '@helios/market-data/venue/venue-market.ts';
import type { MarketBreak } from '@helios/shared/domain/market-data.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { FallbackFeed } from './fallback-feed.ts';
import { MarketPolls } from './market-polls.ts';
import { type Dropped, WatchedSymbol } from './watched-symbol.ts';

export interface PolledSourceOptions {
  readonly venue: MarketVenue<WatchedSymbol>;
  readonly fallback: FallbackFeed;
  /** Takes the age of each book at its publication, ms. */
  readonly observeAge: (ageMs: number) => void;
  readonly minIntervalMs: number;
  /** Maximum age at which a fallback price replaces the venue's, ms. */
  readonly fallbackLastsMs: number;
  /** Undefined if nothing is recorded. */
  readonly recorded?: Pick<VenueRecording, 'follow' | 'run'> | undefined;
  readonly now: () => number;
  readonly log: Logger;
}

/** Brings books, trades and mark prices by polling, and prices of CoinGecko while the venue is away. */
export class PolledSource implements VenueSource<WatchedSymbol> {
  readonly #options: PolledSourceOptions;
  readonly #polls: MarketPolls;

  constructor(options: PolledSourceOptions) {
    this.#options = options;
    const { venue, minIntervalMs, now, observeAge } = options;
    this.#polls = new MarketPolls({ venue, minIntervalMs, now, observeAge });
  }

  watch(symbol: string): WatchedSymbol {
    const { troubles } = this.#options.venue;
    const onDropped = (dropped: Dropped): void =>
      troubles.warn(`${dropped.what} ${dropped.reason}`, dropped, 'market data was dropped');
    return new WatchedSymbol(symbol, onDropped);
  }

  follow(symbols: readonly WatchedSymbol[]): readonly PollJob[] {
    this.#options.recorded?.follow(symbols.map(({ symbol }) => symbol));
    return this.#polls.jobsOf(symbols);
  }

  onSilence(symbol: WatchedSymbol): readonly MarketBreak[] {
    const { fallback, fallbackLastsMs, now } = this.#options;
    const ended = symbol.onSilence(now(), fallback.priceTs(symbol.symbol), fallbackLastsMs);
    return ended === undefined ? [] : [ended];
  }

  onAnswering(awaySec: number | undefined): void {
    const { log, venue } = this.#options;
    const { bookMs, tradesMs } = this.#polls.plan();
    const fields = { symbols: venue.names, weight_per_minute: venue.governor.budget };
    const pace = { book_interval_ms: Math.round(bookMs), trades_interval_ms: Math.round(tradesMs) };
    if (awaySec === undefined) log.info({ ...fields, ...pace }, 'public market is polled');
    else log.info({ away_sec: awaySec, ...pace }, 'the venue answers again');
  }

  async run(): Promise<void> {
    await Promise.all([this.#options.fallback.run(), this.#options.recorded?.run()]);
  }
}
