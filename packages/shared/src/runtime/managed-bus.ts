import type { ProcessName } from '../domain/fleet.ts';
import type { Bus } from './bus.ts';

/** How far a reader is behind in a stream. */
export interface Backlog {
  /** Time since the current message was appended, ms. */
  readonly ageMs: number;
  /** Number of unhandled messages; undefined if Redis does not count them. */
  readonly waiting: number | undefined;
}

/** The bus for the host, which can end deliveries while writes still work, for an orderly stop. */
export interface ManagedBus<P extends ProcessName> extends Bus<P> {
  /** Calls no more handlers. Resolves once the running one has ended. */
  stopDeliveries(): Promise<void>;
  /** How far this process is behind in its streams; undefined below one second. */
  backlog(): Promise<Backlog | undefined>;
}
