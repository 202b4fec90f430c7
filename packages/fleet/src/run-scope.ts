import { Lists, Maps, Rankings, Records, Streams, Values } from '@helios/shared/contracts/catalog.ts';
import type { AnyEntry, Channel } from '@helios/shared/contracts/entry.ts';

/** Lifetime of an entry's keys: one start of a replay (else one run), one run, or all runs. */
export type RunScope = 'session' | 'run' | 'fleet';

/** Entries that outlive a run: the mark of the database, heartbeats, facts about the machine, and the list of ledgers. */
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

/**
 * The operator sets the trading state for a run: it stays when the same recording is played again. The measured moves of a run took
 * weeks, and decide what EDGE_VS_COST refuses: a start of another run in between must not lose them.
 */
const OF_THE_RUN: ReadonlySet<AnyEntry> = new Set<AnyEntry>([Records.fleetState, Maps.reasonMoves]);

/** The scope of an entry. An entry without an explicit scope belongs to its session: archived keys are safer than mixed ones. */
export function scopeOf(entry: AnyEntry): RunScope {
  if (OF_THE_FLEET.has(entry)) return 'fleet';
  return OF_THE_RUN.has(entry) ? 'run' : 'session';
}

/** An entry that has a key, unlike a channel. */
type KeptEntry = Exclude<AnyEntry, Channel>;

/** Every catalog entry that has keys in Redis. */
export const KEPT_ENTRIES: readonly KeptEntry[] = [Values, Records, Maps, Lists, Streams, Rankings].flatMap(
  (group): KeptEntry[] => Object.values(group),
);

/** The Redis pattern that finds all instances of an entry. */
export const patternOf = (entry: AnyEntry): string => entry.name.replace(/\{\w+\}/g, '*');
