import type { FeedCounts } from '@helios/market-data/feed/market-feed.ts';
import type { MarketSource } from '@helios/market-data/source.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { playSource } from './data/play-source.ts';
import { PaperPath, type PathOptions } from './paper-path.ts';
import type { PathResult } from './path-records.ts';

/** The results of one market, in order. */
interface InProcessResult extends PathResult {
  readonly counts: FeedCounts;
}

export interface RunOptions
  extends Pick<PathOptions, 'fromTs' | 'observe' | 'operator' | 'collectsFeatures' | 'model'> {
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
  { toTs, ...rest }: RunOptions = {},
): Promise<InProcessResult> {
  const instruments = await source.instruments();
  const path = new PaperPath({ settings, run, instruments, ...rest });
  const counts = await playSource(source, path, toTs === undefined ? {} : { toTs });
  return { ...path.result(), counts };
}
