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

/** How a process ends: by signal, by the death of its supervisor, or by a fault. */
export interface Lifetime {
  /** Aborted once an end was asked for. */
  readonly stopping: AbortSignal;
  closeWith(bus: ManagedBus<ServiceName>): void;
  started(service: RunningService): void;
  stop(): void;
  fault(error: unknown): void;
}

/** Listens to the process's signals and faults from now on. */
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
    // Whatever went wrong, nothing more is handled or acknowledged in this state.
    bus?.stopDeliveries().catch(() => {});
    const hopeless = error instanceof SettingsError || error instanceof HopelessStart;
    // Where the message says all there is, a stack would only hide it.
    const isPlain = hopeless || error instanceof StartBlocked;
    log.fatal(isPlain ? {} : { error }, error instanceof Error ? error.message : 'a fault of ours, ending');
    void end(hopeless ? HOPELESS_EXIT_CODE : 1);
  }

  async function stop(): Promise<void> {
    abort.abort();
    log.info({}, 'stopping');
    const orderly = running ? await running.stop() : await closed();
    if (!orderly) log.error({}, 'not stopped within five seconds');
    await end(orderly ? 0 : 1);
  }

  /** It had not started yet: there is only the bus. */
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
  // The supervisor's channel closes with it, however it ends: nobody would look after this process any more.
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
