import type { Redis } from 'ioredis';
import { byStreamId, groupsOf, infoFields } from './stream-info.ts';

/** What a group lost of a stream; `count` is undefined where Redis does not count (before 7.0). */
export interface StreamLoss {
  readonly count: number | undefined;
}

/**
 * What was cut off a stream before the group had read or acknowledged it; undefined as a rule. Cutting below the slowest
 * group always leaves what that one read last: a stream that begins later than that was cut at its bound. Each loss is
 * told once: the group's own count of what it has read is set right.
 */
export async function takeLoss(redis: Redis, name: string, group: string): Promise<StreamLoss | undefined> {
  const state = (await groupsOf(redis, name)).find((each) => each.get('name') === group);
  const lastRead = String(state?.get('last-delivered-id') ?? '0-0');
  // Who has never read begins with what is left.
  if (lastRead === '0-0') return undefined;
  const stream = infoFields((await redis.xinfo('STREAM', name)) as unknown[]);
  const [firstId] = (stream.get('first-entry') ?? []) as string[];
  if (firstId === undefined || byStreamId(firstId, lastRead) <= 0) return undefined;
  const open = await redis.xpending(name, group, '-', `(${firstId}`, Number.MAX_SAFE_INTEGER);
  const [added, read] = [stream.get('entries-added'), state?.get('entries-read')];
  if (typeof added !== 'number' || typeof read !== 'number') return { count: undefined };
  const cutOff = added - Number(stream.get('length'));
  await redis.xgroup('SETID', name, group, lastRead, 'ENTRIESREAD', cutOff);
  return { count: cutOff - read + open.length };
}
