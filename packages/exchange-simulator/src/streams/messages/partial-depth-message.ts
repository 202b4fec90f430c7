import { type Contract, mergerFields } from '../../listing/contract.ts';
import type { BookChange, BookView } from '../../market/served-book.ts';

/** `<symbol>@depth5…`: the best levels, best first; `first` is the oldest change since the previous message. */
export function partialDepthMessage(
  contract: Contract,
  book: BookView,
  first: BookChange,
  nowTs: number,
): Record<string, unknown> {
  return {
    e: 'depthUpdate',
    E: Math.max(nowTs, book.tsEvent),
    T: book.tsEvent,
    s: contract.symbol,
    ...mergerFields(contract),
    U: first.firstId,
    u: book.lastUpdateId,
    pu: first.previousId,
    b: book.bids,
    a: book.asks,
  };
}
