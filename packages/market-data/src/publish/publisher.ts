import { copyOfBook } from '@helios/core/book/unit-book.ts';
import { KeyedThrottle } from '@helios/core/time/throttle.ts';
import { Channels, Lists, Maps, Rankings, Values } from '@helios/shared/contracts/catalog.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { FrameEvents, Kline, KlineInterval, MarketEvent, MarketTrade } from '@helios/shared/domain/market-data.ts';
import type { Batch, Bus } from '@helios/shared/runtime/bus.ts';

/** Services that publish a market. */
export type Ingestor = 'data-ingestor' | 'public-price-ingestor';
type IngestorBatch = Batch<Ingestor>;

/** Minimum market time between two samples. */
const SAMPLE_MS = 1_000;
/** Same length as the list in Redis. */
const MAX_HELD_BACK = Lists.klines.maxLength;

export interface PublishOptions<P extends Ingestor> {
  /** Additional state for the same pipeline, written before the news. */
  readonly state?: (batch: Batch<P>) => void;
}

/** Writes market events to Redis: state first, then news, one pipeline per frame. */
export class Publisher<P extends Ingestor> {
  readonly #bus: Bus<Ingestor>;
  readonly #samples = new KeyedThrottle<string>(SAMPLE_MS);
  /** Klines that are not in Redis yet, oldest first. */
  #held: Kline[] = [];
  #holdLimit = 2 * MAX_HELD_BACK;
  /** Open time of the newest kline per list; unknown after a start or a failed write. */
  readonly #listedTs = new Map<string, number>();

  constructor(bus: Bus<P>) {
    // Every ingestor has the rights of `Ingestor`; the compiler cannot derive that from `P`.
    this.#bus = bus as unknown as Bus<Ingestor>;
  }

  /** Publishes the watched instruments; call before the first frame. */
  async announce(instruments: readonly Instrument[]): Promise<void> {
    await this.#bus.write((batch) => {
      writeWatchlist(batch as Batch<'data-ingestor'>, instruments);
      batch.publish(Channels.watchlistChanges, { symbols: instruments.map((one) => one.symbol) });
    });
  }

  /** Replaces a list of closed klines, oldest first. Call before the announcement, because readers read the list on it. */
  async replaceKlines(symbol: string, interval: KlineInterval, klines: readonly Kline[]): Promise<void> {
    this.#listedTs.delete(`${symbol}:${interval}`);
    await this.#bus.write((batch) => batch.setList(Lists.klines, klines.toReversed(), { symbol, interval }));
  }

  /**
   * Replaces a listed kline with its corrected version; does nothing if it is not listed. Readers see it at their next hydration.
   */
  async correctKline(kline: Kline): Promise<void> {
    const { symbol, interval } = kline;
    const newestFirst = await this.#bus.getList(Lists.klines, MAX_HELD_BACK, { symbol, interval });
    if (!newestFirst.some((one) => one.open_ts === kline.open_ts)) return;
    const corrected = newestFirst.map((one) => (one.open_ts === kline.open_ts ? kline : one));
    await this.#bus.write((batch) => batch.setList(Lists.klines, corrected, { symbol, interval }));
  }

  /** Keeps the klines of events that are not published, and writes them with the next events. */
  hold(events: readonly MarketEvent[]): void {
    for (const event of events) if (event.type === 'kline') this.#held.push(event);
    if (this.#held.length < this.#holdLimit) return;
    this.#held = [...Map.groupBy(this.#held, listOf).values()].flatMap((klines) => klines.slice(-MAX_HELD_BACK));
    this.#holdLimit = 2 * Math.max(MAX_HELD_BACK, this.#held.length);
  }

  /** Writes events of one or more frames. The call may be repeated, even without a rejection: no kline is listed twice. */
  publish(events: readonly MarketEvent[], { state }: PublishOptions<P> = {}): Promise<void> {
    return this.#write(events, state, (batch, sampled) => {
      for (const event of events) {
        publishEvent(batch, event);
        if (sampled.has(event)) publishSample(batch, event);
      }
    });
  }

  /**
   * Same as `publish`, for frames in lock-step: their news is one message. Only events with other readers also go to their own
   * channels.
   */
  publishFrames(frames: readonly FrameEvents[], { state }: PublishOptions<P> = {}): Promise<void> {
    const events = frames.flat();
    return this.#write(events, state, (batch, sampled) => {
      for (const event of events) {
        if (sampled.has(event)) publishSample(batch, event);
        if (event.type === 'break') publishEvent(batch, event);
      }
      (batch as Batch<'data-ingestor'>).publish(Channels.replayFrames, { frames: frames.map((frame) => [...frame]) });
    });
  }

  async #write(
    events: readonly MarketEvent[],
    state: PublishOptions<P>['state'],
    news: (batch: IngestorBatch, sampled: ReadonlySet<MarketEvent>) => void,
  ): Promise<void> {
    const closed = events.filter((event) => event.type === 'kline');
    const taken = this.#held.length;
    const klines = await this.#notListed(taken === 0 ? closed : [...this.#held, ...closed]);
    try {
      await this.#bus.write((batch) => {
        const sampled = new Set(events.filter((event) => this.#sample(batch, event)));
        for (const kline of klines)
          batch.push(Lists.klines, withoutSeq(kline), { symbol: kline.symbol, interval: kline.interval });
        state?.(batch as unknown as Batch<P>);
        news(batch, sampled);
      });
    } catch (error) {
      this.#listedTs.clear();
      throw error;
    }
    for (const kline of klines) this.#listedTs.set(listOf(kline), kline.open_ts);
    this.#held.splice(0, taken);
  }

  /** The klines that Redis does not have yet. */
  async #notListed(klines: readonly Kline[]): Promise<readonly Kline[]> {
    const fresh: Kline[] = [];
    for (const [list, part] of Map.groupBy(klines, listOf)) {
      const listedTs = this.#listedTs.get(list) ?? (await this.#newestListed(part));
      fresh.push(...part.filter((kline) => kline.open_ts > listedTs));
    }
    return fresh;
  }

  async #newestListed([first]: readonly Kline[]): Promise<number> {
    if (first === undefined) return -1;
    const [newest] = await this.#bus.getList(Lists.klines, 1, { symbol: first.symbol, interval: first.interval });
    return newest?.open_ts ?? -1;
  }

  /** Writes an event as a sample if one is due; returns true if it did. */
  #sample(batch: IngestorBatch, event: MarketEvent): boolean {
    const { type, symbol } = event;
    if (type === 'fallback') batch.set(Values.fallbackPrice, event, { symbol });
    if (type !== 'book' && type !== 'trade') return false;
    if (!this.#samples.take(`${type}:${symbol}`, event.ts_event)) return false;
    if (type === 'book') batch.set(Values.orderbook, copyOfBook(event, { seq: undefined }), { symbol });
    else batch.set(Values.trade, withoutSeq(event), { symbol });
    return true;
  }
}

function listOf(kline: Kline): string {
  return `${kline.symbol}:${kline.interval}`;
}

/** Scores that give the first instrument the highest rank. */
function watchlistScores(instruments: readonly Instrument[]): Record<string, number> {
  return Object.fromEntries(instruments.map((one, i) => [one.symbol, instruments.length - i]));
}

/** Writes the watchlist keys without news. */
export function writeWatchlist(batch: Batch<'data-ingestor'>, instruments: readonly Instrument[]): void {
  batch.setMap(Maps.instruments, Object.fromEntries(instruments.map((one) => [one.symbol, one])));
  batch.setRanking(Rankings.watchlist, watchlistScores(instruments));
}

/** Removes the frame number: stored state does not contain it. A book needs `copyOfBook`. */
function withoutSeq<T extends MarketTrade | Kline>(event: T): T {
  return event.seq === undefined ? event : { ...event, seq: undefined };
}

/** Publishes the sample for readers that need at most one book per second. */
function publishSample(batch: IngestorBatch, event: MarketEvent): void {
  if (event.type === 'book')
    batch.publish(Channels.bookSamples, copyOfBook(event, { seq: undefined }), { symbol: event.symbol });
}

function publishEvent(batch: IngestorBatch, event: MarketEvent): void {
  const { symbol } = event;
  switch (event.type) {
    case 'book':
      batch.publish(Channels.books, event, { symbol });
      return;
    case 'trade':
      batch.publish(Channels.marketTrades, event, { symbol });
      return;
    case 'mark':
      batch.publish(Channels.markPrices, event, { symbol });
      return;
    case 'kline':
      batch.publish(Channels.closedKlines, event, { symbol });
      return;
    case 'break':
      batch.publish(Channels.marketBreaks, event, { symbol });
      return;
    case 'fallback':
      batch.publish(Channels.fallbackPrices, event, { symbol });
      return;
  }
}
