import type { Account } from '@helios/shared/domain/account.ts';
import type { Side } from '@helios/shared/domain/signal.ts';

/**
 * Open value on one side in the coins that move with a symbol, itself included, quote currency. An unknown correlation counts as
 * moving together. The opposite side does not count: it never makes room either.
 * @param correlation of the symbol with another one
 */
export function clusterNotional(
  { positions }: Account,
  entry: { readonly symbol: string; readonly side: Side },
  correlation: (other: string) => number | undefined,
  threshold: number,
): number {
  const together = positions.filter(({ symbol, side }) => {
    if (side !== entry.side) return false;
    return symbol === entry.symbol || (correlation(symbol) ?? 1) >= threshold;
  });
  return together.reduce((sum, { notional }) => sum + notional, 0);
}
