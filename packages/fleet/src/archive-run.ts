import { Records } from '@helios/shared/contracts/catalog.ts';
import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import type { RedisAdmin } from '@helios/shared/runtime/redis-admin.ts';
import { KEPT_ENTRIES, patternOf, scopeOf } from './run-scope.ts';

/** Number of archives kept (the newest), and their maximum lifetime. */
export const ARCHIVES_KEPT = 3;
export const ARCHIVE_TTL_SEC = 7 * 86_400;

/** Names of archived keys begin with this. */
export const ARCHIVE = 'archive:';

/** What a start archived of earlier starts. */
export interface ArchiveReport {
  /** The session whose keys were archived; undefined if there were none. */
  readonly session: string | undefined;
  readonly keys: number;
  /** Sessions whose archives were deleted because there were too many. */
  readonly dropped: readonly string[];
}

/**
 * Renames the keys of any other run, and of an earlier session of a replay, to `archive:{session}:{name}`. Restores the trading
 * state of this run from its newest archive. Nothing is deleted before it is archived. `fleet:mode` is archived last, so the
 * next start finishes an archiving that was interrupted.
 */
export async function archiveEarlierRun(
  admin: RedisAdmin,
  next: Pick<FleetMode, 'run' | 'session' | 'source'>,
): Promise<ArchiveReport> {
  const before = await admin.hash(Records.fleetMode.name);
  const sameRun = before['run'] === next.run;
  if (sameRun && next.source?.kind !== 'replay') return { session: undefined, keys: 0, dropped: [] };
  // Keys without a `fleet:mode` come from a start that died, or somebody wrote them by hand. They get their own session name.
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

/** Renames a key into the archive under the first free name; false if the key is gone. */
async function putAway(admin: RedisAdmin, session: string, name: string): Promise<boolean> {
  for (let copy = 0; copy < 100; copy += 1) {
    const target = `${ARCHIVE}${session}:${name}${copy === 0 ? '' : `~${copy}`}`;
    if (await admin.renameIfFree(name, target)) {
      await admin.expire(target, ARCHIVE_TTL_SEC);
      return true;
    }
    if (!(await admin.exists(name))) return false;
  }
  throw new Error(`cannot archive ${name} for session ${session}: a hundred copies exist already`);
}

/** Restores the keys that outlive a session from the run's newest archive: a halted run stays halted. */
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
