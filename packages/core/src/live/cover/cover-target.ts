import type { Side } from '@helios/shared/domain/signal.ts';
import { signOf } from '../../strategy/side-sign.ts';
import type { LiveStop } from '../venue-port.ts';
import type { TrackedStop } from './tracked-stop.ts';

/** The stop that a position needs. Quantity in base currency on the step, price in quote currency on the tick. */
export interface CoverTarget {
  readonly side: Side;
  readonly quantity: number;
  readonly stopPrice: number;
}

/** What a stop for the target does. */
export function stopActionOf({ side }: CoverTarget): LiveStop['action'] {
  return side === 'LONG' ? 'SELL' : 'BUY';
}

/** The stop for the target under an id. */
export function stopTermsOf(
  { clientAlgoId, symbol }: Pick<LiveStop, 'clientAlgoId' | 'symbol'>,
  target: CoverTarget,
): LiveStop {
  const { quantity, stopPrice } = target;
  return { clientAlgoId, symbol, action: stopActionOf(target), quantity, triggerPrice: stopPrice };
}

/** True if the price has reached the trigger, or is beyond it. */
export function isBeyond(side: Side, price: number, triggerPrice: number): boolean {
  return signOf(side) * (price - triggerPrice) <= 0;
}

/** True for a stop that closes this position, of any size, and is not about to be removed. */
export function isFor(target: CoverTarget, stop: TrackedStop): boolean {
  return stop.terms.action === stopActionOf(target) && stop.cancelMs === undefined;
}

/** The wanted price, or that of a resting stop of the position that lies nearer to the market: a stop never moves back. */
export function nearestPrice(target: CoverTarget, stops: readonly TrackedStop[]): number {
  const resting = stops.filter((stop) => isFor(target, stop) && stop.phase === 'RESTING');
  const prices = [target.stopPrice, ...resting.map(({ terms }) => terms.triggerPrice)];
  return target.side === 'LONG' ? Math.max(...prices) : Math.min(...prices);
}

/** True if the stop rests and closes the whole position. */
export function coversWhole(target: CoverTarget, stop: TrackedStop): boolean {
  const { quantity } = stop.terms;
  return isFor(target, stop) && stop.phase === 'RESTING' && (quantity === 0 || quantity >= target.quantity);
}
