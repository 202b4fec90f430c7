import { setTimeout as pause } from 'node:timers/promises';
import { Maps, Records } from '@helios/shared/contracts/catalog.ts';
import type { Heartbeat, ServiceName } from '@helios/shared/domain/fleet.ts';
import type { SupervisedService } from '@helios/shared/domain/supervision.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { type Child, createChild } from './child.ts';
import type { FleetLog } from './fleet-log.ts';
import { HangWatch } from './hang-watch.ts';
import { createKeepGoing } from './keep-going.ts';
import type { RestartDelay } from './restart-policy.ts';
import type { ServiceCommand } from './service-command.ts';

/** Monitoring-agent reports a supervisor as silent if it writes nothing for 30 s. */
const PUBLISH_EVERY_MS = 5_000;
const STOP_EACH_MS = 700;
const STOP_ALL_MS = 6_000;

/** An open position may depend on it, so it restarts even with wrong settings: the operator may correct them meanwhile. */
const NEVER_GIVEN_UP: ReadonlySet<ServiceName> = new Set<ServiceName>(['execution-manager']);

/**
 * Time between SIGTERM and SIGKILL for a service that hangs, ms. execution-manager may be in the middle of an order, so it gets
 * time to finish. For every service, the new process starts only after the old one is gone, so that two never act at once.
 */
const HUNG_GRACE_MS: Partial<Record<ServiceName, number>> = { 'execution-manager': 5_000 };

/** Settings of the supervised processes. */
export interface SupervisedProcessesOptions {
  readonly services: readonly {
    readonly name: ServiceName;
    readonly command: ServiceCommand;
    readonly env: NodeJS.ProcessEnv;
  }[];
  readonly root: string;
  readonly bus: Bus<'fleet'>;
  readonly fleetLog: FleetLog;
  /** Resolves when Redis answers: a service that restarts earlier fails again. */
  readonly redisAnswers: () => Promise<void>;
  readonly restartDelayMs?: RestartDelay | undefined;
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number;
}

/** The processes of the mode's services. */
export interface SupervisedProcesses {
  readonly children: readonly Child[];
  start(): void;
  /**
   * Reads the heartbeats once. Marks services that are up, and ends services that hang, so that they restart. Publishes every few
   * seconds, which shows that the supervisor is alive.
   */
  look(): Promise<void>;
  /** Services that are not up. */
  missing(): string[];
  /** Services that are up and have nothing to do in this mode. */
  standingBy(): string[];
  /** Writes the state of every process to Redis; losing one write is harmless. */
  publish(): Promise<void>;
  /** Stops the newest first, with a short wait for each; all stop within about six seconds. */
  stop(): Promise<void>;
}

/** Makes the processes of the mode's services; nothing runs before `start`. */
export function createSupervisedProcesses(options: SupervisedProcessesOptions): SupervisedProcesses {
  const { bus, fleetLog } = options;
  const { log } = fleetLog;
  const keepGoing = createKeepGoing(log);
  const startedMs = Date.now();
  const standby = new Set<string>();
  const silences = new Map<string, HangWatch>();
  const nowMs = options.nowMs ?? (() => performance.now());
  let publishedMs = Number.NEGATIVE_INFINITY;
  const children = options.services.map(({ name, command, env }) =>
    createChild({
      name,
      ...command,
      env,
      cwd: options.root,
      channel: true,
      neverGivenUp: NEVER_GIVEN_UP.has(name),
      restartDelayMs: options.restartDelayMs,
      beforeRestart: options.redisAnswers,
      onLine: (line, from) => fleetLog.take(name, line, from),
      onChange: (child, delayMs) => {
        fleetLog.show(describeChange(child, delayMs, startedMs, fleetLog.file, standby.has(child.name)));
        log.info({ child: name, state: child.state, pid: child.pid, last_end: child.lastEnd }, 'process changed');
        if (child.state === 'RESTARTING' && NEVER_GIVEN_UP.has(name))
          log.error(
            { child: name, last_end: child.lastEnd },
            'process down, open positions unmanaged until it is back',
          );
        void publish();
      },
      now: () => Date.now(),
    }),
  );

  function write(): Promise<void> {
    const known = Object.fromEntries(children.map((child) => [child.name, recordOf(child)]));
    const fault = fleetLog.fault();
    return bus.write((batch) => {
      batch.setMap(Maps.supervisedServices, known);
      batch.setRecord(Records.fleetLog, { ts: Date.now(), ...(fault === undefined ? {} : { fault }) });
    });
  }

  async function publish(): Promise<void> {
    publishedMs = nowMs();
    await keepGoing('publish the processes', write);
  }

  async function look(): Promise<void> {
    const isDone = await keepGoing('read the heartbeats', async () => {
      for (const child of children) await lookAt(child);
      return true;
    });
    // If Redis cannot be read or written, silence means nothing.
    if (isDone !== true) for (const silence of silences.values()) silence.forgive();
    if (nowMs() - publishedMs >= PUBLISH_EVERY_MS) await publish();
  }

  async function lookAt(child: Child): Promise<void> {
    if (child.state !== 'STARTING' && child.state !== 'RUNNING') return;
    const silence = silences.get(child.name) ?? new HangWatch();
    silences.set(child.name, silence);
    const beat = await bus.getRecord(Records.heartbeat, { service: child.name as ServiceName });
    const startedTs = child.state === 'STARTING' ? child.changedTs : undefined;
    if (silence.look(beat, child.pid, nowMs(), startedTs)) return await endHung(child, silence);
    if (child.state !== 'STARTING' || !isUp(beat, child, silence)) return;
    if (beat?.status === 'STANDBY') standby.add(child.name);
    child.markRunning();
  }

  /** @throws BusUnavailable if Redis takes no writes: then no service can send a heartbeat */
  async function endHung(child: Child, silence: HangWatch): Promise<void> {
    await write();
    const seconds = silence.limitMs() / 1_000;
    log.error({ child: child.name, pid: child.pid, silent_sec: seconds }, 'process hangs, ending and restarting it');
    child.endHung(`hung, no heartbeat for ${seconds} s`, HUNG_GRACE_MS[child.name as ServiceName] ?? 0);
    silence.forgive();
  }

  async function stop(): Promise<void> {
    const ends = Date.now() + STOP_ALL_MS;
    const stops: Promise<void>[] = [];
    for (const child of children.toReversed()) {
      const gone = child.stop(Math.max(500, ends - Date.now()));
      stops.push(gone);
      await Promise.race([gone, pause(STOP_EACH_MS)]);
    }
    await Promise.all(stops);
    await publish();
  }

  return {
    children,
    start: () => {
      for (const child of children) child.start();
    },
    look,
    missing: () => children.filter(({ state }) => state !== 'RUNNING').map(({ name }) => name),
    standingBy: () => children.map(({ name }) => name).filter((name) => standby.has(name)),
    publish,
    stop,
  };
}

/** True if this process, not an earlier one, sent a heartbeat and finished its start. Works also after a clock was set back. */
function isUp(beat: Heartbeat | undefined, child: Child, silence: HangWatch): boolean {
  if (beat === undefined || beat.pid !== child.pid) return false;
  if (!silence.hasBeaten()) return false;
  return beat.status === 'RUNNING' || beat.status === 'STANDBY';
}

function recordOf(child: Child): SupervisedService {
  return {
    service: child.name as ServiceName,
    state: child.state,
    ...(child.pid === undefined ? {} : { pid: child.pid }),
    restarts: child.restarts,
    ...(child.lastEnd === undefined ? {} : { last_end: child.lastEnd }),
    changed_ts: child.changedTs,
    seen_ts: Date.now(),
  };
}

/** What happened to a process, for the operator; `logFile` holds its last lines. */
export function describeChange(
  child: Child,
  delayMs: number | undefined,
  startedMs: number,
  logFile: string,
  standsBy = false,
): string {
  const name = `  ${child.name.padEnd(22)}`;
  switch (child.state) {
    case 'STARTING':
      return `${name} STARTING   process ${child.pid}${child.restarts > 0 ? `, restart ${child.restarts}` : ''}`;
    case 'RUNNING':
      return `${name} ${standsBy ? 'STANDBY' : 'RUNNING'}    ${((Date.now() - startedMs) / 1_000).toFixed(1)} s after the start`;
    case 'RESTARTING':
      return `${name} CRASHED    ${child.lastEnd}; ${delayMs === 0 ? 'started again at once' : `started again in ${(delayMs ?? 0) / 1_000} s`} (why: ${logFile})`;
    default:
      return `${name} STOPPED    ${child.lastEnd ?? ''}`.trimEnd();
  }
}
