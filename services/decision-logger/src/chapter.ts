import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Ledger } from './ledger/ledger.ts';

/** What simulated figures depend on besides signals and market. */
export type FigureSettings = Pick<
  Settings['simulation'],
  'mode' | 'starting_balance' | 'position_size' | 'position_notional'
> &
  Pick<Settings['fees'], 'taker_fee' | 'maker_fee'>;

/** Which of a ledger's rows the figures are of: those behind these, and under which settings they came about last. */
export interface Chapter {
  readonly settings: FigureSettings;
  readonly decisions_after: number;
  readonly trades_after: number;
}

/**
 * The chapter to count in. Another mode or starting balance than at the last start begins a new one: what was earned under
 * the former would be shown as if it had been earned under these. Another size or fee shows in each trade, and counts on.
 */
export function openChapter(
  ledger: Pick<Ledger, 'chapter' | 'setChapter' | 'lastRows'>,
  { simulation, fees }: Pick<Settings, 'simulation' | 'fees'>,
  log: Logger,
): Chapter {
  const { mode, starting_balance, position_size, position_notional } = simulation;
  const { taker_fee, maker_fee } = fees;
  const settings = { mode, starting_balance, position_size, position_notional, taker_fee, maker_fee };
  const last = ledger.chapter();
  if (last && JSON.stringify(last.settings) === JSON.stringify(settings)) return last;
  const begins = last && (last.settings.mode !== mode || last.settings.starting_balance !== starting_balance);
  const { decisions_after, trades_after } = begins
    ? ledger.lastRows()
    : (last ?? { decisions_after: 0, trades_after: 0 });
  const chapter = { settings, decisions_after, trades_after };
  ledger.setChapter(chapter);
  if (begins)
    log.info(
      { before: last.settings, now: settings },
      'simulation mode or starting balance changed: the figures begin anew, earlier trades stay in ledger and CSV',
    );
  else if (last) log.info({ before: last.settings, now: settings }, 'size or fees of simulated trades changed');
  return chapter;
}
