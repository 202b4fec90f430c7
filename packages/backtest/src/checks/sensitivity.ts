import { valueText } from '@helios/shared/domain/settings/setting.ts';
import { currencyOf } from '../report/currency.ts';
import { counted, figure, signedFigure } from '../report/format.ts';
import type { CheckResult, HeatCell } from './check-result.ts';
import { type CheckedBacktest, recordRun } from './recorded-run.ts';
import { gridOf, settingAt, valueAt, withValue } from './setting-grid.ts';

/** Plays the data with each value of a setting over its range. A good value beside bad ones is a fit to these data. */
export async function checkSensitivity(checked: CheckedBacktest, path: string): Promise<CheckResult> {
  const name = `Sensitivity to ${path}`;
  const named = settingAt(path);
  if (named === undefined) return { name, verdict: 'NOT_JUDGED', lines: ['There is no such setting.'] };
  const { settings } = checked.options;
  const current = valueAt(settings, named);
  const grid = gridOf(named.setting, current);
  if (typeof grid === 'string') return { name, verdict: 'NOT_JUDGED', lines: [`It cannot be varied: ${grid}.`] };
  const cells: HeatCell[] = [];
  for (const value of grid) {
    const { result } = await recordRun(checked, { settings: withValue(settings, named, value) });
    const net = result.trades.reduce((sum, { realized_pnl }) => sum + realized_pnl, 0);
    const notional = result.trades.reduce((sum, { quantity, entry_price }) => sum + quantity * entry_price, 0);
    const detail = `${signedFigure(net)} ${currencyOf(result)}, ${counted(result.trades.length, 'trade')}`;
    const label = valueText(value);
    cells.push({
      label,
      value: notional > 0 ? (10_000 * net) / notional : undefined,
      detail,
      isCurrent: value === current,
    });
  }
  return {
    name,
    verdict: 'INFO',
    lines: [verdictOn(cells)],
    maps: [{ title: `${path}: net result, bp of the value`, cells }],
  };
}

function verdictOn(cells: readonly HeatCell[]): string {
  const known = cells.flatMap(({ value }) => value ?? []);
  const gaining = known.filter((value) => value > 0).length;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  if (known.length === 0) return 'No value leads to a trade.';
  return `${gaining} of ${counted(cells.length, 'value')} gain; the net result runs from ${signedFigure(low, 1)} to ${signedFigure(high, 1)} bp, a span of ${figure(high - low, 1)} bp.`;
}
