import { Maps } from '@helios/shared/contracts/catalog.ts';
import type { DamagedKey } from '@helios/shared/domain/damaged-key.ts';
import { REDIS_TYPES } from '@helios/shared/runtime/redis/put-aside.ts';
import type { RedisAdmin } from '@helios/shared/runtime/redis-admin.ts';
import { KEPT_ENTRIES, patternOf } from './run-scope.ts';

/** Puts aside every key of ours that now has a wrong type, before a service reads it. */
export async function putDamagedAside(admin: RedisAdmin): Promise<readonly DamagedKey[]> {
  const notes: DamagedKey[] = [];
  // The map of damaged keys comes first, because it notes the others.
  for (const entry of new Set([Maps.damagedKeys, ...KEPT_ENTRIES])) {
    const keys = entry.name.includes('{') ? await admin.keys(patternOf(entry)) : [entry.name];
    for (const key of keys) {
      const note = await admin.putAside(key, REDIS_TYPES[entry.kind]);
      if (note) notes.push(note);
    }
  }
  return notes;
}
