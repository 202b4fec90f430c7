import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Kline, KlineInterval } from '@helios/shared/domain/market-data.ts';

/** One message exactly as the venue sends it, with when it was received. */
export interface VenueFrame {
  /** Local receive time, epoch ms. */
  readonly tsReceived: number;
  /** The JSON text: a combined-stream wrapper, or a REST depth snapshot, which names no symbol. */
  readonly text: string;
  /** The symbol the text belongs to, for messages that do not name one. */
  readonly symbol?: string;
  /** Market time by which frames are ordered and paced, epoch ms, never falling; where absent `tsReceived` is it. */
  readonly tsMarket?: number;
  /** Where a recording's frame stands, for messages about it. */
  readonly file?: string;
  readonly line?: number;
}

/** Market time of a frame, epoch ms. */
export function marketTimeOf(frame: VenueFrame): number {
  return frame.tsMarket ?? frame.tsReceived;
}

/** Where frames come from: a recording or the generator. Both speak the venue's own messages. */
export interface MarketSource {
  /** What it will deliver; known before the first frame. */
  instruments(): Promise<readonly Instrument[]>;
  /** Closed candles before the first frame, oldest first; empty where there are none. */
  history(symbol: string, interval: KlineInterval, limit: number): Promise<readonly Kline[]>;
  /** Frames in time order until the source ends or `stop` is aborted. The consumer sets the pace: one is made when it is asked for. */
  frames(stop: AbortSignal): AsyncIterable<VenueFrame>;
  /** The same frames, as many together as are at hand; absent where each is made when it is asked for. */
  batches?(stop: AbortSignal): AsyncIterable<readonly VenueFrame[]>;
}

/** The frames of a source, together where it has several at hand: for readers that are faster than a step for each alone. */
export async function* framesTogether(
  source: Pick<MarketSource, 'frames' | 'batches'>,
  stop: AbortSignal,
): AsyncGenerator<readonly VenueFrame[]> {
  if (source.batches !== undefined) yield* source.batches(stop);
  else for await (const frame of source.frames(stop)) yield [frame];
}
