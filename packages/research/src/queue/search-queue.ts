import { createHash } from 'node:crypto';
import { TRIAL_KEYS, TRIAL_PREFIX } from '@helios/shared/contracts/trial-keys.ts';
import type { QueueClient } from '@helios/shared/runtime/redis/queue-client.ts';
import type { SearchNeeds } from './queue-options.ts';
import { KEPT_MS, type SearchBoard } from './search-board.ts';

/** Prefix that BullMQ puts before the name of a queue. */
export const QUEUE_PREFIX = `${TRIAL_PREFIX}:queue`;

/** Name of the one job kind. */
export const TRIAL_JOB = 'trial';

/** Times that a trial may throw before it counts as FAILED. */
export const MAX_ATTEMPTS = 3;

/** Times that the worker of a trial may die before the trial counts as FAILED. */
export const MAX_DEAD_WORKERS = 5;

/** Searches over the same code and data share a queue, and so share results. */
export function searchNameOf({ code, files }: SearchNeeds): string {
  const contents = files.map(({ sha256 }) => sha256);
  return createHash('sha256')
    .update(JSON.stringify([code, contents]))
    .digest('hex')
    .slice(0, 20);
}

/** Removes the queue of a search with all its results, and its announcements. */
export async function removeSearch(redis: QueueClient, board: SearchBoard, search: string): Promise<void> {
  const own = (await board.coordinators()).filter((beat) => beat.search === search);
  await board.removeCoordinators(own.map(({ id }) => id));
  for (const { name } of [TRIAL_KEYS.queue, TRIAL_KEYS.results])
    await removeKeys(redis, name.replace('{search}', search).replace('{trial}', '*'));
}

async function removeKeys(redis: QueueClient, pattern: string): Promise<void> {
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 500);
    if (keys.length > 0) await redis.unlink(...keys);
    cursor = next;
  } while (cursor !== '0');
}

/** Removes the searches that nobody continued for a week. */
export async function removeForgottenSearches(redis: QueueClient, board: SearchBoard): Promise<void> {
  const [nowMs, beats] = await Promise.all([board.now(), board.coordinators()]);
  const isOld = (seenMs: number) => nowMs - seenMs > KEPT_MS;
  const kept = new Set(beats.filter(({ seen_ms }) => !isOld(seen_ms)).map(({ search }) => search));
  const forgotten = new Set(beats.map(({ search }) => search).filter((search) => !kept.has(search)));
  for (const search of forgotten) await removeSearch(redis, board, search);
}
