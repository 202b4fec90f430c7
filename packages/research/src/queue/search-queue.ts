import { createHash } from 'node:crypto';
import { TRIAL_KEYS, TRIAL_PREFIX } from '@helios/shared/contracts/trial-keys.ts';
import { isProcessRunning } from '@helios/shared/runtime/is-process-running.ts';
import type { QueueClient } from '@helios/shared/runtime/redis/queue-client.ts';
import type { SearchNeeds } from './queue-options.ts';
import { type CoordinatorBeat, KEPT_MS, type SearchBoard } from './search-board.ts';

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

/**
 * Removes searches over the same data that were killed on this machine and that nobody can continue, because their code is no longer
 * that of this machine. Their beat is over and their process is gone. A search that Ctrl-C ended stays, and so does one that another
 * machine takes part in.
 */
export async function removeKilledSearches(
  redis: QueueClient,
  board: SearchBoard,
  { host, needs }: { readonly host: string; readonly needs: SearchNeeds },
): Promise<void> {
  const beats = await board.coordinators();
  const isKilled = (beat: CoordinatorBeat & { readonly isLive: boolean }): boolean =>
    beat.host === host && !beat.isLive && !beat.has_left && !isProcessRunning(beat.pid);
  const kept = new Set(beats.filter((beat) => !isKilled(beat)).map(({ search }) => search));
  const contents = contentsOf(needs);
  const killed = beats.filter((beat) => beat.code !== needs.code && contentsOf(beat) === contents);
  for (const search of new Set(killed.map((beat) => beat.search)))
    if (!kept.has(search)) await removeSearch(redis, board, search);
}

function contentsOf({ files }: Pick<SearchNeeds, 'files'>): string {
  return files.map(({ sha256 }) => sha256).join();
}

/** Removes the searches that nobody continued for a week. */
export async function removeForgottenSearches(redis: QueueClient, board: SearchBoard): Promise<void> {
  const [nowMs, beats] = await Promise.all([board.now(), board.coordinators()]);
  const isOld = (seenMs: number) => nowMs - seenMs > KEPT_MS;
  const kept = new Set(beats.filter(({ seen_ms }) => !isOld(seen_ms)).map(({ search }) => search));
  const forgotten = new Set(beats.map(({ search }) => search).filter((search) => !kept.has(search)));
  for (const search of forgotten) await removeSearch(redis, board, search);
}
