import type { FleetMode, Mode, ServiceName } from '../domain/fleet.ts';
import type { SectionName, Settings } from '../domain/settings.ts';
import type { Bus } from './bus.ts';
import type { Clock } from './clock.ts';

/** Fields first, sentence second; pino's shape. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What the host hands a service. Whatever it starts through here is stopped with it, newest first. */
export interface ServiceContext<P extends ServiceName = ServiceName, S extends SectionName = SectionName> {
  readonly bus: Bus<P>;
  /** Market time: use it for every age, timer and cooldown that concerns the market. */
  readonly clock: Clock;
  readonly settings: Pick<Settings, S>;
  readonly mode: FleetMode;
  readonly log: Logger;
  /** Named, non-overlapping; a rejection is a fault of ours and ends the process. Wall time. */
  every(name: string, intervalMs: number, job: () => void | Promise<void>): void;
  onStop(name: string, cleanup: () => void | Promise<void>): void;
  /** A market message was handled at this age (ms): for the heartbeat. */
  observeAge(ageMs: number): void;
}

/** A service: what it is called, what it may know, where it works, how it starts. */
export interface ServiceDefinition<P extends ServiceName = ServiceName, S extends SectionName = SectionName> {
  readonly name: P;
  readonly settings: readonly S[];
  /** Modes in which it works; in any other it stays in STANDBY: a heartbeat, no work. */
  readonly modes: readonly Mode[];
  /** Whether its settings or the fleet's mode leave it nothing to do: then, too, it stays in STANDBY. */
  standsBy?(context: Pick<ServiceContext<P, S>, 'settings' | 'mode' | 'log'>): boolean;
  start(context: ServiceContext<P, S>): Promise<void>;
}

/** Types a definition; there is nothing else to it. */
export function defineService<const P extends ServiceName, const S extends SectionName>(
  definition: ServiceDefinition<P, S>,
): ServiceDefinition<P, S> {
  return definition;
}
