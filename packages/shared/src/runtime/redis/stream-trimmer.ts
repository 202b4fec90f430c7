import type { Redis } from 'ioredis';
import { byStreamId, groupsOf } from './stream-info.ts';

/**
 * Trims a stream below the oldest message that a group still has to acknowledge. Only existing groups count: a reader that
 * starts for the first time gets what is left and checks its age.
 */
export async function trimBelowSlowestGroup(redis: Redis, name: string): Promise<void> {
  const groups = await groupsOf(redis, name);
  const floors: string[] = [];
  for (const group of groups) {
    const [first] = (await redis.xpending(name, String(group.get('name')), '-', '+', 1)) as [string][];
    floors.push(first ? first[0] : String(group.get('last-delivered-id')));
  }
  const [slowest] = floors.sort(byStreamId);
  if (slowest !== undefined) await redis.xtrim(name, 'MINID', slowest);
}
