import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { drawdownPctOf } from '../statistics/equity-curve.ts';

/** Fees vary by this share; slippage by a log-normal factor of mean 1 and this deviation of its logarithm. */
const FEE_SHARE = 0.2;
const SLIPPAGE_SIGMA = 0.5;

/** Largest fall of realised equity from its peak, percent of the peak. */
export function maxDrawdownPct(pnls: readonly number[], balance: number): number {
  let [equity, peak, most] = [balance, balance, 0];
  for (const pnl of pnls) {
    equity += pnl;
    peak = Math.max(peak, equity);
    most = Math.max(most, drawdownPctOf(equity, peak));
  }
  return most;
}

/** Largest drawdowns of the same trades in other orders, percent. */
export function shuffledDrawdowns(pnls: readonly number[], balance: number, draws: number, seed: string): number[] {
  const rng = new Rng(`${seed}:order`);
  const order = [...pnls];
  return Array.from({ length: draws }, () => {
    // Fisher and Yates.
    for (let at = order.length - 1; at > 0; at -= 1) {
      const other = rng.below(at + 1);
      [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
    }
    return maxDrawdownPct(order, balance);
  });
}

/** Net results where fees and slippage are others. Slippage is part of the prices, so only its change counts. */
export function variedCosts(
  trades: readonly Pick<ClosedTrade, 'realized_pnl' | 'fees' | 'slippage'>[],
  draws: number,
  seed: string,
): number[] {
  const rng = new Rng(`${seed}:costs`);
  return Array.from({ length: draws }, () => {
    const feeFactor = rng.between(1 - FEE_SHARE, 1 + FEE_SHARE);
    return trades.reduce((net, { realized_pnl, fees, slippage = 0 }) => {
      const more = fees * (feeFactor - 1) + slippage * (rng.logNormal(SLIPPAGE_SIGMA) - 1);
      return net + realized_pnl - more;
    }, 0);
  });
}
