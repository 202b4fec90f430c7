import { Records } from '@helios/shared/contracts/catalog.ts';
import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import type { RedisAdmin } from '@helios/shared/runtime/redis-admin.ts';
import { KEPT_ENTRIES, patternOf, scopeOf } from './run-scope.ts';

/** Archives kept, newest first, and how long each lives at most. */
export const ARCHIVES_KEPT = 3;
export const ARCHIVE_TTL_SEC = 7 * 86_400;

/** Names of archived keys begin with this. */
export const ARCHIVE = 'archive:';

/** What a start found of an earlier one. */
export interface ArchiveReport {
  /** The session whose keys were put away; undefined where there was nothing to do. */
  readonly session: string | undefined;
  readonly keys: number;
  /** Sessions whose archives were deleted because there were too many. */
  readonly dropped: readonly string[];
}

/**
 * Puts away the keys of any other run, and of an earlier session of a replay, as `archive:{session}:{name}`, and takes up
 * again what the operator has said of this run. Nothing is deleted before it is archived, and a start that dies halfway
 * is finished by the next: `fleet:mode` goes last.
 */
export async function archiveEarlierRun(
  admin: RedisAdmin,
  next: Pick<FleetMode, 'run' | 'session' | 'source'>,
): Promise<ArchiveReport> {
  const before = await admin.hash(Records.fleetMode.name);
  const sameRun = before['run'] === next.run;
  if (sameRun && next.source?.kind !== 'replay') return { session: undefined, keys: 0, dropped: [] };
  // Keys without a mode beside them come from a start that died, or from a hand: they get a place of their own.
  const session = before['session'] ?? `${next.session}-before`;
  let keys = 0;
  for (const name of await keysToArchive(admin, sameRun)) {
    if (await putAway(admin, session, name)) keys += 1;
  }
  if (before['session'] !== undefined) await putAway(admin, session, Records.fleetMode.name);
  if (!sameRun) await takeUpAgain(admin, next.run);
  return { session: keys > 0 ? session : undefined, keys, dropped: await dropOldArchives(admin) };
}

async function keysToArchive(admin: RedisAdmin, sameRun: boolean): Promise<string[]> {
  const names: string[] = [];
  for (const entry of KEPT_ENTRIES) {
    const scope = scopeOf(entry);
    if (scope === 'fleet' || (scope === 'run' && sameRun) || entry === Records.fleetMode) continue;
    names.push(...(await admin.keys(patternOf(entry))));
  }
  return names;
}

/** Renames a key into the archive under the first free name; false where it is gone. */
async function putAway(admin: RedisAdmin, session: string, name: string): Promise<boolean> {
  for (let copy = 0; copy < 100; copy += 1) {
    const target = `${ARCHIVE}${session}:${name}${copy === 0 ? '' : `~${copy}`}`;
    if (await admin.renameIfFree(name, target)) {
      await admin.expire(target, ARCHIVE_TTL_SEC);
      return true;
    }
    if (!(await admin.exists(name))) return false;
  }
  throw new Error(`${name} could not be archived for session ${session}: a hundred copies are there already`);
}

/** What outlives a run's sessions comes back from its newest archive: a run that was halted stays halted. */
async function takeUpAgain(admin: RedisAdmin, run: string): Promise<void> {
  const ofTheRun = KEPT_ENTRIES.filter((entry) => scopeOf(entry) === 'run').map(patternOf);
  const archives = await archivesBySession(admin);
  for (const session of [...archives.keys()].sort().reverse()) {
    const mode = await admin.hash(`${ARCHIVE}${session}:${Records.fleetMode.name}`);
    if (mode['run'] !== run) continue;
    for (const name of ofTheRun) {
      if (await admin.renameIfFree(`${ARCHIVE}${session}:${name}`, name)) await admin.persist(name);
    }
  }
}

async function dropOldArchives(admin: RedisAdmin): Promise<string[]> {
  const bySession = await archivesBySession(admin);
  const tooOld = [...bySession.keys()].sort().reverse().slice(ARCHIVES_KEPT);
  for (const session of tooOld) await admin.delete(bySession.get(session) ?? []);
  return tooOld;
}

async function archivesBySession(admin: RedisAdmin): Promise<ReadonlyMap<string, readonly string[]>> {
  const bySession = new Map<string, string[]>();
  for (const key of await admin.keys(`${ARCHIVE}*`)) {
    const session = key.slice(ARCHIVE.length).split(':', 1)[0] ?? '';
    bySession.set(session, [...(bySession.get(session) ?? []), key]);
  }
  return bySession;
}
