import { ageOf } from '@helios/shared/domain/age.ts';
import type { FleetMode, FleetState, Heartbeat } from '@helios/shared/domain/fleet.ts';
import type { SupervisedService } from '@helios/shared/domain/supervision.ts';
import { describeVenue } from './establish-run.ts';

/** Everything `npm run status` shows of a fleet. */
export interface FleetStatus {
  readonly mode: FleetMode | undefined;
  readonly state: FleetState | undefined;
  readonly services: readonly { readonly known: KnownService; readonly beat: Heartbeat | undefined }[];
}

/** The facts about a service that its heartbeat lacks. In a container nobody counts restarts, and a service may be SILENT. */
export type KnownService = Pick<SupervisedService, 'service' | 'pid' | 'last_end'> & {
  readonly state: SupervisedService['state'] | 'SILENT';
  readonly restarts?: number;
};

const HEADS = ['service', 'state', 'pid', 'restarts', 'heartbeat', 'memory', 'loop lag', 'message age', 'last end'];

/**
 * Marks a running service as SILENT if its last heartbeat is older than `maxAgeMs`. A heartbeat with a future stamp was sent before
 * somebody set the clock back; it counts as old.
 */
export function withSilence(
  known: KnownService,
  beat: Heartbeat | undefined,
  nowMs: number,
  maxAgeMs: number,
): KnownService {
  if (known.state !== 'RUNNING') return known;
  const ageMs = beat?.pid === known.pid && beat !== undefined ? ageOf(beat.ts, nowMs) : undefined;
  return ageMs === undefined || ageMs > maxAgeMs ? { ...known, state: 'SILENT' } : known;
}

/** Lines that say that monitoring-agent is away: without it a troubled fleet looks healthy. */
function watcherLines(services: FleetStatus['services']): string[] {
  const state = services.find(({ known }) => known.service === 'monitoring-agent')?.known.state ?? 'not there';
  if (state === 'RUNNING') return [];
  return [`Nobody watches the fleet: monitoring-agent is ${state}. There are no alerts until it is back.`, ''];
}

/** The fleet's mode and a table of its services. */
export function describeStatus({ mode, state, services }: FleetStatus, nowMs: number): string[] {
  const rows = services.map(({ known, beat }) => [
    known.service,
    stateOf(known, beat),
    known.pid === undefined ? '–' : String(known.pid),
    known.restarts === undefined ? '–' : String(known.restarts),
    // A heartbeat of an earlier process does not describe this one.
    ...(beat === undefined || beat.pid !== known.pid
      ? ['–', '–', '–', '–']
      : [
          `${((nowMs - beat.ts) / 1_000).toFixed(1)} s ago`,
          `${beat.rss_mb.toFixed(0)} MB`,
          `${beat.loop_lag_ms.toFixed(1)} ms`,
          beat.message_age_ms === undefined ? '–' : `${beat.message_age_ms} ms`,
        ]),
    known.last_end ?? '–',
  ]);
  const table = [HEADS, ...rows];
  const widths = HEADS.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return [
    mode === undefined
      ? 'Mode: not resolved'
      : `Mode: ${mode.mode.toUpperCase()} · ${describeVenue(mode)} · run ${mode.run}`,
    describeTradingState(state),
    '',
    ...table.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
    '',
    ...watcherLines(services),
  ];
}

/** The state of a service, with its delay if it is late. */
function stateOf(known: KnownService, beat: Heartbeat | undefined): string {
  if (known.state !== 'RUNNING' || beat === undefined || beat.pid !== known.pid) return known.state;
  if (beat.status === 'STANDBY') return 'STANDBY';
  if (beat.behind_ms === undefined) return known.state;
  const waiting = beat.waiting === undefined ? '' : `, ${beat.waiting} waiting`;
  return `RUNNING, ${(beat.behind_ms / 1_000).toFixed(1)} s behind${waiting}`;
}

/** The trading state with its reason, for `npm start` and `npm run status`. */
export function describeTradingState(state: FleetState | undefined): string {
  return state === undefined ? 'Trading state: not set yet' : `Trading state: ${state.state} (${state.reason})`;
}
