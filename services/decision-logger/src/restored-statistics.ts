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
  const { mode, starting_balance } = settings.simulation;
  const statistics = new PerformanceStatistics({
    run,
    mode,
    startingBalance: starting_balance,
    riskFreeRatePct: settings.performance.risk_free_rate_pct,
  });
  addRecorded(statistics, ledger, statisticsEpoch);
  return statistics;
}

interface LiveOptions {
  readonly ledger: Pick<Ledger, 'outcomes' | 'trades' | 'journal'>;
  readonly settings: Pick<Settings, 'performance'>;
  readonly run: string;
}

/** The statistics of all recorded live decisions and trades; they are not shown while the balance at the start is unknown. */
export function restoredLiveStatistics({ ledger, settings, run }: LiveOptions): PerformanceStatistics {
  const statistics = new PerformanceStatistics({
    run,
    mode: 'live',
    startingBalance: ledger.journal().startingBalance() ?? 0,
    riskFreeRatePct: settings.performance.risk_free_rate_pct,
  });
  addRecorded(statistics, ledger, { decisions_after: 0, trades_after: 0 });
  return statistics;
}

function addRecorded(
  statistics: PerformanceStatistics,
  ledger: Options['ledger'],
  { decisions_after, trades_after }: Pick<StatisticsEpoch, 'decisions_after' | 'trades_after'>,
): void {
  for (const { outcome, count } of ledger.outcomes(decisions_after)) statistics.addOutcome(outcome, true, count);
  for (const trade of ledger.trades(trades_after)) statistics.addTrade(trade);
}
