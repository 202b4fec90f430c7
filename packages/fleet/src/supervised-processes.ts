import { setTimeout as pause } from 'node:timers/promises';
import { Maps, Records } from '@helios/shared/contracts/catalog.ts';
import type { Heartbeat, ServiceName } from '@helios/shared/domain/fleet.ts';
import type { SupervisedService } from '@helios/shared/domain/supervision.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { type Child, createChild } from './child.ts';
import type { FleetLog } from './fleet-log.ts';
import { HangWatch } from './hang-watch.ts';
import { createKeepGoing } from './keep-going.ts';
import type { ServiceCommand } from './service-command.ts';

/** Monitoring-agent calls a supervisor silent that has written nothing for 30 s. */
const PUBLISH_EVERY_MS = 5_000;
const STOP_EACH_MS = 700;
const STOP_ALL_MS = 6_000;

/** An open position may depend on it, so it is not left alone with settings that are wrong: they can be mended meanwhile. */
const NEVER_GIVEN_UP: ReadonlySet<ServiceName> = new Set<ServiceName>(['execution-manager']);

/**
 * How long a service that hangs has between SIGTERM and SIGKILL, ms. execution-manager may be in the middle of an order: it gets
 * a chance to end in order. For every service holds that its successor starts only once it is gone, so that no two of them act.
 */
const HUNG_GRACE_MS: Partial<Record<ServiceName, number>> = { 'execution-manager': 5_000 };

/** What the crew's services are made of. */
export interface SupervisedProcessesOptions {
  readonly services: readonly {
    readonly name: ServiceName;
    readonly command: ServiceCommand;
    readonly env: NodeJS.ProcessEnv;
  }[];
  readonly root: string;
  readonly bus: Bus<'fleet'>;
  readonly fleetLog: FleetLog;
  /** Resolves when Redis answers: restarting a service before that only makes it fail again. */
  readonly redisAnswers: () => Promise<void>;
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number;
}

/** The roster's processes. */
export interface SupervisedProcesses {
  readonly children: readonly Child[];
  start(): void;
  /**
   * Reads the heartbeats once: takes note of who is up, and ends who hangs, so that it is started again. Publishes every few
   * seconds, which shows that the services are looked after.
   */
  look(): Promise<void>;
  /** Services that are not up yet or no more. */
  missing(): string[];
  /** Services that are up and have nothing to do in this mode. */
  standingBy(): string[];
  /** Writes what is known of every process to Redis; the loss of one writing is harmless. */
  publish(): Promise<void>;
  /** Newest first, each on its own for a moment, all within about six seconds. */
  stop(): Promise<void>;
}

/** Makes the roster's processes; nothing runs before `start`. */
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
      beforeRestart: options.redisAnswers,
      onLine: (line, from) => fleetLog.take(name, line, from),
      onChange: (child, delayMs) => {
        fleetLog.show(describeChange(child, delayMs, startedMs, fleetLog.file, standby.has(child.name)));
        log.info({ child: name, state: child.state, pid: child.pid, last_end: child.lastEnd }, 'process changed');
        if (child.state === 'RESTARTING' && NEVER_GIVEN_UP.has(name))
          log.error({ child: name, last_end: child.lastEnd }, 'positions may stand without it until it is back');
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
    await keepGoing('note the processes', write);
  }

  async function look(): Promise<void> {
    const isDone = await keepGoing('read the heartbeats', async () => {
      for (const child of children) await lookAt(child);
      return true;
    });
    // Where Redis cannot be asked, or takes no writes, silence means nothing.
    if (isDone !== true) for (const silence of silences.values()) silence.forgive();
    if (nowMs() - publishedMs >= PUBLISH_EVERY_MS) await publish();
  }

  async function lookAt(child: Child): Promise<void> {
    if (child.state !== 'STARTING' && child.state !== 'RUNNING') return;
    const silence = silences.get(child.name) ?? new HangWatch();
    silences.set(child.name, silence);
    const beat = await bus.getRecord(Records.heartbeat, { service: child.name as ServiceName });
    if (silence.look(beat, child.pid, nowMs())) return await endHung(child, silence);
    if (child.state !== 'STARTING' || !isUp(beat, child, silence)) return;
    if (beat?.status === 'STANDBY') standby.add(child.name);
    child.markRunning();
  }

  /** @throws BusUnavailable where Redis takes no writes: then nobody can beat. */
  async function endHung(child: Child, silence: HangWatch): Promise<void> {
    await write();
    const seconds = silence.limitMs() / 1_000;
    log.error(
      { child: child.name, pid: child.pid },
      `${child.name} has sent no heartbeat for ${seconds} s while Redis is well: it hangs, and is ended and started again`,
    );
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

/** A heartbeat of this very process, not one that an earlier left behind, and its start is done. The clock may be set back meanwhile. */
function isUp(beat: Heartbeat | undefined, child: Child, silence: HangWatch): boolean {
  if (beat === undefined || beat.pid !== child.pid) return false;
  if (beat.ts < child.changedTs && !silence.hasBeaten()) return false;
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

/** What happened to a process, for the operator; `logFile` is where its last words are. */
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
