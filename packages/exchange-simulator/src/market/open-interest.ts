import type { SymbolMarket } from './symbol-market.ts';

/** Open interest of every contract, in quote. It is made up and constant, because no source has it. */
const OPEN_NOTIONAL = 100_000_000;

/** Open interest in base, with three decimals; undefined before the first price. */
export function openInterest(market: SymbolMarket, nowTs: number): number | undefined {
  const mark = market.mark(nowTs);
  if (mark === undefined) return undefined;
  return Math.round((OPEN_NOTIONAL / Number(mark.markPrice)) * 1_000) / 1_000;
}
