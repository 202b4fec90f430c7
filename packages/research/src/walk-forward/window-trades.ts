import type { TradeColumns } from '../trial.ts';
import type { MarketWindow } from './folds.ts';

/** Net results of some trades, in order of closing. */
export interface NetResults {
  /** Basis points of the value at entry. */
  readonly netBp: readonly number[];
  /** Quote currency. */
  readonly net: readonly number[];
  /** Epoch ms. */
  readonly exitTs: readonly number[];
}

/** The trades that were entered in a window and ended before `endTs`: what happens later must not teach (purging). */
export function tradesIn(
  trades: TradeColumns,
  { fromTs, toTs }: MarketWindow,
  endTs = Number.POSITIVE_INFINITY,
): NetResults {
  const found = { netBp: [] as number[], net: [] as number[], exitTs: [] as number[] };
  for (const [n, entryTs] of trades.entryTs.entries()) {
    const exit = trades.exitTs[n] ?? 0;
    if (entryTs < fromTs || entryTs >= toTs || exit >= endTs) continue;
    found.netBp.push(trades.netBp[n] ?? 0);
    found.net.push(trades.net[n] ?? 0);
    found.exitTs.push(exit);
  }
  return found;
}
