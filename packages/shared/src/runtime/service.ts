import type { FleetMode, Mode, ServiceName } from '../domain/fleet.ts';
import type { SectionName, Settings } from '../domain/settings.ts';
import type { Bus } from './bus.ts';
import type { Clock } from './clock.ts';

/** A logger as in pino: fields first, message second. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What the host gives a service. The host stops everything started through it with the service, newest first. */
export interface ServiceContext<P extends ServiceName = ServiceName, S extends SectionName = SectionName> {
  readonly bus: Bus<P>;
  /** Market time: use it for every age, timer and cooldown that concerns the market. */
  readonly clock: Clock;
  readonly settings: Pick<Settings, S>;
  readonly mode: FleetMode;
  readonly log: Logger;
  /** Runs a named job repeatedly without overlap, by wall time. A rejection is a bug and ends the process. */
  every(name: string, intervalMs: number, job: () => void | Promise<void>): void;
  onStop(name: string, cleanup: () => void | Promise<void>): void;
  /** Reports the age (ms) of a handled market message, for the heartbeat. */
  observeAge(ageMs: number): void;
}

/** A service: its name, its settings, its modes and its start. */
export interface ServiceDefinition<P extends ServiceName = ServiceName, S extends SectionName = SectionName> {
  readonly name: P;
  readonly settings: readonly S[];
  /** Modes in which it works. In other modes it stays in STANDBY: heartbeats, but no work. */
  readonly modes: readonly Mode[];
  /** True if settings or mode leave it nothing to do: it then stays in STANDBY, too. */
  standsBy?(context: Pick<ServiceContext<P, S>, 'settings' | 'mode' | 'log'>): boolean;
  start(context: ServiceContext<P, S>): Promise<void>;
}

/** Returns the definition unchanged; only gives it its type. */
export function defineService<const P extends ServiceName, const S extends SectionName>(
  definition: ServiceDefinition<P, S>,
): ServiceDefinition<P, S> {
  return definition;
}
