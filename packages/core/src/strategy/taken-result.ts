import type { Execution } from '@helios/shared/domain/execution.ts';
import type { OpenPosition } from '@helios/shared/domain/position.ts';
import { signOf } from './side-sign.ts';

/**
 * Net result of a position that is gone, basis points of its entry price, by the fill that ended it: earlier fills of the exit
 * count at the same price. Undefined without that fill.
 */
export function takenNetBp(position: OpenPosition, executions: readonly Execution[]): number | undefined {
  const { side, entry_price, entry_fee, quantity, funding = 0 } = position;
  const last = executions.findLast((each) => each.answer === 'FILLED' && each.purpose === 'EXIT' && each.side === side);
  if (last?.answer !== 'FILLED') return undefined;
  const { price, fee, quantity: closed } = last.fill;
  const costs = (entry_fee + funding) / quantity + fee / closed;
  return (10_000 * (signOf(side) * (price - entry_price) - costs)) / entry_price;
}
