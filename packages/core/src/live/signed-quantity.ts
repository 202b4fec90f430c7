import { addQuantity } from '../price/significant-digits.ts';
import { signOf } from '../strategy/side-sign.ts';
import type { LiveContext } from './live-context.ts';

/** Quantity of our positions on a symbol, base currency; negative: short. */
export function signedQuantityOf({ positions }: Pick<LiveContext, 'positions'>, symbol: string): number {
  return positions.of(symbol).reduce((sum, { side, quantity }) => addQuantity(sum, signOf(side) * quantity), 0);
}
