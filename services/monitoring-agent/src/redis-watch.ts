import type { DamagedKey } from '@helios/shared/domain/damaged-key.ts';
import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import { putAsideLine } from '@helios/shared/runtime/redis/put-aside.ts';
import type { Condition } from './alert-codes.ts';
import { isRecent } from './service-watch.ts';

/** An eviction counts as going on for this long. */
const EVICTION_WINDOW_MS = 60_000;
/** An ingestor that has just started has not written its watchlist yet. */
const WATCHLIST_WITHIN_MS = 30_000;

/** What of Redis is looked at. */
export interface RedisReading {
  /** Lines of `INFO stats`. */
  readonly stats: Readonly<Record<string, string>>;
  /** How many symbols the key `watchlist` holds. */
  readonly watched: number;
  /** Keys that were overwritten with another type. */
  readonly damaged: readonly DamagedKey[];
}

/** Watches that Redis deletes no keys by itself, that it holds a watchlist, and that nobody overwrites our keys. Wall time. */
export function createRedisWatch(mode: FleetMode): (reading: RedisReading, nowMs: number) => Condition[] {
  let known: number | undefined;
  let eviction: { readonly count: number; readonly ts: number } | undefined;
  let emptySince: number | undefined;

  function evictions(stats: RedisReading['stats'], nowMs: number): Condition[] {
    const count = Number(stats['evicted_keys'] ?? 0);
    // A server that was started again counts from 0.
    if (known !== undefined && count > known) eviction = { count: count - known + (eviction?.count ?? 0), ts: nowMs };
    known = count;
    if (eviction === undefined || nowMs - eviction.ts > EVICTION_WINDOW_MS) return [];
    const message = `Redis has deleted ${eviction.count} keys since this watch began, because its memory is full.`;
    return [{ code: 'REDIS_EVICTS', service: 'redis', subject: 'redis', message }];
  }

  function watchlist(watched: RedisReading['watched'], nowMs: number): Condition[] {
    // A recording tells its symbols by and by.
    if (watched !== 0 || mode.source?.kind === 'replay') {
      emptySince = undefined;
      return [];
    }
    emptySince ??= nowMs;
    const undecided = nowMs - emptySince < WATCHLIST_WITHIN_MS;
    const message = 'The watchlist in Redis is empty: a service that starts now watches no symbol, and trades none.';
    return [{ code: 'NO_WATCHLIST', service: 'signal-engine', subject: 'watchlist', message, undecided }];
  }

  return ({ stats, watched, damaged }, nowMs) => [
    ...evictions(stats, nowMs),
    ...watchlist(watched, nowMs),
    ...damaged.filter(({ ts }) => isRecent(ts, nowMs)).map(keyDamaged),
  ];
}

function keyDamaged(note: DamagedKey): Condition {
  const message = `${note.found_by} found that ${putAsideLine(note)}.`;
  return { code: 'REDIS_KEY_DAMAGED', service: 'redis', subject: note.key, message };
}
