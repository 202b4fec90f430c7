import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { FigureSettings, Ledger, StatisticsEpoch } from './ledger/ledger.ts';

/**
 * Opens the statistics epoch. A mode, profile or starting balance that differs from the last start begins a new epoch: otherwise
 * earlier results would appear under the new settings. A changed size or fee shows in each trade, so the epoch continues.
 */
export function openStatisticsEpoch(
  ledger: Pick<Ledger, 'statisticsEpoch' | 'setStatisticsEpoch' | 'lastRows'>,
  { simulation, fees }: Pick<Settings, 'simulation' | 'fees'>,
  log: Logger,
): StatisticsEpoch {
  const { mode, profile, starting_balance, position_size, position_notional } = simulation;
  const { taker_fee, maker_fee } = fees;
  const settings = { mode, starting_balance, position_size, position_notional, taker_fee, maker_fee, profile };
  const last = withProfile(ledger.statisticsEpoch());
  if (last && JSON.stringify(last.settings) === JSON.stringify(settings)) return last;
  const begins = last && !isSameAccount(last.settings, settings);
  const { decisions_after, trades_after } = begins
    ? ledger.lastRows()
    : (last ?? { decisions_after: 0, trades_after: 0 });
  const statisticsEpoch = { settings, decisions_after, trades_after };
  ledger.setStatisticsEpoch(statisticsEpoch);
  if (begins)
    log.info(
      { before: last.settings, now: settings },
      'simulation mode, profile or starting balance changed: statistics start again, earlier trades stay in ledger and CSV',
    );
  else if (last) log.info({ before: last.settings, now: settings }, 'size or fees of simulated trades changed');
  return statisticsEpoch;
}

function isSameAccount(last: FigureSettings, now: FigureSettings): boolean {
  return last.mode === now.mode && last.profile === now.profile && last.starting_balance === now.starting_balance;
}

/** Adds the profile, which earlier versions did not store. */
function withProfile(statisticsEpoch: StatisticsEpoch | undefined): StatisticsEpoch | undefined {
  return (
    statisticsEpoch && {
      ...statisticsEpoch,
      settings: { ...statisticsEpoch.settings, profile: statisticsEpoch.settings.profile ?? 'simulation' },
    }
  );
}
