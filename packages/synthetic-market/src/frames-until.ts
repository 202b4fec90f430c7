import { type MarketSource, marketTimeOf, type VenueFrame } from '@helios/market-data/source.ts';

/** A source's frames before `endMs`; then ends the source. */
export async function* framesUntil(source: MarketSource, endMs: number): AsyncGenerator<VenueFrame> {
  const stop = new AbortController();
  try {
    for await (const frame of source.frames(stop.signal)) {
      if (marketTimeOf(frame) >= endMs) return;
      yield frame;
    }
  } finally {
    stop.abort();
  }
}
