import { meanWithError } from '@helios/backtest/statistics/mean-error.ts';
import { sqnOf } from '@helios/backtest/statistics/trade-figures.ts';
import type { NetResults } from './window-trades.ts';

export const OBJECTIVES = ['bound', 'sqn', 'net'] as const;
/**
 * What the search maximises. bound: the lower 95 % bound of the mean net result per trade, bp: it asks how much of the mean is sure, so
 * few trades and lucky ones count little. sqn: √n × mean / deviation of the results. net: their sum, quote currency.
 */
export type Objective = (typeof OBJECTIVES)[number];

/** Standard errors below the mean: 95 % one-sided. */
const BOUND_ERRORS = 1.645;

/** The score of trades; undefined below `minTrades` and where it is not defined. Higher is better. */
export function scoreOf({ netBp, net }: NetResults, objective: Objective, minTrades: number): number | undefined {
  if (netBp.length < minTrades) return undefined;
  if (objective === 'net') return net.reduce((sum, value) => sum + value, 0);
  if (objective === 'sqn') return sqnOf(netBp);
  const { mean, error } = meanWithError(netBp);
  return mean === undefined || error === undefined ? undefined : mean - BOUND_ERRORS * error;
}
