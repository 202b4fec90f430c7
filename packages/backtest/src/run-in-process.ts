import { type FeedCounts, MarketFeed } from '@helios/market-data/feed/market-feed.ts';
import { framesTogether, type MarketSource, marketTimeOf, type VenueFrame } from '@helios/market-data/source.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { PaperPath, type PathOptions, type PathResult } from './paper-path.ts';

/** The results of one market, in order. */
interface InProcessResult extends PathResult {
  readonly counts: FeedCounts;
}

export interface RunOptions extends Pick<PathOptions, 'fromTs' | 'observe' | 'operator'> {
  /** The run ends before the first frame after this market time, epoch ms. */
  readonly toTs?: number;
}

/**
 * Runs a market through feed, strategy and simulated trading without Redis, with the functions of the services, in the order
 * of a lock-step replay. Rejects with the error of the source.
 */
export async function runInProcess(
  source: MarketSource,
  settings: Settings,
  run: string,
  { toTs = Number.POSITIVE_INFINITY, ...rest }: RunOptions = {},
): Promise<InProcessResult> {
  const instruments = await source.instruments();
  const symbols = instruments.map(({ symbol }) => symbol);
  const feed = new MarketFeed({ symbols, now: () => 0, onNotice: () => {} });
  const path = new PaperPath({ settings, run, instruments, ...rest });
  await playFrames(source, toTs, (frame) => path.onFrame(feed.onFrame(frame)));
  path.onFrame(feed.end());
  return { ...path.result(), counts: feed.counts() };
}

async function playFrames(source: MarketSource, toTs: number, onFrame: (frame: VenueFrame) => void): Promise<void> {
  for await (const frames of framesTogether(source, new AbortController().signal)) {
    for (const frame of frames) {
      if (marketTimeOf(frame) > toTs) return;
      onFrame(frame);
    }
  }
}
