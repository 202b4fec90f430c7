import { openCacheFile } from '@helios/market-data/cache/cache-reader.ts';
import { playCache } from '@helios/market-data/cache/play-cache.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { BacktestOptions } from '../backtest-options.ts';
import { WindowedTarget } from './market-target.ts';
import type { PlayableData } from './playable-data.ts';

/** Opens a cache. It plays as its sources would. Rejects with NotACache. */
export async function openCache({
  files: [file = ''],
  progress,
}: Pick<BacktestOptions, 'files' | 'progress'>): Promise<PlayableData> {
  const cache = await openCacheFile(file);
  const { run, instruments, chunks } = cache.content;
  return {
    run,
    instruments,
    async play(target, { toTs = Number.POSITIVE_INFINITY, ...window } = {}) {
      const shown = new WindowedTarget(target, window);
      const onFrame = (events: readonly MarketEvent[]): boolean => {
        shown.onFrame(events);
        return !shown.isOver;
      };
      progress?.begin('Playing');
      const onChunk = (played: number): void => progress?.at(played / chunks.length);
      const played = await playCache(cache, { onFrame, onChunk, toTs });
      return { ...played, assumptions: [] };
    },
  };
}
