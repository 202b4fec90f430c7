import type { Redis } from 'ioredis';

/**
 * Cuts a stream below what the slowest of its groups has still to acknowledge. Groups are those that exist:
 * a reader that has never started starts later with what is left, and judges it by its age.
 */
export async function trimBelowSlowestGroup(redis: Redis, name: string): Promise<void> {
  const groups = ((await redis.xinfo('GROUPS', name)) as (string | number | null)[][]).map(fieldsOf);
  const floors: string[] = [];
  for (const group of groups) {
    const [first] = (await redis.xpending(name, String(group.get('name')), '-', '+', 1)) as [string][];
    floors.push(first ? first[0] : String(group.get('last-delivered-id')));
  }
  const [slowest] = floors.sort(byStreamId);
  if (slowest !== undefined) await redis.xtrim(name, 'MINID', slowest);
}

/** Orders `<ms>-<n>` ids by time, then by number. */
export function byStreamId(a: string, b: string): number {
  const [aMs = 0, aNumber = 0] = a.split('-').map(Number);
  const [bMs = 0, bNumber = 0] = b.split('-').map(Number);
  return aMs - bMs || aNumber - bNumber;
}

function fieldsOf(flat: readonly (string | number | null)[]): Map<string, string | number | null> {
  const fields = new Map<string, string | number | null>();
  for (let i = 0; i + 1 < flat.length; i += 2) fields.set(String(flat[i]), flat[i + 1] ?? null);
  return fields;
}
