import type { VenueMessage } from '@helios/binance/parse-frame.ts';
import { groupBySymbol, overlapsIn } from './group-recordings.ts';
import { mergeInstruments } from './merge-instruments.ts';
import { mergeSources } from './merge-sources.ts';
import type { OnBytes } from './read-lines.ts';
import type { RecordedLine } from './recorded-line.ts';
import type { RecordedMarket } from './recorded-market.ts';
import { NotARecording, type RecordingFault } from './recording-fault.ts';
import { type RecordingHead, scanRecordingHead } from './recording-head.ts';
import { readRecording } from './recording-reader.ts';
import type { MarketSource, VenueFrame } from './source.ts';
import { fromSpot } from './spot-message.ts';

export interface RecordingOptions {
  readonly files: readonly string[];
  /** Market of the recordings; USDⓈ-M by default. */
  readonly market?: RecordedMarket | undefined;
  /** Receives every bad line, damaged file and overlap while frames are read. */
  readonly onFault: (fault: RecordingFault) => void;
  /** What `scanRecordings` found in these files; by default they are scanned first. */
  readonly heads?: readonly RecordingHead[];
  /** Receives the number of bytes of each piece of a file that is read. */
  readonly onBytes?: OnBytes | undefined;
}

const SCANNED_AT_ONCE = 4;

type ReplayFrame = VenueFrame & { readonly tsMarket: number };

/**
 * Recordings as a market source. Frames carry the time of the venue; its running maximum per source is `tsMarket` (a recorder
 * clock may be seconds off, and messages of different streams overtake each other a little). There are no klines before the first
 * frame. `instruments` and `frames` reject with NotARecording if a file is not a recording.
 */
export function createReplaySource(options: RecordingOptions): MarketSource {
  const { market = 'usdm' } = options;
  let scanned = options.heads && Promise.resolve(options.heads);
  const heads = (): Promise<readonly RecordingHead[]> => {
    scanned ??= scanRecordings(options.files, market, options.onBytes);
    return scanned;
  };
  async function* batches(stop: AbortSignal): AsyncGenerator<readonly ReplayFrame[]> {
    const groups = groupBySymbol(await heads());
    for (const fault of groups.flatMap(overlapsIn)) options.onFault(fault);
    const sources = groups.map((group) => readGroup(group, market, options));
    for await (const batch of mergeSources(sources)) {
      if (stop.aborted) return;
      yield batch;
    }
  }
  return {
    batches,
    async instruments() {
      const merged = mergeInstruments((await heads()).flatMap((head) => head.instruments));
      if (merged.length === 0) throw new NotARecording(options.files.join(', '), 'no symbol is named in it');
      return merged;
    },
    async history() {
      return [];
    },
    async *frames(stop) {
      for await (const batch of batches(stop)) {
        for (const frame of batch) {
          if (stop.aborted) return;
          yield frame;
        }
      }
    },
  };
}

/**
 * Scans recordings before they are read, a few at once: a month of hourly files would need a gigabyte. Rejects with NotARecording.
 */
export async function scanRecordings(
  files: readonly string[],
  market: RecordedMarket,
  onBytes?: OnBytes,
): Promise<readonly RecordingHead[]> {
  const heads: RecordingHead[] = [];
  for (let i = 0; i < files.length; i += SCANNED_AT_ONCE) {
    const some = files.slice(i, i + SCANNED_AT_ONCE);
    heads.push(...(await Promise.all(some.map((file) => scanRecordingHead(file, market, onBytes)))));
  }
  return heads;
}

/** The files of one group, one after the other. */
async function* readGroup(
  group: readonly RecordingHead[],
  market: RecordedMarket,
  { onFault, onBytes }: Pick<RecordingOptions, 'onFault' | 'onBytes'>,
): AsyncGenerator<readonly ReplayFrame[]> {
  let tsMarket = 0;
  for (const { file, instruments } of group) {
    const only = instruments.length === 1 ? instruments[0]?.symbol : undefined;
    for await (const batch of readRecording(file, onFault, { onBytes })) {
      yield batch.map((line): ReplayFrame => {
        tsMarket = Math.max(tsMarket, line.tsVenue ?? (tsMarket === 0 ? line.tsReceived : 0));
        return market === 'spot' ? spotFrame(line, tsMarket, only) : new RecordedFrame(line, tsMarket, only);
      });
    }
  }
}

/** A recorded message of USDⓈ-M. */
class RecordedFrame implements ReplayFrame {
  readonly tsReceived: number;
  readonly tsMarket: number;
  readonly file: string;
  readonly line: number;
  readonly symbol?: string;
  readonly message?: VenueMessage;
  readonly #line: RecordedLine;

  constructor(line: RecordedLine, tsMarket: number, symbol: string | undefined) {
    this.tsReceived = line.tsReceived;
    this.tsMarket = tsMarket;
    this.file = line.file;
    this.line = line.line;
    if (symbol !== undefined) this.symbol = symbol;
    if (line.message !== undefined) this.message = line.message;
    this.#line = line;
  }

  get text(): string {
    return this.#line.text;
  }
}

function spotFrame(line: RecordedLine, tsMarket: number, symbol: string | undefined): ReplayFrame {
  const { tsReceived, file, line: place } = line;
  const frame = { tsReceived, tsMarket, text: fromSpot(line.text, tsReceived), file, line: place };
  return symbol === undefined ? frame : { ...frame, symbol };
}
