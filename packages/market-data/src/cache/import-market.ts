import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { FeedFaults } from '../feed/feed-faults.ts';
import { MarketFeed } from '../feed/market-feed.ts';
import type { RecordingFault } from '../recording-fault.ts';
import { framesTogether, type MarketSource, marketTimeOf, type VenueFrame } from '../source.ts';
import type { CacheContent } from './cache-content.ts';
import type { CacheWriter } from './cache-writer.ts';
import { EventEncoder } from './event-encoder.ts';

/** Records of a chunk; large enough for few reads, small enough to hold two of them. */
const CHUNK_RECORDS = 65_536;
const CHUNK_TEXT = 4 * 1024 * 1024;

export interface ImportedMarket {
  readonly run: string;
  readonly sources: CacheContent['sources'];
  /** True for messages of the venue; other files may hold trades alone. */
  readonly isRecorded: boolean;
  /** Makes the source; it gives its faults while it is read. */
  readonly open: (onFault: (fault: RecordingFault) => void) => MarketSource;
}

/** Plays a source through the feed into a cache, in bounded memory. Rejects with the error of the source or of the disk. */
export async function importMarket(
  { run, sources, open, isRecorded }: ImportedMarket,
  writer: CacheWriter,
  stop: AbortSignal,
): Promise<Omit<CacheContent, 'chunks'>> {
  const faults: CacheContent['faults'] = [];
  let lastTs: number | undefined;
  const onFault = (fault: RecordingFault) => faults.push({ ...fault, afterTs: lastTs ?? 0 });
  const source = open(onFault);
  const instruments = await source.instruments();
  const tape = new EventTape(
    instruments.map(({ symbol }) => symbol),
    onFault,
  );
  let firstTs: number | undefined;
  for await (const frames of framesTogether(source, stop)) {
    for (const frame of frames) {
      const ts = marketTimeOf(frame);
      firstTs ??= ts;
      lastTs = ts;
      tape.add(frame, ts);
      if (tape.isFull) await writer.add(tape.encoder.take());
    }
    stop.throwIfAborted();
  }
  stop.throwIfAborted();
  await writer.add(tape.encoder.take());
  if (isRecorded) tape.end();
  const { frames, events } = tape;
  const [from, to] = [firstTs ?? 0, lastTs ?? 0];
  const content = { run, instruments: [...instruments], sources, firstTs: from, lastTs: to, frames, events, faults };
  await writer.finish(content);
  return content;
}

/** Sends frames through the feed and writes down what comes out. */
class EventTape {
  readonly encoder: EventEncoder;
  readonly events: Record<string, number> = {};
  frames = 0;
  readonly #feed: MarketFeed;
  /** Symbols without a session. */
  readonly #closed: Set<string>;
  readonly #faults: FeedFaults;
  #badFrames = 0;
  #idleTs = Number.NaN;

  constructor(symbols: readonly string[], onFault: (fault: RecordingFault) => void) {
    this.#faults = new FeedFaults(onFault);
    this.encoder = new EventEncoder(symbols);
    this.#feed = new MarketFeed({
      ...{ symbols, now: () => 0 },
      onNotice: (notice) => {
        if (notice.kind === 'BAD_FRAME') this.#badFrames += 1;
        else this.#faults.onNotice(notice);
      },
    });
    this.#closed = new Set(symbols);
  }

  get isFull(): boolean {
    return this.encoder.size >= CHUNK_RECORDS || this.encoder.textLength >= CHUNK_TEXT;
  }

  add(frame: VenueFrame, ts: number): void {
    const badFrames = this.#badFrames;
    this.#faults.frame = frame;
    const events = this.#feed.onFrame(frame);
    this.frames += 1;
    if (this.#badFrames > badFrames) this.encoder.bad(ts);
    else if (events.length > 0) this.#addEvents(events, ts);
    else if (ts !== this.#idleTs) {
      this.#idleTs = ts;
      this.encoder.idle(ts);
    }
    for (const symbol of this.#closed) {
      if (!this.#feed.isOpen(symbol)) continue;
      this.#closed.delete(symbol);
      this.encoder.sessionStart(symbol, ts, events.length > 0);
    }
  }

  /** Adds what only the end of the source shows. */
  end(): void {
    this.#faults.end(this.#feed.bookTimes());
  }

  #addEvents(events: readonly MarketEvent[], ts: number): void {
    this.encoder.frame(events, ts);
    for (const event of events) {
      this.events[event.type] = (this.events[event.type] ?? 0) + 1;
      if (event.type === 'break' && event.kind === 'SESSION_END') this.#closed.add(event.symbol);
    }
  }
}
