import { parseFrame } from '@helios/binance/parse-frame.ts';
import { depth } from '@helios/binance/rest/endpoints/depth.ts';
import type { PublicRest } from '@helios/binance/rest/public-rest.ts';
import type { MarketStreams, MarketStreamsOptions } from '@helios/binance/streams/market-streams.ts';
import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';
import type { ThrottledLog } from '@helios/shared/runtime/throttled-log.ts';
import { SymbolBook } from '../feed/symbol-book.ts';
import { streamsOf, symbolOfBookStream } from '../venue/stream-names.ts';
import type { MarketRecording } from './market-recording.ts';

const LEVELS = 1_000;
const CHECK_MS = 250;
/** Pause between two snapshot requests of a symbol; it grows with failures. */
const AGAIN: Backoff = { baseMs: 5_000, maxMs: 300_000 };

export interface VenueRecordingOptions {
  readonly recording: MarketRecording;
  readonly rest: PublicRest;
  readonly openStreams: (
    handlers: Pick<MarketStreamsOptions, 'onFrame' | 'onOpen' | 'onLost'>,
  ) => Pick<MarketStreams, 'setStreams' | 'run'>;
  /** Epoch ms. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly stop: AbortSignal;
  /** False while the venue does not answer others either. */
  readonly mayAsk?: () => boolean;
  readonly troubles: ThrottledLog;
}

interface RecordedSymbol {
  readonly symbol: string;
  readonly book: SymbolBook;
  askedTs: number;
  failures: number;
  isAsking: boolean;
}

/** Records the streams of the venue with connections of its own. It follows the books, to request a snapshot when one is needed. */
export class VenueRecording {
  readonly #options: VenueRecordingOptions;
  readonly #streams: Pick<MarketStreams, 'setStreams' | 'run'>;
  #symbols = new Map<string, RecordedSymbol>();
  readonly #asking = new Set<Promise<void>>();

  constructor(options: VenueRecordingOptions) {
    this.#options = options;
    this.#streams = options.openStreams({
      onFrame: (text) => this.#onFrame(text),
      onOpen: (streams) => this.#onHole(streams, 'stream opened'),
      onLost: (streams, reason) => this.#onHole(streams, reason),
    });
  }

  /** Replaces the recorded symbols. */
  follow(symbols: readonly string[]): void {
    this.#symbols = new Map(symbols.map((symbol) => [symbol, this.#symbols.get(symbol) ?? newSymbol(symbol)]));
    this.#streams.setStreams(symbols.flatMap(streamsOf));
  }

  /** Resolves when stopped and everything is written; rejects only on a bug of ours. */
  async run(): Promise<void> {
    await Promise.all([this.#streams.run(), this.#options.recording.run(), this.#keepBooks()]);
    await Promise.all(this.#asking);
  }

  #onFrame(text: string): void {
    const { recording } = this.#options;
    recording.onFrame(text);
    const message = parseFrame(text);
    if (message.kind !== 'DEPTH_UPDATE') return;
    const book = this.#symbols.get(message.symbol)?.book;
    if (book === undefined) return;
    book.onUpdate(message, []);
    recording.onBook(message.symbol, () => book.snapshotText());
  }

  #onHole(streams: readonly string[], reason: string): void {
    for (const stream of streams) {
      const known = this.#symbols.get(symbolOfBookStream(stream) ?? '');
      known?.book.drop(reason, this.#options.now(), []);
    }
  }

  async #keepBooks(): Promise<void> {
    const { stop, wait, now, mayAsk = () => true } = this.#options;
    while (!stop.aborted) {
      for (const known of this.#symbols.values()) {
        const isDue = Math.abs(now() - known.askedTs) >= backoffMs(AGAIN, known.failures) && !known.isAsking;
        if (known.book.needsSnapshot && isDue && mayAsk()) this.#own(this.#ask(known));
      }
      await wait(CHECK_MS);
    }
  }

  #own(asked: Promise<void>): void {
    this.#asking.add(asked);
    void asked.finally(() => this.#asking.delete(asked));
  }

  async #ask(known: RecordedSymbol): Promise<void> {
    const { rest, recording, stop, troubles, now } = this.#options;
    const { symbol, book } = known;
    known.isAsking = true;
    known.askedTs = now();
    const answer = await rest.ask(depth, { symbol, limit: LEVELS }, (body) => recording.onSnapshot(body, symbol));
    known.isAsking = false;
    known.failures = answer.kind === 'OK' ? 0 : known.failures + 1;
    if (answer.kind === 'OK') book.onSnapshot(answer.value, []);
    else if (!stop.aborted) {
      const fields = { symbol, problem: answer.detail, advice: answer.advice };
      troubles.warn(`snapshot ${answer.code}`, fields, 'no snapshot for the recording, asking again');
    }
  }
}

function newSymbol(symbol: string): RecordedSymbol {
  // A notice needs no words: the recording itself shows what came.
  const book = new SymbolBook(symbol, { now: () => 0, onNotice: () => {} });
  return { symbol, book, askedTs: Number.NEGATIVE_INFINITY, failures: 0, isAsking: false };
}
