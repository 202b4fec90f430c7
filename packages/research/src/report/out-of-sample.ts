import { drawdownPctOf, type EquityPoint } from '@helios/backtest/statistics/equity-curve.ts';
import {
  type PerformanceEstimates,
  type PerformanceProbabilities,
  performanceEstimates,
  performanceProbabilities,
} from '@helios/backtest/statistics/performance-estimates.ts';
import { DailyReturns } from '@helios/core/portfolio/daily-returns.ts';
import type { PlayedTrial } from '../trial.ts';
import type { Fold, MarketWindow } from '../walk-forward/folds.ts';
import { type NetResults, tradesIn } from '../walk-forward/window-trades.ts';

/** What settings earned in the test windows of all folds, one after the other. */
export interface OutOfSample extends NetResults {
  readonly estimates: PerformanceEstimates;
  readonly probabilities: PerformanceProbabilities;
  /** Sum of the net results, quote currency. */
  readonly netSum: number;
  readonly equity: readonly EquityPoint[];
}

/** All that the figures need besides the trades. */
export interface OutOfSampleTerms {
  readonly window: MarketWindow;
  readonly startingBalance: number;
  readonly riskFreeRatePct: number;
  /** Number of settings that were tried. */
  readonly tried: number;
  /** Seeds the resamples. */
  readonly label: string;
}

/** The test trades of each fold, with the result that was chosen there; a fold without a choice does not trade. */
export function stitched(folds: readonly Fold[], results: readonly (PlayedTrial | undefined)[]): NetResults {
  const parts = folds.map(({ test }, n) => {
    const result = results[n];
    return result === undefined ? { netBp: [], net: [], exitTs: [] } : tradesIn(result.trades, test);
  });
  return {
    netBp: parts.flatMap(({ netBp }) => netBp),
    net: parts.flatMap(({ net }) => net),
    exitTs: parts.flatMap(({ exitTs }) => exitTs),
  };
}

/**
 * Figures of trades out of sample. The deflated Sharpe ratio asks more than it must: whether even the best of all tried settings,
 * chosen on these very trades, would look like this by luck. Their ratios are taken to differ by chance alone.
 */
export function outOfSampleOf(trades: NetResults, terms: OutOfSampleTerms): OutOfSample {
  const { window, startingBalance, riskFreeRatePct, tried, label } = terms;
  const daily = new DailyReturns(riskFreeRatePct);
  let [equity, peak] = [startingBalance, startingBalance];
  const points: EquityPoint[] = [{ ts: window.fromTs, equity, drawdownPct: 0 }];
  for (const [n, net] of trades.net.entries()) {
    const ts = trades.exitTs[n] ?? window.toTs;
    daily.add(equity, equity + net, ts);
    equity += net;
    peak = Math.max(peak, equity);
    points.push({ ts, equity, drawdownPct: drawdownPctOf(equity, peak) });
  }
  const series = { pnls: trades.net, netBps: trades.netBp, daily: daily.series(window.toTs) };
  return {
    ...trades,
    estimates: performanceEstimates(series, riskFreeRatePct, label),
    probabilities: performanceProbabilities(series, { count: tried }, label),
    netSum: equity - startingBalance,
    equity: [...points, { ts: window.toTs, equity, drawdownPct: drawdownPctOf(equity, peak) }],
  };
}
