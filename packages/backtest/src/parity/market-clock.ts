import { parseFrame } from '@helios/binance/parse-frame.ts';
import { type MarketSource, marketTimeOf, type VenueFrame } from '@helios/market-data/source.ts';

/**
 * The clock of a replay at each frame, epoch ms: the newest event time so far, as the frame clock of the services counts it. The
 * venue's send time is some ms later; on it a paper and a live run would never act at the same time.
 */
export class MarketClock {
  #ts: number | undefined;

  at(frame: VenueFrame): number {
    const message = parseFrame(frame.text, frame.symbol);
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
      for await (const frame of source.frames(stop)) yield { ...frame, tsMarket: clock.at(frame) };
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
