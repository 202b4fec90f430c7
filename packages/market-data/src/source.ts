import { parseFrame, type VenueMessage } from '@helios/binance/parse-frame.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Kline, KlineInterval } from '@helios/shared/domain/market-data.ts';

/** One message exactly as the venue sent it, with its receive time. */
export interface VenueFrame {
  /** Local receive time, epoch ms. */
  readonly tsReceived: number;
  /** The JSON text: a combined-stream wrapper, or a REST depth snapshot, which has no symbol. */
  readonly text: string;
  /** The message of the text, if the source has parsed it. */
  readonly message?: VenueMessage;
  /** The symbol of the text, for messages without one. */
  readonly symbol?: string;
  /** Market time that orders and paces frames, epoch ms, never decreasing; if absent, `tsReceived` counts. */
  readonly tsMarket?: number;
  /** Place of the frame in its recording, for messages about it. */
  readonly file?: string;
  readonly line?: number;
}

/** Market time of a frame, epoch ms. */
export function marketTimeOf(frame: VenueFrame): number {
  return frame.tsMarket ?? frame.tsReceived;
}

/** The message of a frame. */
export function frameMessage(frame: VenueFrame): VenueMessage {
  return frame.message ?? parseFrame(frame.text, frame.symbol);
}

/** Source of frames: a recording or the generator. Both send messages of the venue. */
export interface MarketSource {
  /** The instruments of the source; known before the first frame. */
  instruments(): Promise<readonly Instrument[]>;
  /** Closed klines before the first frame, oldest first; empty if there are none. */
  history(symbol: string, interval: KlineInterval, limit: number): Promise<readonly Kline[]>;
  /** Frames in time order until the source ends or `stop` aborts. The consumer sets the pace: each frame is made on request. */
  frames(stop: AbortSignal): AsyncIterable<VenueFrame>;
  /** The same frames in batches of all available ones; absent if the source makes each on request. */
  batches?(stop: AbortSignal): AsyncIterable<readonly VenueFrame[]>;
}

/** The frames of a source in batches if it has several available: one async step per frame would slow fast readers. */
export async function* framesTogether(
  source: Pick<MarketSource, 'frames' | 'batches'>,
  stop: AbortSignal,
): AsyncGenerator<readonly VenueFrame[]> {
  if (source.batches !== undefined) yield* source.batches(stop);
  else for await (const frame of source.frames(stop)) yield [frame];
}
