import { type FeedCounts, MarketFeed } from '@helios/market-data/feed/market-feed.ts';
import { framesTogether, type MarketSource, marketTimeOf, type VenueFrame } from '@helios/market-data/source.ts';
import { type DataWindow, type MarketTarget, WindowedTarget } from './market-target.ts';

/** Plays a source through the feed. Rejects with the error of the source. */
export async function playSource(
  source: MarketSource,
  target: MarketTarget,
  window: DataWindow = {},
): Promise<FeedCounts> {
  const symbols = (await source.instruments()).map(({ symbol }) => symbol);
  const feed = new MarketFeed({ symbols, now: () => 0, onNotice: () => {} });
  const shown = new WindowedTarget(target, window);
  await playFrames(source, window.toTs ?? Number.POSITIVE_INFINITY, (frame) => {
    shown.onFrame(feed.onFrame(frame));
    return !shown.isOver;
  });
  shown.onFrame(feed.end());
  return feed.counts();
}

/** Plays until the source ends, until a frame after `toTs`, or until `onFrame` returns false. */
async function playFrames(source: MarketSource, toTs: number, onFrame: (frame: VenueFrame) => boolean): Promise<void> {
  for await (const frames of framesTogether(source, new AbortController().signal)) {
    for (const frame of frames) if (marketTimeOf(frame) > toTs || !onFrame(frame)) return;
  }
}
