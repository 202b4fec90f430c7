import type { ProcessName } from '../domain/fleet.ts';
import type { Bus } from './bus.ts';

/** What waits in a stream for its reader. */
export interface Backlog {
  /** How long the message at hand has waited since it was appended, ms. */
  readonly ageMs: number;
  /** Messages that are not handled yet; undefined where Redis does not count them. */
  readonly waiting: number | undefined;
}

/** A bus as its host sees it: deliveries can be ended while writes still work, for an orderly stop. */
export interface ManagedBus<P extends ProcessName> extends Bus<P> {
  /** No handler is called any more; resolves once the one that is running has ended. */
  stopDeliveries(): Promise<void>;
  /** How far this process is behind in the streams it consumes; undefined while it is less than a second. */
  backlog(): Promise<Backlog | undefined>;
}
