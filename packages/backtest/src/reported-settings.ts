import type { BacktestOptions } from './backtest-options.ts';
import { type BacktestResult, REPORTED_SECTIONS } from './backtest-result.ts';

/** The settings of the sections that can change a backtest, and those of them that the command line changed. */
export function reportedSettings({
  settings,
  changed,
}: Pick<BacktestOptions, 'settings' | 'changed'>): Pick<BacktestResult, 'settings' | 'changed'> {
  const sections: ReadonlySet<string> = new Set(REPORTED_SECTIONS);
  const isReported = ([path]: readonly [string, unknown]) => sections.has(path.split('.')[0] ?? '');
  return {
    settings: Object.fromEntries(Object.entries(settings).filter(isReported)) as BacktestResult['settings'],
    changed: Object.fromEntries(Object.entries(changed).filter(isReported)),
  };
}
