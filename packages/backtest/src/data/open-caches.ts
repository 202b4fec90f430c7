import { type CacheFile, openCacheFile } from '@helios/market-data/cache/cache-reader.ts';
import { groupCaches } from '@helios/market-data/cache/group-caches.ts';
import { playCaches } from '@helios/market-data/cache/play-caches.ts';
import { mergeInstruments } from '@helios/market-data/merge-instruments.ts';
import { recordingLabel } from '@helios/market-data/recording-label.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import type { BacktestOptions } from '../backtest-options.ts';
import { BookedTarget, TRADES_ASSUMPTION } from '../trades/booked-target.ts';
import type { PlayableData } from './playable-data.ts';
import { WindowedTarget } from './windowed-target.ts';

/** Some caches hold books and others trades alone. */
class CachesDiffer extends HopelessStart {
  constructor(withBooks: CacheFile, without: CacheFile) {
    super(
      `${withBooks.file} holds books and ${without.file} trades alone, so they cannot be played together: books would be made up for a part of the time. Play them one by one.`,
    );
    this.name = 'CachesDiffer';
  }
}

/** Opens caches. They play as their sources would. Rejects with NotACache, CachesOverlap and CachesDiffer. */
export async function openCaches({
  files,
  progress,
}: Pick<BacktestOptions, 'files' | 'progress'>): Promise<PlayableData> {
  const caches: CacheFile[] = [];
  for (const file of files) caches.push(await openCacheFile(file));
  // Says so before anything is played.
  groupCaches(caches);
  const isBookMadeUp = areTradesAlone(caches);
  const instruments = mergeInstruments(caches.flatMap(({ content }) => content.instruments));
  const chunks = caches.reduce((sum, { content }) => sum + content.chunks.length, 0);
  return {
    ...{ run: runNameOf(caches), instruments, isBookMadeUp },
    async play(target, { toTs = Number.POSITIVE_INFINITY, ...window } = {}) {
      const shown = new WindowedTarget(target, window);
      const booked = isBookMadeUp ? new BookedTarget(shown, instruments) : shown;
      const onFrame = (frame: readonly MarketEvent[]): boolean => {
        booked.onFrame(frame);
        return !shown.isOver;
      };
      progress?.begin('Playing');
      const onChunk = (read: number): void => progress?.at(read / chunks);
      const played = await playCaches(caches, { onFrame, onChunk, toTs });
      return { ...played, assumptions: isBookMadeUp ? [TRADES_ASSUMPTION] : [] };
    },
  };
}

/** @throws CachesDiffer if only some of the caches hold trades alone */
function areTradesAlone(caches: readonly CacheFile[]): boolean {
  const without = caches.find((cache) => holdsTradesAlone(cache));
  const withBooks = caches.find((cache) => !holdsTradesAlone(cache));
  if (without !== undefined && withBooks !== undefined) throw new CachesDiffer(withBooks, without);
  return without !== undefined;
}

/** A recording without a valid book gets none from its cache either. */
function holdsTradesAlone({ content: { events, faults } }: CacheFile): boolean {
  const isWithoutBook = faults.some(({ kind }) => kind === 'NO_BOOK');
  return (events['trade'] ?? 0) > 0 && (events['book'] ?? 0) === 0 && !isWithoutBook;
}

/** One cache has the name of its sources; several have the name of all their sources, as one import of them would have. */
function runNameOf(caches: readonly CacheFile[]): string {
  const [only] = caches;
  if (only !== undefined && caches.length === 1) return only.content.run;
  const sources = caches.flatMap(({ content }) => content.sources);
  return recordingLabel(sources.map(({ name, bytes }) => ({ path: name, bytes })));
}
