import { type Contract, mergerFields } from '../../listing/contract.ts';
import type { BookChange } from '../../market/served-book.ts';

/** The best prices after a change of the book. */
export type BestPrices = Pick<BookChange, 'lastId' | 'tsEvent' | 'bestBid' | 'bestAsk'>;

/** `<symbol>@bookTicker`: the best prices after a change. An empty side is written as 0. */
export function bookTickerMessage(contract: Contract, change: BestPrices, nowTs: number): Record<string, unknown> {
  const [b, B] = change.bestBid ?? ['0', '0'];
  const [a, A] = change.bestAsk ?? ['0', '0'];
  const { lastId, tsEvent } = change;
  const stamps = { T: tsEvent, E: Math.max(nowTs, tsEvent) };
  return { e: 'bookTicker', u: lastId, s: contract.symbol, b, B, a, A, ...stamps, ...mergerFields(contract) };
}
