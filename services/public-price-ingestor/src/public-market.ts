import type { PublishQueue } from '@helios/market-data/publish/publish-queue.ts';
import { klineJobs } from '@helios/market-data/venue/kline-jobs.ts';
import type { KlineKeeper } from '@helios/market-data/venue/kline-keeper.ts';
import { VenueSession, type VenueSessionOptions } from '@helios/market-data/venue/venue-session.ts';
import type { WatchlistRegistry } from '@helios/market-data/venue/watchlist-registry.ts';
import type { FallbackFeed } from './fallback-feed.ts';
import { MarketPolls } from './market-polls.ts';
import type { WatchedSymbol } from './watched-symbol.ts';

const SILENCE_CHECK_MS = 1_000;

export interface PublicMarketOptions extends Omit<VenueSessionOptions<WatchedSymbol>, 'follow' | 'onAnswering'> {
  readonly klines: KlineKeeper;
  readonly publishQueue: PublishQueue<'public-price-ingestor'>;
  readonly fallback: FallbackFeed;
  readonly observeAge: (ageMs: number) => void;
  readonly minIntervalMs: number;
  /** A price from elsewhere stands in for the venue's until it is so old, ms. */
  readonly fallbackLastsMs: number;
}

/** The venue's public market by polling, with prices from elsewhere while it is away. */
export class PublicMarket {
  readonly #options: PublicMarketOptions;
  readonly #polls: MarketPolls;
  readonly #session: VenueSession<WatchedSymbol>;

  constructor(options: PublicMarketOptions) {
    this.#options = options;
    const { rest, governor, clock, publishQueue, klines, minIntervalMs, now } = options;
    this.#polls = new MarketPolls({
      rest,
      governor,
      minIntervalMs,
      now,
      clockReading: clock.clockReading,
      publish: (events) => publishQueue.publish(events),
      observeAge: options.observeAge,
      isAnswer: (answer, symbol): answer is Extract<typeof answer, { kind: 'OK' }> =>
        this.#session.isAnswer(answer, symbol),
    });
    const candles = {
      klines,
      clockReading: clock.clockReading,
      keepKlines: (symbol: WatchedSymbol) => this.#session.keepKlines(symbol),
    };
    this.#session = new VenueSession({
      ...options,
      follow: (symbols) => [...this.#polls.jobsOf(symbols), ...klineJobs(symbols, candles)],
      onAnswering: (awaySec) => this.#onAnswering(awaySec),
    });
  }

  /** Symbols that are watched now. */
  get symbols(): readonly string[] {
    return this.#session.registry?.names ?? [];
  }

  /** The venue's last mid price of a symbol. */
  lastPrice(symbol: string): number | undefined {
    return this.#session.registry?.find(symbol)?.mid;
  }

  /** Resolves when stopped; rejects on a fault of ours. */
  async run(): Promise<void> {
    const registry = await this.#session.open();
    if (registry === undefined) return;
    await Promise.all([this.#session.attend(registry), this.#watchSilence(registry), this.#options.fallback.run()]);
  }

  #onAnswering(awaySec: number | undefined): void {
    const { log, governor } = this.#options;
    const { bookMs, tradesMs } = this.#polls.plan();
    const fields = { symbols: this.symbols, weight_per_minute: governor.budget };
    const pace = { book_interval_ms: Math.round(bookMs), trades_interval_ms: Math.round(tradesMs) };
    if (awaySec === undefined) log.info({ ...fields, ...pace }, 'public market is polled');
    else log.info({ away_sec: awaySec, ...pace }, 'the venue answers again');
  }

  async #watchSilence(registry: WatchlistRegistry<WatchedSymbol>): Promise<void> {
    const { publishQueue, fallback, fallbackLastsMs, now, wait, stop } = this.#options;
    while (!stop.aborted) {
      const breaks = registry.symbols.flatMap(
        (symbol) => symbol.onSilence(now(), fallback.priceTs(symbol.symbol), fallbackLastsMs) ?? [],
      );
      if (breaks.length > 0) await publishQueue.publish(breaks);
      await wait(SILENCE_CHECK_MS);
    }
  }
}
