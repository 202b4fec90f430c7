import type { Side } from '@helios/shared/domain/signal.ts';

/** +1 for LONG, −1 for SHORT: multiplies a price move into a gain. */
export function signOf(side: Side): 1 | -1 {
  return side === 'LONG' ? 1 : -1;
}
