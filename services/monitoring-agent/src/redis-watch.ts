import type { DamagedKey } from '@helios/shared/domain/damaged-key.ts';
import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import { putAsideLine } from '@helios/shared/runtime/redis/put-aside.ts';
import type { Condition } from './alert-codes.ts';
import { isRecent } from './service-watch.ts';

/** The alert on an eviction lasts this long. */
const EVICTION_WINDOW_MS = 60_000;
/** Time that a newly started ingestor has to write its watchlist. */
const WATCHLIST_WITHIN_MS = 30_000;

/** What the watch reads from Redis. */
export interface RedisReading {
  /** Lines of `INFO stats`. */
  readonly stats: Readonly<Record<string, string>>;
  /** How many symbols the key `watchlist` holds. */
  readonly watched: number;
  /** Keys that were overwritten with another type. */
  readonly damaged: readonly DamagedKey[];
}

/** Detects evicted keys, an empty watchlist and overwritten keys. Wall time. */
export function createRedisWatch(mode: FleetMode): (reading: RedisReading, nowMs: number) => Condition[] {
  let known: number | undefined;
  let eviction: { readonly count: number; readonly ts: number } | undefined;
  let emptySince: number | undefined;

  function evictions(stats: RedisReading['stats'], nowMs: number): Condition[] {
    const count = Number(stats['evicted_keys'] ?? 0);
    // A restarted server counts from 0.
    if (known !== undefined && count > known) eviction = { count: count - known + (eviction?.count ?? 0), ts: nowMs };
    known = count;
    if (eviction === undefined || nowMs - eviction.ts > EVICTION_WINDOW_MS) return [];
    const message = `Redis has deleted ${eviction.count} keys since this watch began, because its memory is full.`;
    return [{ code: 'REDIS_EVICTS', service: 'redis', subject: 'redis', message }];
  }

  function watchlist(watched: RedisReading['watched'], nowMs: number): Condition[] {
    // A replay adds symbols to the watchlist as the recording names them.
    if (watched !== 0 || mode.source?.kind === 'replay') {
      emptySince = undefined;
      return [];
    }
    emptySince ??= nowMs;
    const undecided = nowMs - emptySince < WATCHLIST_WITHIN_MS;
    const message = 'The watchlist in Redis is empty. A service that starts now watches and trades no symbol.';
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
