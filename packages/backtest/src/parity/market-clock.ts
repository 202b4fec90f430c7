import { frameMessage, type MarketSource, marketTimeOf, type VenueFrame } from '@helios/market-data/source.ts';

/**
 * The clock of a replay at each frame, epoch ms: the newest event time so far, as the frame clock of the services counts it. The
 * venue's send time is some ms later; on it a paper and a live run would never act at the same time.
 */
export class MarketClock {
  #ts: number | undefined;

  at(frame: VenueFrame): number {
    const message = frameMessage(frame);
    const eventTs = 'tsEvent' in message ? message.tsEvent : undefined;
    // A best bid/ask is compared with the book and makes no event.
    const counts = eventTs !== undefined && (message.kind !== 'BOOK_TICKER' || this.#ts === undefined);
    this.#ts = counts ? Math.max(this.#ts ?? 0, eventTs) : (this.#ts ?? marketTimeOf(frame));
    return this.#ts;
  }
}

/** The source with the times of `MarketClock`. */
export function onEventClock(source: MarketSource): MarketSource {
  return {
    instruments: () => source.instruments(),
    history: (symbol, interval, limit) => source.history(symbol, interval, limit),
    async *frames(stop) {
      const clock = new MarketClock();
      for await (const frame of source.frames(stop)) yield timed(frame, clock.at(frame));
    },
  };
}

/** The frame with another time. A recorded frame makes its text only if somebody reads it, so it cannot be copied. */
function timed(frame: VenueFrame, tsMarket: number): VenueFrame {
  const { tsReceived, symbol } = frame;
  return {
    ...{ tsReceived, tsMarket, message: frameMessage(frame) },
    ...(symbol !== undefined && { symbol }),
    get text() {
      return frame.text;
    },
  };
}

/** The clock at the first frame. @throws if there is none */
export async function startOf(source: MarketSource): Promise<number> {
  const stop = new AbortController();
  try {
    for await (const frame of source.frames(stop.signal)) return new MarketClock().at(frame);
  } finally {
    stop.abort();
  }
  throw new Error('the market has no frames');
}
