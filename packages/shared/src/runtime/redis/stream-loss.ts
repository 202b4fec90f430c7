import type { Redis } from 'ioredis';
import { byStreamId, groupsOf, infoFields } from './stream-info.ts';

/** Messages that a group lost; `count` is undefined if Redis does not count them (before 7.0). */
export interface StreamLoss {
  readonly count: number | undefined;
}

/**
 * Messages that were trimmed before the group read or acknowledged them; normally undefined. Trimming below the slowest group
 * always keeps its last read message, so a stream that begins later was trimmed at its maximum length. Reports each loss once,
 * because it corrects the group's read count.
 */
export async function takeLoss(redis: Redis, name: string, group: string): Promise<StreamLoss | undefined> {
  const state = (await groupsOf(redis, name)).find((each) => each.get('name') === group);
  const lastRead = String(state?.get('last-delivered-id') ?? '0-0');
  // A group that has never read starts with what is left.
  if (lastRead === '0-0') return undefined;
  const stream = infoFields((await redis.xinfo('STREAM', name)) as unknown[]);
  const [firstId] = (stream.get('first-entry') ?? []) as string[];
  if (firstId === undefined || byStreamId(firstId, lastRead) <= 0) return undefined;
  const open = await redis.xpending(name, group, '-', `(${firstId}`, Number.MAX_SAFE_INTEGER);
  const [added, read] = [stream.get('entries-added'), state?.get('entries-read')];
  if (typeof added !== 'number' || typeof read !== 'number') return { count: undefined };
  const cutOff = added - Number(stream.get('length'));
  await redis.xgroup('SETID', name, group, lastRead, 'ENTRIESREAD', cutOff);
  const count = cutOff - read + open.length;
  // A stream of which the group has read all may be emptied and filled again.
  return count > 0 ? { count } : undefined;
}
