import { parseFrame } from '@helios/binance/parse-frame.ts';
import type { MarketStreams, MarketStreamsOptions } from '@helios/binance/streams/market-streams.ts';
import type { FeedMessage } from '@helios/market-data/feed/symbol-feed.ts';
import type { MarketRecording } from '@helios/market-data/record/market-recording.ts';
import type { PollJob } from '@helios/market-data/venue/poll-loop.ts';
import { streamsOf, symbolOfBookStream } from '@helios/market-data/venue/stream-names.ts';
import type { MarketVenue, VenueSource } from '@helios/market-data/venue/venue-market.ts';
import type { MarketBreak, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { describeNotice } from '../describe-notice.ts';
import { type LiveNotice, LiveSymbol } from './live-symbol.ts';
import { createSnapshotJobs } from './snapshot-job.ts';

type Streams = Pick<MarketStreams, 'setStreams' | 'run'>;

export interface StreamedSourceOptions {
  readonly venue: MarketVenue<LiveSymbol>;
  readonly openStreams: (handlers: Pick<MarketStreamsOptions, 'onFrame' | 'onOpen' | 'onLost'>) => Streams;
  /** Receives the age of each book at its publication, ms. */
  readonly observeAge: (ageMs: number) => void;
  /** Undefined if nothing is recorded. */
  readonly recording?: MarketRecording | undefined;
  readonly now: () => number;
  readonly log: Logger;
}

/** Delivers books, trades and mark prices from the streams of the venue, and the first snapshot of each book by REST. */
export class StreamedSource implements VenueSource<LiveSymbol> {
  readonly #options: StreamedSourceOptions;
  readonly #streams: Streams;
  readonly #snapshotJobs: (symbols: readonly LiveSymbol[]) => readonly PollJob[];
  readonly #publishing = new Set<Promise<void>>();

  constructor(options: StreamedSourceOptions) {
    this.#options = options;
    const { venue, now, recording } = options;
    this.#streams = options.openStreams({
      onFrame: (text) => this.#onFrame(text),
      onOpen: (streams) => this.#onHole(streams, 'stream opened'),
      onLost: (streams, reason) => this.#onHole(streams, reason),
    });
    this.#snapshotJobs = createSnapshotJobs({
      venue,
      now,
      onBody: (body, symbol) => recording?.onSnapshot(body, symbol),
    });
  }

  watch(symbol: string): LiveSymbol {
    const { clock } = this.#options.venue;
    return new LiveSymbol(symbol, {
      clockReading: clock.clockReading,
      onNotice: (notice) => this.#onNotice(notice),
    });
  }

  follow(symbols: readonly LiveSymbol[]): readonly PollJob[] {
    this.#streams.setStreams(symbols.flatMap(({ symbol }) => streamsOf(symbol)));
    return this.#snapshotJobs(symbols);
  }

  onSilence(symbol: LiveSymbol): readonly MarketBreak[] {
    return symbol.onSilence();
  }

  onAnswering(awaySec: number | undefined): void {
    const { log, venue } = this.#options;
    const fields = { symbols: venue.names, weight_per_minute: venue.governor.budget };
    if (awaySec === undefined) log.info(fields, 'following the venue’s market');
    else log.info({ away_sec: awaySec }, 'the venue answers again');
  }

  async run(): Promise<void> {
    await Promise.all([this.#streams.run(), this.#options.recording?.run()]);
    await Promise.all(this.#publishing);
  }

  #onFrame(text: string): void {
    this.#options.recording?.onFrame(text);
    const message = parseFrame(text);
    if (message.kind === 'IGNORED') return;
    if (message.kind === 'FAULT') {
      const fields = { code: message.code, detail: message.detail };
      const { troubles } = this.#options.venue;
      troubles.warn(`frame ${message.code}`, fields, 'a message of the venue cannot be read, skipped');
      return;
    }
    this.#onMessage(message);
  }

  #onMessage(message: FeedMessage): void {
    const { venue, observeAge, recording } = this.#options;
    // After an unsubscribe, messages of the stream may still arrive.
    const symbol = venue.find(message.symbol);
    const events = symbol?.onMessage(message) ?? [];
    if (symbol !== undefined && message.kind === 'DEPTH_UPDATE')
      recording?.onBook(symbol.symbol, () => symbol.bookText());
    for (const event of events) if (event.type === 'book') observeAge(venue.clock.clockReading().now - event.ts_event);
    this.#publish(events);
  }

  #onHole(streams: readonly string[], reason: string): void {
    const symbols = streams.flatMap((stream) => symbolOfBookStream(stream) ?? []);
    this.#publish(symbols.flatMap((symbol) => this.#options.venue.find(symbol)?.onHole(reason) ?? []));
  }

  #onNotice(notice: LiveNotice): void {
    const { troubles } = this.#options.venue;
    if (notice.kind !== 'STAMPED_AHEAD') {
      const { fields, message } = describeNotice(notice);
      troubles.warn(`${notice.kind} ${notice.symbol}`, fields, message);
      return;
    }
    const { symbol, what, ts } = notice;
    troubles.warn(`STAMPED_AHEAD ${symbol}`, { symbol, what, ts }, 'stamped later than the venue’s time, dropped');
  }

  /** A bug of ours ends the process through `run`, which waits for the write. */
  #publish(events: readonly MarketEvent[]): void {
    if (events.length === 0) return;
    const write = this.#options.venue.publish(events);
    if (this.#publishing.has(write)) return;
    this.#publishing.add(write);
    void write.finally(() => this.#publishing.delete(write));
  }
}
