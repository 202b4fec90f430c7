import { PerformanceStatistics } from '@helios/core/portfolio/statistics.ts';
import type { PerformanceSummary } from '@helios/shared/domain/statistics.ts';
import { gateSeparations } from '../attribution/gate-effects.ts';
import { judgeGates } from '../attribution/gate-judgements.ts';
import { judgeTrades } from '../attribution/judged-trade.ts';
import { GROUPINGS, groupOf, groupTrades } from '../attribution/trade-groups.ts';
import type { BacktestResult } from '../backtest-result.ts';
import { buyAndHold } from '../statistics/buy-and-hold.ts';
import type { SettingTrials } from '../statistics/deflated-sharpe.ts';
import { equityCurve } from '../statistics/equity-curve.ts';
import { monthsOf } from '../statistics/months.ts';
import {
  dailyReturnsOf,
  lastDayTs,
  performanceEstimates,
  performanceProbabilities,
} from '../statistics/performance-estimates.ts';
import { sharpeSampleOf } from '../statistics/probabilistic-sharpe.ts';
import { distributionOf } from '../statistics/result-distribution.ts';
import type { BacktestReport } from './backtest-report.ts';
import { changedSettings } from './changed-settings.ts';
import { verdictOf } from './verdict.ts';

/** Computes every figure of a result. `trials` are the settings that were tried before this one was chosen. */
export function reportOf(result: BacktestResult, trials: SettingTrials = { count: 1 }): BacktestReport {
  const { settings, run } = result;
  const { mode, starting_balance } = settings.simulation;
  const trades = judgeTrades(result);
  const equity = equityCurve(result);
  const hold = buyAndHold(result.prices, starting_balance);
  const netBps = trades.map(({ netBp }) => netBp);
  const series = { pnls: trades.map(({ costs }) => costs.net), netBps, daily: dailyReturnsOf(result) };
  const summary = summaryOf(result);
  const figures = {
    ...{ result, mode, summary, trades, equity },
    changed: changedSettings(settings),
    returnPct: (100 * summary.total_pnl) / starting_balance,
    estimates: performanceEstimates(series, settings.performance.risk_free_rate_pct, run),
    probabilities: performanceProbabilities(series, trials, run),
    total: groupOf('all', trades),
    groups: {
      exitReason: groupTrades(trades, GROUPINGS.exitReason),
      regime: groupTrades(trades, GROUPINGS.regime),
      hour: groupTrades(trades, GROUPINGS.hour),
      symbol: groupTrades(trades, GROUPINGS.symbol),
      side: groupTrades(trades, GROUPINGS.side),
    },
    gates: judgeGates(result, trades),
    gate_effects: gateSeparations({ refusals: result.refusals, trades }, run),
    months: monthsOf(result.trades, equity, hold?.points),
    distribution: distributionOf(netBps),
    ...(hold && { hold }),
  };
  return { ...figures, verdict: verdictOf(figures) };
}

/**
 * Reports of results: those of the same data count as trials of each other. `tried` is the least number of trials; so is the one
 * that a saved report counted.
 */
export function reportsOf(results: readonly BacktestResult[], tried = 1): BacktestReport[] {
  const byData = Map.groupBy(results, ({ run }) => run);
  return results.map((result) => {
    const trials = byData.get(result.run) ?? [];
    const counted = trials.map((trial) => trial.trials ?? 1);
    return reportOf(result, {
      count: Math.max(tried, trials.length, ...counted),
      sharpes: trials.flatMap(sharpesOf),
    });
  });
}

function sharpesOf(result: BacktestResult): number[] {
  const sample = sharpeSampleOf(judgeTrades(result).map(({ netBp }) => netBp));
  return sample ? [sample.sharpe] : [];
}

/** The figures of all trades, with the definitions of the fleet's own statistics. */
function summaryOf({ run, settings, trades, decisions, lastTs }: BacktestResult): PerformanceSummary {
  const statistics = new PerformanceStatistics({
    run,
    mode: settings.simulation.mode,
    startingBalance: settings.simulation.starting_balance,
    riskFreeRatePct: settings.performance.risk_free_rate_pct,
  });
  for (const trade of trades) statistics.addTrade(trade);
  for (const { outcome } of decisions) statistics.addOutcome(outcome, true);
  return { ...statistics.summary(lastDayTs(lastTs)), updated_ts: lastTs };
}
