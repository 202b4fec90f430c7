import type { Redis } from 'ioredis';

/** Information about one stream or group, by Redis's names. */
export type InfoFields = ReadonlyMap<string, unknown>;

/** A stream's groups. */
export async function groupsOf(redis: Redis, name: string): Promise<InfoFields[]> {
  return ((await redis.xinfo('GROUPS', name)) as unknown[][]).map(infoFields);
}

/** Number of messages that a group has not acknowledged; undefined if Redis cannot count them (before 7.0, or after a trim). */
export async function waitingFor(redis: Redis, name: string, group: string): Promise<number | undefined> {
  const state = (await groupsOf(redis, name)).find((each) => each.get('name') === group);
  const [lag, pending] = [state?.get('lag'), state?.get('pending')];
  return typeof lag === 'number' && typeof pending === 'number' ? lag + pending : undefined;
}

/** True if a group has acknowledged all messages of a stream. A missing stream has none. */
export async function hasReadAll(redis: Redis, name: string, group: string): Promise<boolean> {
  const [newest] = await redis.xrevrange(name, '+', '-', 'COUNT', 1);
  if (newest === undefined) return true;
  const state = (await groupsOf(redis, name)).find((each) => each.get('name') === group);
  if (state === undefined || state.get('pending') !== 0) return false;
  return byStreamId(newest[0], String(state.get('last-delivered-id'))) <= 0;
}

/** Reads the alternating names and values of an `XINFO` answer. */
export function infoFields(flat: readonly unknown[]): InfoFields {
  const fields = new Map<string, unknown>();
  for (let i = 0; i + 1 < flat.length; i += 2) fields.set(String(flat[i]), flat[i + 1]);
  return fields;
}

/** Orders `<ms>-<n>` ids by time, then by number. */
export function byStreamId(a: string, b: string): number {
  const [aMs = 0, aNumber = 0] = a.split('-').map(Number);
  const [bMs = 0, bNumber = 0] = b.split('-').map(Number);
  return aMs - bMs || aNumber - bNumber;
}
