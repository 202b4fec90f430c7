import type { ProcessName } from '../domain/fleet.ts';
import type { Bus } from './bus.ts';

/** A bus as its host sees it: deliveries can be ended while writes still work, for an orderly stop. */
export interface ManagedBus<P extends ProcessName> extends Bus<P> {
  /** No handler is called any more; resolves once the one that is running has ended. */
  stopDeliveries(): Promise<void>;
}
