import { parseFrame } from '@helios/binance/parse-frame.ts';
import type { MarketStreams, MarketStreamsOptions } from '@helios/binance/streams/market-streams.ts';
import type { FeedMessage } from '@helios/market-data/feed/market-feed.ts';
import type { VenueParts } from '@helios/market-data/venue/assemble-venue.ts';
import { klineJobs } from '@helios/market-data/venue/kline-jobs.ts';
import { VenueSession } from '@helios/market-data/venue/venue-session.ts';
import type { WatchlistRegistry } from '@helios/market-data/venue/watchlist-registry.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { LiveSymbol } from './live-symbol.ts';
import { createSnapshotJobs } from './snapshot-job.ts';
import { streamsOf, symbolOfBookStream } from './stream-names.ts';

const SILENCE_CHECK_MS = 1_000;

/** What the streams tell. */
export type StreamHandlers = Pick<MarketStreamsOptions, 'onFrame' | 'onOpen' | 'onLost'>;

export interface LiveMarketOptions extends VenueParts<'data-ingestor', LiveSymbol> {
  readonly openStreams: (handlers: StreamHandlers) => Pick<MarketStreams, 'setStreams' | 'run'>;
  /** A book was this old when it was published, ms. */
  readonly observeAge: (ageMs: number) => void;
}

/** The venue's market by its streams; history, candles, snapshots and the watchlist by REST. */
export class LiveMarket {
  readonly #options: LiveMarketOptions;
  readonly #session: VenueSession<LiveSymbol>;
  readonly #streams: Pick<MarketStreams, 'setStreams' | 'run'>;
  readonly #publishing = new Set<Promise<void>>();

  constructor(options: LiveMarketOptions) {
    this.#options = options;
    const { rest, klines, clock, publishQueue, now } = options;
    this.#streams = options.openStreams({
      onFrame: (text) => this.#onFrame(text),
      onOpen: (streams) => this.#onHole(streams, 'stream opened'),
      onLost: (streams, reason) => this.#onHole(streams, reason),
    });
    const snapshotJobs = createSnapshotJobs({
      rest,
      now,
      isAnswer: (answer, symbol): answer is Extract<typeof answer, { kind: 'OK' }> =>
        this.#session.isAnswer(answer, symbol),
      isExposed: (symbol) => this.#session.registry?.isExposed(symbol) ?? false,
      publish: (events) => publishQueue.publish(events),
    });
    const candles = {
      klines,
      clockReading: clock.clockReading,
      keepKlines: (symbol: LiveSymbol) => this.#session.keepKlines(symbol),
    };
    this.#session = new VenueSession({
      ...options,
      follow: (symbols) => {
        this.#streams.setStreams(symbols.flatMap(({ symbol }) => streamsOf(symbol)));
        return [...snapshotJobs(symbols), ...klineJobs(symbols, candles)];
      },
      onAnswering: (awaySec) => this.#onAnswering(awaySec),
    });
  }

  /** Resolves when stopped; rejects on a fault of ours. */
  async run(): Promise<void> {
    const registry = await this.#session.open();
    if (registry === undefined) return;
    await Promise.all([this.#session.attend(registry), this.#streams.run(), this.#watchSilence(registry)]);
    await Promise.all(this.#publishing);
  }

  #onAnswering(awaySec: number | undefined): void {
    const { log, governor } = this.#options;
    const symbols = this.#session.registry?.names ?? [];
    if (awaySec === undefined)
      log.info({ symbols, weight_per_minute: governor.budget }, 'the venue’s market is followed');
    else log.info({ away_sec: awaySec }, 'the venue answers again');
  }

  #onFrame(text: string): void {
    const message = parseFrame(text);
    if (message.kind === 'IGNORED') return;
    if (message.kind === 'FAULT') {
      const fields = { code: message.code, detail: message.detail };
      this.#options.troubles.warn(`frame ${message.code}`, fields, 'a message of the venue cannot be read, skipped');
      return;
    }
    this.#onMessage(message);
  }

  #onMessage(message: FeedMessage): void {
    const { clock, observeAge } = this.#options;
    // What was unsubscribed a moment ago may still be on its way.
    const events = this.#session.registry?.find(message.symbol)?.onMessage(message) ?? [];
    for (const event of events) if (event.type === 'book') observeAge(clock.clockReading().now - event.ts_event);
    this.#publish(events);
  }

  #onHole(streams: readonly string[], reason: string): void {
    const symbols = streams.flatMap((stream) => symbolOfBookStream(stream) ?? []);
    this.#publish(symbols.flatMap((symbol) => this.#session.registry?.find(symbol)?.onHole(reason) ?? []));
  }

  /** A fault of ours ends the process through the work that waits for it. */
  #publish(events: readonly MarketEvent[]): void {
    if (events.length === 0) return;
    const write = this.#options.publishQueue.publish(events);
    if (this.#publishing.has(write)) return;
    this.#publishing.add(write);
    void write.finally(() => this.#publishing.delete(write));
  }

  async #watchSilence(registry: WatchlistRegistry<LiveSymbol>): Promise<void> {
    const { publishQueue, wait, stop } = this.#options;
    while (!stop.aborted) {
      const breaks = registry.symbols.flatMap((symbol) => symbol.onSilence());
      if (breaks.length > 0) await publishQueue.publish(breaks);
      await wait(SILENCE_CHECK_MS);
    }
  }
}
