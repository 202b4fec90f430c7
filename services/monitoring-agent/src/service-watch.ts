import { ageOf } from '@helios/shared/domain/age.ts';
import type { Heartbeat } from '@helios/shared/domain/fleet.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { FleetMember } from '@helios/shared/runtime/fleet-members.ts';
import type { Condition } from './alert-codes.ts';

/** A restart or a malformed message is reported for this long. */
export const EVENT_WINDOW_MS = 60_000;
/** Time that a started process has until its first heartbeat, and a stopped one until it is back. */
const START_GRACE_MS = 30_000;
/** Limits of SERVICE_BEHIND: age of the oldest waiting message, and number of waiting messages (half of what a stream keeps). */
const MAX_BEHIND_MS = 5_000;
const MAX_WAITING = 5_000;
/** Checks without a new supervisor record before SUPERVISOR_SILENT. One check a second; counted, because a clock may jump. */
const SUPERVISOR_LOOKS = 30;
/** A start that takes longer counts as hung. */
const START_WITHIN_MS = 60_000;

/** True if `ts` lies within the last minute. False for a stamp in the future: its age is unknown. */
export function isRecent(ts: number, nowMs: number): boolean {
  const ageMs = ageOf(ts, nowMs);
  return ageMs !== undefined && ageMs < EVENT_WINDOW_MS;
}

interface Memory {
  restarts: number;
  restartedTs?: number;
  startedTs?: number;
  malformed: number;
  malformedTs?: number;
  malformedRecently: number;
}

/** Judges the fleet's processes by their heartbeats and by the supervisor's records. All times are wall time. */
export interface ServiceWatch {
  /** `sinceTs`: silence counts from here at the earliest (our start, or the return of Redis). */
  check(members: readonly FleetMember[], nowMs: number, sinceTs: number): Condition[];
}

/** `fleetStartTs`: the silence of a service that never sent a heartbeat counts from here. */
export function createServiceWatch(limits: Settings['alerts'], fleetStartTs: number): ServiceWatch {
  const memories = new Map<string, Memory>();
  const lastBeats = new Map<string, Heartbeat>();
  let hasSupervisor = false;
  let supervisorTs: number | undefined;
  let looksWithoutNews = 0;

  function supervisor(members: readonly FleetMember[]): Condition[] {
    const newest = Math.max(...members.map(({ supervised }) => supervised?.seen_ts ?? 0));
    looksWithoutNews = newest === supervisorTs && newest > 0 ? looksWithoutNews + 1 : 0;
    supervisorTs = newest;
    if (looksWithoutNews < SUPERVISOR_LOOKS) return [];
    const message = 'The supervisor no longer checks the services. Nobody restarts a service that ends or hangs.';
    return [{ code: 'SUPERVISOR_SILENT', service: 'fleet', subject: 'supervisor', message }];
  }

  function remembered(view: FleetMember): FleetMember {
    const { heartbeat } = view;
    if (heartbeat) lastBeats.set(view.service, heartbeat);
    // The key expires while the service is down: its last heartbeat still counts.
    return { ...view, heartbeat: lastBeats.get(view.service) };
  }

  function memoryOf(service: string): Memory {
    const memory = memories.get(service) ?? { restarts: 0, malformed: 0, malformedRecently: 0 };
    memories.set(service, memory);
    return memory;
  }

  return {
    check(members, nowMs, sinceTs) {
      hasSupervisor ||= members.some(({ supervised }) => supervised !== undefined);
      const services = members.map(remembered).flatMap((view) => {
        // Redis lost the supervisor's records, so the list also has services that this mode does not run.
        if (hasSupervisor && !view.supervised && !view.heartbeat) return [];
        const memory = memoryOf(view.service);
        noteMalformed(memory, view, nowMs);
        noteRestarts(memory, view, nowMs);
        return [
          silence(view, limits, nowMs, Math.max(sinceTs, ageOf(fleetStartTs, nowMs) === undefined ? 0 : fleetStartTs)),
          restart(view, memory, nowMs),
          ...(isFresh(view, limits, nowMs)
            ? [longStart(view), behind(view), lag(view, limits), memoryUse(view, limits)]
            : []),
          malformed(view, memory, nowMs),
        ].filter((condition) => condition !== undefined);
      });
      return [...services, ...supervisor(members)];
    },
  };
}

function noteRestarts(memory: Memory, { heartbeat, supervised }: FleetMember, nowMs: number): void {
  const first = memory.startedTs === undefined;
  const again = heartbeat && memory.startedTs !== undefined && heartbeat.started_ts > memory.startedTs;
  // Without a supervisor (compose) a restart shows as a new start time.
  const restarts = supervised ? supervised.restarts : memory.restarts + (again ? 1 : 0);
  const recent = supervised !== undefined && isRecent(supervised.changed_ts, nowMs);
  if (restarts > memory.restarts && (!first || recent)) memory.restartedTs = nowMs;
  memory.restarts = restarts;
  if (heartbeat) memory.startedTs = heartbeat.started_ts;
}

function noteMalformed(memory: Memory, { heartbeat }: FleetMember, nowMs: number): void {
  if (!heartbeat) return;
  // A service that ran long before this watch started dropped its messages earlier: do not report them.
  const known = memory.startedTs !== undefined;
  if (!known && !isRecent(heartbeat.started_ts, nowMs)) memory.malformed = heartbeat.malformed;
  if (memory.malformedTs !== undefined && !isRecent(memory.malformedTs, nowMs)) memory.malformedRecently = 0;
  // A smaller count means a new process, which counts from 0.
  const added = heartbeat.malformed >= memory.malformed ? heartbeat.malformed - memory.malformed : heartbeat.malformed;
  memory.malformed = heartbeat.malformed;
  if (added === 0) return;
  memory.malformedTs = nowMs;
  memory.malformedRecently += added;
}

function silence(view: FleetMember, limits: Settings['alerts'], nowMs: number, sinceTs: number): Condition | undefined {
  const { service, heartbeat, supervised } = view;
  if (supervised?.state === 'STOPPED') return undefined;
  if (supervised?.state === 'GIVEN_UP') {
    const end = supervised.last_end ? ` (last exit: ${supervised.last_end})` : '';
    return about('SERVICE_GIVEN_UP', service, `${service} has stopped, and the supervisor does not restart it${end}.`);
  }
  const timeoutMs = limits.heartbeat_timeout_sec * 1_000;
  const lastTs = heartbeat?.ts ?? supervised?.changed_ts ?? 0;
  const ageMs = ageOf(lastTs, nowMs);
  if (ageMs !== undefined && ageMs <= timeoutMs) return undefined;
  const heardTs = ageMs === undefined ? sinceTs : Math.max(lastTs, sinceTs);
  const undecided = nowMs - heardTs <= (isBetweenLives(view) ? START_GRACE_MS : timeoutMs);
  const started = `since ${supervised ? 'it' : 'the fleet'} started`;
  const since = ageMs === undefined ? 'since the clock was set back' : `for ${Math.round(ageMs / 1_000)} s`;
  const span = heartbeat ? since : started;
  return { ...about('SERVICE_SILENT', service, `${service} has sent no heartbeat ${span}.`), undecided };
}

/**
 * True while a service starts or restarts. Without a supervisor (compose) only the last heartbeat shows it: STOPPING, or
 * none yet.
 */
function isBetweenLives({ heartbeat, supervised }: FleetMember): boolean {
  if (supervised) return supervised.state === 'STARTING';
  return heartbeat === undefined || heartbeat.status === 'STOPPING';
}

function longStart({ service, heartbeat }: FleetMember): Condition | undefined {
  if (heartbeat?.status !== 'STARTING') return undefined;
  const startingMs = heartbeat.ts - heartbeat.started_ts;
  if (startingMs <= START_WITHIN_MS) return undefined;
  const seconds = Math.round(startingMs / 1_000);
  return about('SERVICE_STARTING', service, `${service} has been starting for ${seconds} s and does no work yet.`);
}

function behind({ service, heartbeat }: FleetMember): Condition | undefined {
  const { behind_ms = 0, waiting } = heartbeat ?? {};
  if (behind_ms <= MAX_BEHIND_MS && (waiting ?? 0) <= MAX_WAITING) return undefined;
  const count = waiting === undefined ? '' : ` ${waiting} messages wait.`;
  return about('SERVICE_BEHIND', service, `${service} is ${Math.round(behind_ms / 1_000)} s behind.${count}`);
}

function restart({ service, supervised }: FleetMember, memory: Memory, nowMs: number): Condition | undefined {
  if (memory.restartedTs === undefined || !isRecent(memory.restartedTs, nowMs)) return undefined;
  // Without a supervisor the number of restarts is unknown.
  if (!supervised) return about('SERVICE_RESTARTED', service, `${service} restarted.`);
  const end = supervised.last_end ? ` after ${supervised.last_end}` : '';
  return about('SERVICE_RESTARTED', service, `${service} restarted${end}; restarts so far: ${memory.restarts}.`);
}

function isFresh({ heartbeat }: FleetMember, limits: Settings['alerts'], nowMs: number): boolean {
  const ageMs = heartbeat && ageOf(heartbeat.ts, nowMs);
  return ageMs !== undefined && ageMs <= limits.heartbeat_timeout_sec * 1_000;
}

function lag({ service, heartbeat }: FleetMember, limits: Settings['alerts']): Condition | undefined {
  if (!heartbeat || heartbeat.loop_lag_ms <= limits.loop_lag_ms) return undefined;
  const lagMs = Math.round(heartbeat.loop_lag_ms);
  return about('LOOP_LAG', service, `${service} was blocked for ${lagMs} ms (limit ${limits.loop_lag_ms} ms).`);
}

function memoryUse({ service, heartbeat }: FleetMember, limits: Settings['alerts']): Condition | undefined {
  if (!heartbeat || heartbeat.rss_mb <= limits.rss_mb) return undefined;
  return about(
    'MEMORY_HIGH',
    service,
    `${service} uses ${Math.round(heartbeat.rss_mb)} MB (limit ${limits.rss_mb} MB).`,
  );
}

function malformed({ service }: FleetMember, memory: Memory, nowMs: number): Condition | undefined {
  if (memory.malformedTs === undefined || !isRecent(memory.malformedTs, nowMs)) return undefined;
  const count = `${memory.malformedRecently} malformed message${memory.malformedRecently === 1 ? '' : 's'}`;
  return about(
    'MALFORMED_MESSAGES',
    service,
    `${service} dropped ${count} recently, ${memory.malformed} since its start.`,
  );
}

function about(code: Condition['code'], service: string, message: string): Condition {
  return { code, service, subject: service, message };
}
