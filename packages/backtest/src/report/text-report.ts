import { PerformanceStatistics } from '@helios/core/portfolio/statistics.ts';
import type { PerformanceSummary } from '@helios/shared/domain/statistics.ts';
import type { BacktestResult } from '../backtest-result.ts';

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
  return statistics.summary(lastTs);
}

/** The report for the terminal. */
export function textReport(result: BacktestResult): string {
  const summary = summaryOf(result);
  const minutes = (result.lastTs - result.firstTs) / 60_000;
  const rows: readonly (readonly [string, string])[] = [
    ['data', `${result.run}, ${minutes.toFixed(1)} minutes, ${result.events} events`],
    ['trades', `${summary.total_trades}, won ${summary.wins}, lost ${summary.losses}`],
    ['PnL', `${summary.total_pnl.toFixed(2)} USDT after ${summary.total_fees.toFixed(2)} of fees`],
    ['drawdown', `${summary.max_drawdown_pct.toFixed(2)} %`],
    ['refusals', String(result.refusals.length)],
  ];
  const lines = rows.map(([name, value]) => `${name.padEnd(10)} ${value}`);
  return [...lines, ...result.assumptions].join('\n');
}
