import type { MinutePrice } from '../backtest-result.ts';
import { drawdownPctOf, type EquityPoint } from './equity-curve.ts';

/** The market beside the strategy. */
export interface BuyAndHold {
  /** Percent of the starting balance. */
  readonly returnPct: number;
  readonly maxDrawdownPct: number;
  readonly points: readonly EquityPoint[];
}

/**
 * The starting balance spread evenly over all symbols at their first price and held to the last, without costs; as freqtrade's
 * market change, the mean of the relative changes. Undefined without prices.
 */
export function buyAndHold(
  prices: ReadonlyMap<string, readonly MinutePrice[]>,
  startingBalance: number,
): BuyAndHold | undefined {
  const growths = new Map<string, number>();
  const samples = [...prices].flatMap(([symbol, minutes]) => minutes.map((sample) => ({ symbol, ...sample })));
  if (samples.length === 0) return undefined;
  for (const symbol of prices.keys()) growths.set(symbol, 1);
  let peak = startingBalance;
  const points = samples
    .toSorted((a, b) => a.ts - b.ts)
    .map(({ symbol, ts, price }): EquityPoint => {
      growths.set(symbol, price / (prices.get(symbol)?.[0]?.price ?? price));
      const growth = [...growths.values()].reduce((sum, one) => sum + one, 0) / growths.size;
      const equity = startingBalance * growth;
      peak = Math.max(peak, equity);
      return { ts, equity, drawdownPct: drawdownPctOf(equity, peak) };
    });
  const last = points.at(-1)?.equity ?? startingBalance;
  return {
    returnPct: 100 * (last / startingBalance - 1),
    maxDrawdownPct: points.reduce((most, { drawdownPct }) => Math.max(most, drawdownPct), 0),
    points,
  };
}
