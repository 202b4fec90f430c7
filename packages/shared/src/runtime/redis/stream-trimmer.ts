import type { Redis } from 'ioredis';
import { byStreamId, groupsOf } from './stream-info.ts';

/** Maximum number of messages that one trim of a stream with `keepsRead` removes; the next one goes on. */
const MAX_TRIMMED = 1_000;

/**
 * Trims a stream below the oldest message that a group still has to acknowledge, down to `keepsRead` messages. Only existing groups
 * count: a reader that starts for the first time gets what is left and checks its age.
 */
export async function trimBelowSlowestGroup(redis: Redis, name: string, keepsRead = 0): Promise<void> {
  const oldestKept = keepsRead > 0 ? await idAfterExcess(redis, name, keepsRead) : undefined;
  if (keepsRead > 0 && oldestKept === undefined) return;
  const groups = await groupsOf(redis, name);
  const floors: string[] = [];
  for (const group of groups) {
    const [first] = (await redis.xpending(name, String(group.get('name')), '-', '+', 1)) as [string][];
    floors.push(first ? first[0] : String(group.get('last-delivered-id')));
  }
  if (floors.length === 0) return;
  if (oldestKept !== undefined) floors.push(oldestKept);
  const [lowest = ''] = floors.sort(byStreamId);
  await redis.xtrim(name, 'MINID', lowest);
}

/** Id of the oldest message that stays if only the number counts; undefined if all stay. */
async function idAfterExcess(redis: Redis, name: string, kept: number): Promise<string | undefined> {
  const excess = Math.min((await redis.xlen(name)) - kept, MAX_TRIMMED);
  if (excess <= 0) return undefined;
  return (await redis.xrange(name, '-', '+', 'COUNT', excess + 1)).at(-1)?.[0];
}
