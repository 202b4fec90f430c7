import type { SymbolMarket } from './symbol-market.ts';

/** What stands open of every contract, in quote. No source tells; it is made up, and does not move. */
const OPEN_NOTIONAL = 100_000_000;

/** Base quantity that is open, with three decimals; undefined before the first price. */
export function openInterest(market: SymbolMarket, nowTs: number): number | undefined {
  const mark = market.mark(nowTs);
  if (mark === undefined) return undefined;
  return Math.round((OPEN_NOTIONAL / Number(mark.markPrice)) * 1_000) / 1_000;
}
