import { Records } from '../contracts/catalog.ts';
import type { FleetMode, ServiceName } from '../domain/fleet.ts';
import type { SectionName, Settings } from '../domain/settings.ts';
import type { ManagedBus } from '../runtime/managed-bus.ts';
import type { ServiceDefinition } from '../runtime/service.ts';
import { type RunningService, startService } from '../runtime/start-service.ts';
import { aMode, defaultSettings } from './builders.ts';
import { createFakeRedis, type FakeRedisWithBuses } from './fake-bus.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createRecordingLog, type LogLine } from './silent-log.ts';

export interface FakeStartOptions {
  /** Share one to start several services together. */
  readonly fake?: FakeRedisWithBuses;
  readonly settings?: Settings;
  readonly mode?: FleetMode;
  readonly clock?: FakeClock;
}

export interface ServiceUnderTest<P extends ServiceName> extends RunningService {
  readonly fake: FakeRedisWithBuses;
  /** The service's own bus. */
  readonly bus: ManagedBus<P>;
  readonly clock: FakeClock;
  readonly mode: FleetMode;
  /** Its log lines. */
  readonly lines: readonly LogLine[];
  /** Faults that would have ended the process. */
  readonly faults: readonly unknown[];
}

/** Starts a service as the host does, on the fake bus and a settable clock. `await service.stop()` at the end. */
export async function startOnFakeBus<P extends ServiceName, S extends SectionName>(
  definition: ServiceDefinition<P, S>,
  options: FakeStartOptions = {},
): Promise<ServiceUnderTest<P>> {
  const fake = options.fake ?? createFakeRedis();
  const clock = options.clock ?? createFakeClock();
  const mode = options.mode ?? aMode();
  const log = createRecordingLog();
  const faults: unknown[] = [];
  const onFault = (error: unknown) => void faults.push(error);
  const bus = fake.bus(definition.name, { log, onFault });
  await fake.bus('fleet').write((batch) => batch.setRecord(Records.fleetMode, mode));
  const settings = options.settings ?? defaultSettings();
  const running = await startService(definition, { bus, clock, settings, mode, log, onFault });
  return { ...running, fake, bus, clock, mode, lines: log.lines, faults };
}
