import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceName } from '../domain/fleet.ts';
import { HOPELESS_EXIT_CODE } from '../domain/supervision.ts';
import { SettingsError } from './config/settings-error.ts';
import { HopelessStart, StartBlocked } from './errors.ts';
import type { ServiceLogger } from './logger.ts';
import type { ManagedBus } from './managed-bus.ts';
import type { RunningService } from './start-service.ts';

const FLUSH_MS = 300;
const CLOSE_WITHIN_MS = 5_000;

/** Ends a process after a signal, after the end of its supervisor, or after a fault. */
export interface Lifetime {
  /** Aborted once the process has to end. */
  readonly stopping: AbortSignal;
  closeWith(bus: ManagedBus<ServiceName>): void;
  started(service: RunningService): void;
  stop(): void;
  fault(error: unknown): void;
}

/** Starts to listen to the process's signals and faults. */
export function createLifetime(log: ServiceLogger): Lifetime {
  const abort = new AbortController();
  let running: RunningService | undefined;
  let bus: ManagedBus<ServiceName> | undefined;
  let faulty = false;

  async function end(code: number): Promise<never> {
    await log.flushed(FLUSH_MS);
    process.exit(code);
  }

  function fault(error: unknown): void {
    if (faulty) return;
    faulty = true;
    // In a faulty state the service must handle and acknowledge nothing more.
    bus?.stopDeliveries().catch(() => {});
    const hopeless = error instanceof SettingsError || error instanceof HopelessStart;
    // These messages say everything; a stack would only hide them.
    const isPlain = hopeless || error instanceof StartBlocked;
    log.fatal(isPlain ? {} : { error }, error instanceof Error ? error.message : 'unexpected error, ending');
    void end(hopeless ? HOPELESS_EXIT_CODE : 1);
  }

  async function stop(): Promise<void> {
    abort.abort();
    log.info({}, 'stopping');
    const orderly = running ? await running.stop() : await closed();
    if (!orderly) log.error({}, 'not stopped within five seconds');
    await end(orderly ? 0 : 1);
  }

  /** Closes the bus of a service that has not started yet. */
  async function closed(): Promise<boolean> {
    const closing = bus?.close() ?? Promise.resolve();
    return Promise.race([closing.then(() => true), pause(CLOSE_WITHIN_MS, false, { ref: false })]);
  }

  function onSignal(): void {
    if (abort.signal.aborted) process.exit(1);
    void stop();
  }
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  // The channel closes when the supervisor ends. Without a supervisor this process ends too.
  process.on('disconnect', () => {
    if (!abort.signal.aborted) void stop();
  });
  process.on('uncaughtException', fault);
  process.on('unhandledRejection', fault);

  return {
    stopping: abort.signal,
    closeWith: (opened) => {
      bus = opened;
    },
    started: (service) => {
      running = service;
    },
    stop: () => {
      if (!abort.signal.aborted) void stop();
    },
    fault,
  };
}
