import type { Redis } from 'ioredis';
import { byStreamId, groupsOf } from './stream-info.ts';

/**
 * Cuts a stream below what the slowest of its groups has still to acknowledge. Groups are those that exist:
 * a reader that has never started starts later with what is left, and judges it by its age.
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
