import { setTimeout as pause } from 'node:timers/promises';
import type { FleetMode, Heartbeat, ServiceName } from '../domain/fleet.ts';
import type { SectionName, Settings } from '../domain/settings.ts';
import type { Clock } from './clock.ts';
import { createHeartbeat } from './heartbeat.ts';
import { createJobs } from './jobs.ts';
import type { ManagedBus } from './managed-bus.ts';
import type { Logger, ServiceDefinition } from './service.ts';

const STOP_WITHIN_MS = 5_000;
const LAST_BEAT_MS = 500;

/** Dependencies of a service: real in `runService`, fake in tests. */
export interface ServiceDependencies<P extends ServiceName> {
  readonly bus: ManagedBus<P>;
  readonly clock: Clock;
  /** All sections; the service gets those it declares. */
  readonly settings: Settings;
  readonly mode: FleetMode;
  readonly log: Logger;
  /** Called on a bug: the process has to end. */
  readonly onFault: (error: unknown) => void;
  /** Called after each heartbeat that Redis accepted. */
  readonly onHeartbeat?: () => void;
}

export interface RunningService {
  readonly status: 'RUNNING' | 'STANDBY';
  /**
   * Ends deliveries, then jobs, then cleanups newest first, then the bus.
   * Resolves to true, or to false if that took longer than five seconds.
   */
  stop(): Promise<boolean>;
}

/**
 * Starts a service, or leaves it in STANDBY if the mode does not need it. Rejects with the error of `start`; everything it
 * began is then undone, but the bus stays open for the host's last log line.
 */
export async function startService<P extends ServiceName, S extends SectionName>(
  definition: ServiceDefinition<P, S>,
  dependencies: ServiceDependencies<P>,
): Promise<RunningService> {
  const { bus, log, mode, onFault } = dependencies;
  const settings = sectionsOf(dependencies.settings, definition.settings);
  const works = definition.modes.includes(mode.mode) && definition.standsBy?.({ settings, mode, log }) !== true;
  const cleanups: { name: string; cleanup: () => void | Promise<void> }[] = [];
  const jobs = createJobs(log, onFault);
  let status: Heartbeat['status'] = works ? 'STARTING' : 'STANDBY';
  const heartbeat = createHeartbeat({ service: definition.name, bus, log, status: () => status });

  async function beat(): Promise<void> {
    if (await heartbeat.beat()) dependencies.onHeartbeat?.();
  }
  const beats = createJobs(log, onFault);
  beats.every('heartbeat', 1_000, beat);

  async function cleanUp(): Promise<void> {
    await bus.stopDeliveries();
    await jobs.stop();
    for (const { name, cleanup } of cleanups.toReversed()) {
      try {
        await cleanup();
      } catch (error) {
        log.error({ cleanup: name, error }, 'cleanup failed');
      }
    }
    await beats.stop();
    heartbeat.stop();
  }

  function cleanedUp(): Promise<boolean> {
    return Promise.race([cleanUp().then(() => true), pause(STOP_WITHIN_MS, false, { ref: false })]);
  }

  let stopping: Promise<boolean> | undefined;
  async function stop(): Promise<boolean> {
    // Only a requested stop sends STOPPING: monitoring-agent raises no SERVICE_SILENT for it.
    status = 'STOPPING';
    await Promise.race([beat(), pause(LAST_BEAT_MS, undefined, { ref: false })]);
    const orderly = await cleanedUp();
    // A handler that never ends would also block the close of the bus.
    if (orderly) await bus.close();
    return orderly;
  }

  await beat();
  if (works) {
    try {
      await definition.start({
        bus,
        clock: dependencies.clock,
        settings,
        mode,
        log,
        every: jobs.every,
        onStop: (name, cleanup) => void cleanups.push({ name, cleanup }),
        observeAge: heartbeat.observeAge,
      });
    } catch (error) {
      // Leftovers of this start would run beside the next try.
      if (!(await cleanedUp()))
        throw new Error('the start failed and was not undone within five seconds', { cause: error });
      throw error;
    }
    status = 'RUNNING';
    await beat();
  }
  return {
    status: works ? 'RUNNING' : 'STANDBY',
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** Only the declared sections, so that a service cannot read the secrets of others. */
function sectionsOf<S extends SectionName>(settings: Settings, sections: readonly S[]): Pick<Settings, S> {
  return Object.fromEntries(sections.map((section) => [section, settings[section]])) as Pick<Settings, S>;
}
