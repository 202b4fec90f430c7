import { basename } from 'node:path';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { groupBySymbol, OVERTAKING_MS } from '../group-recordings.ts';
import type { CacheFile } from './cache-reader.ts';

/** Two caches hold the same time of the same symbols. */
export class CachesOverlap extends HopelessStart {
  constructor([early, late]: readonly [CacheFile, CacheFile], why: string) {
    const time = (ts: number): string => new Date(ts).toISOString();
    const { content } = early;
    super(
      `${basename(early.file)} and ${basename(late.file)} cannot be played together: ${why}. The first one ends at ${time(content.lastTs)}, the second one begins at ${time(late.content.firstTs)}. Name one of them, or import all sources into one cache: npm run data -- import FILE… --out FILE.`,
    );
    this.name = 'CachesOverlap';
  }
}

/**
 * Groups caches: those that share a symbol play one after another, oldest first; groups play beside each other.
 * @throws CachesOverlap for a group whose caches overlap: trades would count twice
 */
export function groupCaches(caches: readonly CacheFile[]): readonly (readonly CacheFile[])[] {
  const heads = caches.map((cache) => ({ ...cache.content, cache }));
  const groups = groupBySymbol(heads).map((group) => group.map(({ cache }) => cache));
  for (const group of groups) refuseOverlap(group);
  return groups;
}

function refuseOverlap(group: readonly CacheFile[]): void {
  let longest: CacheFile | undefined;
  for (const cache of group) {
    const { firstTs, lastTs } = cache.content;
    if (longest !== undefined && longest.content.lastTs - firstTs > OVERTAKING_MS)
      throw new CachesOverlap([longest, cache], reasonOf(longest, cache));
    if (longest === undefined || lastTs > longest.content.lastTs) longest = cache;
  }
}

function reasonOf(early: CacheFile, late: CacheFile): string {
  const symbols = new Set(early.content.instruments.map(({ symbol }) => symbol));
  const common = late.content.instruments.map(({ symbol }) => symbol).filter((symbol) => symbols.has(symbol));
  if (common.length > 0) return `both hold ${common.join(', ')} at the same time, so trades would count twice`;
  return 'they overlap, and must play one after another because a third cache holds symbols of both';
}
