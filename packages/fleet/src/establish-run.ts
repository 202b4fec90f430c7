import { customRestVenueOf, customVenueOf } from '@helios/binance/custom-venue.ts';
import type { RecordingFile } from '@helios/market-data/recording-label.ts';
import { Records } from '@helios/shared/contracts/catalog.ts';
import type { DamagedKey } from '@helios/shared/domain/damaged-key.ts';
import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { readBootId } from '@helios/shared/runtime/await-mode.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { putAsideLine } from '@helios/shared/runtime/redis/put-aside.ts';
import type { RedisAdmin } from '@helios/shared/runtime/redis-admin.ts';
import { type ArchiveReport, archiveEarlierRun } from './archive-run.ts';
import { claimDatabase, type DatabasePlace } from './claim-database.ts';
import type { ModeChoice } from './resolve-mode.mjs';
import { runLabel } from './run-label.ts';
import { newSession } from './session.ts';

/** Adds run, session and time to the chosen mode. */
export async function modeOfStart(
  choice: ModeChoice,
  settings: Settings,
  recording: readonly RecordingFile[],
): Promise<FleetMode> {
  const nowMs = Date.now();
  const boot = await readBootId();
  const venue = venueOf(choice, settings.binance);
  const atVenue = venue === undefined ? choice : { ...choice, venue };
  return Object.freeze({
    ...atVenue,
    run: runLabel(atVenue, settings.binance.api_key, recording),
    session: newSession(nowMs),
    ...(boot === undefined ? {} : { boot_id: boot }),
    resolved_ts: nowMs,
  });
}

/** The custom venue's address; undefined for the network's own venue, and without a venue. */
function venueOf({ mode, network }: ModeChoice, binance: Settings['binance']): string | undefined {
  if (mode === 'synthetic' || network === 'none') return undefined;
  return mode === 'public' ? customRestVenueOf(network, binance.rest_url) : customVenueOf(network, binance);
}

/** What a start archived or put aside in the database. */
export interface EstablishReport extends ArchiveReport {
  readonly damaged: readonly DamagedKey[];
}

/** Claims the database, puts damaged keys and earlier runs aside, and then writes `fleet:mode`. */
export async function establishRun(
  admin: RedisAdmin,
  bus: Bus<'fleet'>,
  mode: FleetMode,
  place: DatabasePlace,
): Promise<EstablishReport> {
  const damaged = await claimDatabase(admin, place);
  const archived = await archiveEarlierRun(admin, mode);
  await bus.write((batch) => batch.setRecord(Records.fleetMode, mode));
  return { ...archived, damaged };
}

/** Address of the database from the settings. */
export function placeOf(system: Settings['system'], isPrivate: boolean): DatabasePlace {
  return { host: system.redis_host, port: system.redis_port, db: system.redis_db, isPrivate };
}

/** Lines for the operator: the mode, and what was archived for it. */
export function describeRun(mode: FleetMode, archived: EstablishReport): string[] {
  const lines = [
    `Mode: ${mode.mode.toUpperCase()} · ${describeVenue(mode)} · ${describeSource(mode)}`,
    `  run ${mode.run}, session ${mode.session}`,
    `  why: ${mode.reason}`,
  ];
  for (const note of archived.damaged) lines.push(`  warning: ${putAsideLine(note)}`);
  if (archived.session !== undefined) {
    lines.push(`  archived ${archived.keys} keys of session ${archived.session} as archive:${archived.session}:…`);
  }
  if (archived.dropped.length > 0) lines.push(`  deleted the oldest archives: ${archived.dropped.join(', ')}`);
  return lines;
}

/** The network, or the address of a custom venue, for the operator. */
export function describeVenue({ network, venue }: Pick<FleetMode, 'network' | 'venue'>): string {
  return venue === undefined ? `network ${network}` : `network ${network}, CUSTOM VENUE at ${venue}`;
}

function describeSource(mode: FleetMode): string {
  if (mode.source?.kind === 'generator') return `made-up market, seed ${mode.source.seed} · trading simulated`;
  if (mode.source?.kind !== 'replay')
    return mode.mode === 'live' ? 'the venue’s streams · orders go to the venue' : 'trading simulated';
  const { files, speed } = mode.source;
  const pace = speed === 'max' ? 'at maximum speed' : `at ${speed} × real time`;
  return `recording of ${files.length} ${files.length === 1 ? 'file' : 'files'}, ${pace} · trading simulated`;
}
