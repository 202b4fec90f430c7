import type { Level } from '@helios/shared/domain/market-data.ts';
import { type Contract, mergerFields } from '../../listing/contract.ts';
import type { BookChange } from '../../market/served-book.ts';

/** `<symbol>@depth…`: one update from several changes of a book, oldest first. `nowTs` is the send time. */
export function depthMessage(
  contract: Contract,
  [first, ...others]: readonly [BookChange, ...BookChange[]],
  nowTs: number,
): Record<string, unknown> {
  const last = others.at(-1) ?? first;
  const changes = [first, ...others];
  return {
    e: 'depthUpdate',
    E: Math.max(nowTs, last.tsEvent),
    T: last.tsEvent,
    s: contract.symbol,
    ...mergerFields(contract),
    U: first.firstId,
    u: last.lastId,
    pu: first.previousId,
    b: merged(changes.map(({ bids }) => bids)),
    a: merged(changes.map(({ asks }) => asks)),
  };
}

/** The last quantity of each price, prices ascending. */
function merged(changes: readonly (readonly Level[])[]): readonly Level[] {
  const levels = new Map<number, Level>();
  for (const level of changes.flat()) levels.set(Number(level[0]), level);
  return [...levels].sort(([a], [b]) => a - b).map(([, level]) => level);
}
