import { openCacheFile } from '@helios/market-data/cache/cache-reader.ts';
import { playCache } from '@helios/market-data/cache/play-cache.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { BacktestOptions } from '../backtest-options.ts';
import { BookedTarget, TRADES_ASSUMPTION } from '../trades/booked-target.ts';
import type { PlayableData } from './playable-data.ts';
import { WindowedTarget } from './windowed-target.ts';

/** Opens a cache. It plays as its sources would. Rejects with NotACache. */
export async function openCache({
  files: [file = ''],
  progress,
}: Pick<BacktestOptions, 'files' | 'progress'>): Promise<PlayableData> {
  const cache = await openCacheFile(file);
  const { run, instruments, chunks, events, faults } = cache.content;
  // A recording without a valid book gets none from its cache either.
  const isWithoutBook = faults.some(({ kind }) => kind === 'NO_BOOK');
  const isBookMadeUp = (events['trade'] ?? 0) > 0 && (events['book'] ?? 0) === 0 && !isWithoutBook;
  return {
    ...{ run, instruments, isBookMadeUp },
    async play(target, { toTs = Number.POSITIVE_INFINITY, ...window } = {}) {
      const shown = new WindowedTarget(target, window);
      const booked = isBookMadeUp ? new BookedTarget(shown, instruments) : shown;
      const onFrame = (frame: readonly MarketEvent[]): boolean => {
        booked.onFrame(frame);
        return !shown.isOver;
      };
      progress?.begin('Playing');
      const onChunk = (played: number): void => progress?.at(played / chunks.length);
      const played = await playCache(cache, { onFrame, onChunk, toTs });
      return { ...played, assumptions: isBookMadeUp ? [TRADES_ASSUMPTION] : [] };
    },
  };
}
