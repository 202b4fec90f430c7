import { PerformanceStatistics } from '@helios/core/portfolio/statistics.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Ledger, StatisticsEpoch } from './ledger/ledger.ts';

interface Options {
  readonly ledger: Pick<Ledger, 'outcomes' | 'trades'>;
  readonly statisticsEpoch: StatisticsEpoch;
  readonly settings: Pick<Settings, 'simulation' | 'performance'>;
  readonly run: string;
}

/** The statistics of all recorded decisions and trades of the epoch. */
export function restoredStatistics({ ledger, statisticsEpoch, settings, run }: Options): PerformanceStatistics {
  const statistics = new PerformanceStatistics({
    run,
    mode: settings.simulation.mode,
    startingBalance: settings.simulation.starting_balance,
    riskFreeRatePct: settings.performance.risk_free_rate_pct,
  });
  for (const { outcome, count } of ledger.outcomes(statisticsEpoch.decisions_after))
    statistics.addOutcome(outcome, true, count);
  for (const trade of ledger.trades(statisticsEpoch.trades_after)) statistics.addTrade(trade);
  return statistics;
}
