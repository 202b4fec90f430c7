import { Lists, Maps, Rankings, Records, Streams, Values } from '@helios/shared/contracts/catalog.ts';
import type { AnyEntry, Channel } from '@helios/shared/contracts/entry.ts';

/** Whose an entry's keys are: one start's of a replay, one run's, or nobody's in particular. */
export type RunScope = 'session' | 'run' | 'fleet';

/** What outlives a run: ownership of the database, signs of life, what is said about the machine, and which ledgers there are. */
const OF_THE_FLEET: ReadonlySet<AnyEntry> = new Set<AnyEntry>([
  Values.schemaVersion,
  Records.heartbeat,
  Records.fleetLog,
  Records.supervisorBeat,
  Maps.supervisedServices,
  Maps.knownLedgers,
  Maps.damagedKeys,
  Streams.logs,
]);

/** A trading state is the operator's word for a run: it stands when the same recording is played again. */
const OF_THE_RUN: ReadonlySet<AnyEntry> = new Set<AnyEntry>([Records.fleetState]);

/** The one place that decides it. An entry that nobody thought of belongs to its session: better archived than mixed. */
export function scopeOf(entry: AnyEntry): RunScope {
  if (OF_THE_FLEET.has(entry)) return 'fleet';
  return OF_THE_RUN.has(entry) ? 'run' : 'session';
}

/** An entry that has a key, unlike a channel. */
type KeptEntry = Exclude<AnyEntry, Channel>;

/** Every entry of the catalog that is kept in Redis. */
export const KEPT_ENTRIES: readonly KeptEntry[] = [Values, Records, Maps, Lists, Streams, Rankings].flatMap(
  (group): KeptEntry[] => Object.values(group),
);

/** The Redis pattern that finds all instances of an entry. */
export const patternOf = (entry: AnyEntry): string => entry.name.replace(/\{\w+\}/g, '*');
