import { FeedFaults } from '@helios/market-data/feed/feed-faults.ts';
import { type FeedCounts, MarketFeed } from '@helios/market-data/feed/market-feed.ts';
import type { RecordingFault } from '@helios/market-data/recording-fault.ts';
import { framesTogether, type MarketSource, marketTimeOf, type VenueFrame } from '@helios/market-data/source.ts';
import type { DataWindow, MarketTarget } from './market-target.ts';
import { WindowedTarget } from './windowed-target.ts';

/** Plays a source through the feed; `onFault` receives what is wrong with its messages. Rejects with the error of the source. */
export async function playSource(
  source: MarketSource,
  target: MarketTarget,
  window: DataWindow = {},
  onFault: (fault: RecordingFault) => void = () => {},
): Promise<FeedCounts> {
  const symbols = (await source.instruments()).map(({ symbol }) => symbol);
  const faults = new FeedFaults(onFault);
  const feed = new MarketFeed({ symbols, now: () => 0, onNotice: (notice) => faults.onNotice(notice) });
  const shown = new WindowedTarget(target, window);
  const isWhole = await playFrames(source, window.toTs ?? Number.POSITIVE_INFINITY, (frame) => {
    faults.frame = frame;
    shown.onFrame(feed.onFrame(frame));
    return !shown.isOver;
  });
  if (isWhole) faults.end(feed.bookTimes());
  shown.onFrame(feed.end());
  return feed.counts();
}

/** Plays until the source ends, until a frame after `toTs`, or until `onFrame` returns false. True if the source ended. */
async function playFrames(source: MarketSource, toTs: number, onFrame: (frame: VenueFrame) => boolean) {
  for await (const frames of framesTogether(source, new AbortController().signal)) {
    for (const frame of frames) if (marketTimeOf(frame) > toTs || !onFrame(frame)) return false;
  }
  return true;
}
