import { MarketFeed } from '@helios/market-data/feed/market-feed.ts';
import { Publisher } from '@helios/market-data/publish/publisher.ts';
import { type MarketSource, marketTimeOf } from '@helios/market-data/source.ts';
import { Lists, Rankings, Values } from '@helios/shared/contracts/catalog.ts';
import { ageOf } from '@helios/shared/domain/age.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import { historyLength } from '@helios/shared/domain/kline-history.ts';
import { type Kline, KlineInterval, type MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { wallClock } from '@helios/shared/runtime/clock.ts';
import {
  createRedisOutage,
  createRedisRetry,
  type RedisOutage,
  type RedisRetry,
  skipWhileAway,
} from '@helios/shared/runtime/redis-outage.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { waitFor } from '@helios/shared/runtime/wait-for.ts';
import { createGeneratorSource } from '@helios/synthetic-market/generator-source.ts';
import type { PlantedEdge } from '@helios/synthetic-market/planted-edge.ts';
import type { FeedLog } from './feed-log.ts';

/** After a shorter absence the klines in Redis continue, with a flat gap; after a longer one the generator makes a new past. */
const KEEP_KLINES_MS = 10 * 60_000;
/** If frames are this late, the machine slept: the market restarts instead of rushing through hours. */
const TOO_LATE_MS = 60_000;
/** If frames are this early, the clock was set back: the market restarts instead of standing still. */
const TOO_EARLY_MS = 10_000;
/** Maximum events per write: a late market catches up in writes of this size. */
const MAX_BURST = 64;
/** Maximum parallel writes; beyond it the market waits for an answer. */
const IN_FLIGHT = 8;
const RETRY_MS = 250;
/** Minimum wait: in a dense market, all frames of this period go out together. */
const MIN_WAIT_MS = 5;
/** Interval of the check whether Redis still has the watchlist. */
const LOOK_MS = 5_000;
/** Approximate time to make and write the past of one symbol, ms; the market opens when all of it is written. */
const PAST_MS = 60;

export interface SyntheticMarketOptions {
  readonly bus: Bus<'data-ingestor'>;
  readonly log: Logger;
  readonly feedLog: FeedLog;
  readonly seed: number;
  readonly symbols: readonly string[];
  /** The planted edge of a market that starts at this time; default: none. */
  readonly edgeFrom?: (startMs: number) => PlantedEdge | undefined;
  readonly stop: AbortSignal;
  readonly observeAge: (ageMs: number) => void;
  /** Epoch ms. */
  readonly now?: () => number;
}

/** A synthetic market in wall time. Events during an outage of Redis are lost for other services, except for klines. */
export class SyntheticMarket {
  readonly #options: SyntheticMarketOptions;
  readonly #now: () => number;
  readonly #publisher: Publisher<'data-ingestor'>;
  readonly #untilRedisTakesIt: RedisRetry;
  readonly #outage: RedisOutage;
  readonly #inFlight = new Set<Promise<void>>();
  /** Events for the next write. */
  #burst: MarketEvent[] = [];
  /** Time of the last try while Redis is away, epoch ms. */
  #triedTs: number | undefined;
  /** Time of the last check of the watchlist in Redis, monotonic ms. */
  #lookedMs = 0;

  constructor(options: SyntheticMarketOptions) {
    this.#options = options;
    this.#now = options.now ?? wallClock.now;
    this.#publisher = new Publisher(options.bus);
    this.#untilRedisTakesIt = createRedisRetry(options);
    this.#outage = createRedisOutage(options.log, {
      begun: 'market events are dropped until redis is back',
      over: 'redis is back, continuing',
    });
  }

  /** Resolves when stopped; rejects on a bug of ours. */
  async run(): Promise<void> {
    const { stop } = this.#options;
    while (!stop.aborted) await this.#runUntilTooLate();
    await Promise.all(this.#inFlight);
  }

  async #runUntilTooLate(): Promise<void> {
    const { log, feedLog, seed, symbols, stop } = this.#options;
    const startPrices = (await this.#untilRedisTakesIt(() => this.#lastPrices())) ?? {};
    const startMs = this.#now() + symbols.length * PAST_MS;
    const edge = this.#options.edgeFrom?.(startMs);
    const source = createGeneratorSource({ seed, symbols, startMs, startPrices, ...(edge && { edge }) });
    const onNotice = feedLog.onNotice.bind(feedLog);
    const feed = new MarketFeed({ symbols, now: wallClock.now, onNotice });
    const instruments = await this.#announce(source, feed, startMs);
    if (stop.aborted) return;
    log.info(
      { seed, symbols, edge_bp: edge?.bp ?? 0, resumed: Object.keys(startPrices).length > 0 },
      'synthetic market starts',
    );
    for await (const frame of source.frames(stop)) {
      const tsMarket = marketTimeOf(frame);
      const lateMs = this.#now() - tsMarket;
      if (lateMs > TOO_LATE_MS || lateMs < -TOO_EARLY_MS) {
        const why = lateMs > 0 ? 'the machine slept or is overloaded' : 'the clock was set back';
        log.warn({ late_ms: lateMs }, `${why}, the market restarts`);
        this.#gather(feed.end('60 s without data'), tsMarket);
        await this.#send();
        return;
      }
      if (lateMs < 0) {
        await this.#send();
        await this.#announceAgainIfLost(instruments);
        await waitFor(Math.max(-lateMs, MIN_WAIT_MS), stop);
      }
      if (stop.aborted) return;
      this.#gather(feed.onFrame(frame), tsMarket);
      if (this.#burst.length >= MAX_BURST) await this.#send();
    }
  }

  /**
   * Announces the watchlist again if Redis lost it: nobody reports deleted keys, and a service that starts then would watch
   * nothing.
   */
  async #announceAgainIfLost(instruments: readonly Instrument[]): Promise<void> {
    const nowMs = performance.now();
    if (this.#triedTs !== undefined || nowMs - this.#lookedMs < LOOK_MS) return;
    this.#lookedMs = nowMs;
    await skipWhileAway(async () => {
      if ((await this.#options.bus.getRanking(Rankings.watchlist)).length > 0) return;
      await this.#publisher.announce(instruments);
      this.#options.log.warn({}, 'redis had lost the watchlist, it is written again');
    });
  }

  /** Mid prices of the last stored books; a restart continues from them. */
  async #lastPrices(): Promise<Record<string, number>> {
    const prices: Record<string, number> = {};
    for (const symbol of this.#options.symbols) {
      const book = await this.#options.bus.get(Values.orderbook, { symbol });
      const mid = (Number(book?.bids[0]?.[0]) + Number(book?.asks[0]?.[0])) / 2;
      if (mid > 0) prices[symbol] = mid;
    }
    return prices;
  }

  /** Writes klines first, symbol by symbol because they are many; then the watchlist. */
  async #announce(source: MarketSource, feed: MarketFeed, startMs: number): Promise<readonly Instrument[]> {
    for (const symbol of this.#options.symbols) {
      const listed = await this.#untilRedisTakesIt(() => this.#listedMinutes(symbol, startMs));
      feed.warm(symbol, listed ?? (await this.#writePast(source, symbol)));
    }
    const instruments = await source.instruments();
    await this.#untilRedisTakesIt(() => this.#publisher.announce(instruments));
    return instruments;
  }

  /** Writes the made-up past of a symbol and returns its one-minute klines, oldest first. */
  async #writePast(source: MarketSource, symbol: string): Promise<readonly Kline[]> {
    for (const interval of KlineInterval.options) {
      const klines = await source.history(symbol, interval, historyLength(interval));
      await this.#untilRedisTakesIt(() => this.#publisher.replaceKlines(symbol, interval, klines));
    }
    return source.history(symbol, '1m', historyLength('1m'));
  }

  /** The one-minute klines in Redis, oldest first, if they are recent enough to continue. */
  async #listedMinutes(symbol: string, startMs: number): Promise<readonly Kline[] | undefined> {
    const listed = await this.#options.bus.getList(Lists.klines, historyLength('1m'), { symbol, interval: '1m' });
    const newest = listed[0];
    const ageMs = newest === undefined ? undefined : ageOf(newest.close_ts, startMs);
    return ageMs !== undefined && ageMs < KEEP_KLINES_MS ? listed.toReversed() : undefined;
  }

  #gather(events: readonly MarketEvent[], tsMarket: number): void {
    if (events.length === 0) return;
    this.#options.observeAge(this.#now() - tsMarket);
    this.#burst.push(...events);
  }

  async #send(): Promise<void> {
    const events = this.#burst;
    if (events.length === 0) return;
    this.#burst = [];
    if (this.#triedTs !== undefined) {
      await this.#tryAgain(events);
      return;
    }
    const write = this.#publisher.publish(events).catch((error: unknown) => this.#onFailure(error, events));
    this.#inFlight.add(write);
    void write.finally(() => this.#inFlight.delete(write));
    // Klines are looked up before they are written; nothing may overtake them meanwhile.
    if (this.#inFlight.size >= IN_FLIGHT || events.some((event) => event.type === 'kline'))
      await Promise.all(this.#inFlight);
  }

  /** Tries with waiting events: without events nothing is sent, so the try would show nothing. */
  async #tryAgain(events: readonly MarketEvent[]): Promise<void> {
    if (events.length === 0 || Math.abs(this.#now() - (this.#triedTs ?? 0)) < RETRY_MS) {
      this.#publisher.hold(events);
      return;
    }
    try {
      await this.#publisher.publish(events);
      this.#triedTs = undefined;
      this.#outage.end();
    } catch (error) {
      this.#onFailure(error, events);
    }
  }

  #onFailure(error: unknown, events: readonly MarketEvent[]): void {
    this.#outage.begin(error);
    this.#triedTs = this.#now();
    this.#publisher.hold(events);
  }
}
