import type { BacktestReport } from './backtest-report.ts';
import { currencyOf } from './currency.ts';
import { type FigurePart, figureParts } from './figure-rows.ts';
import { counted, figure, minuteText } from './format.ts';
import { gateEffectTable, gateTable, groupTable, monthTable } from './group-rows.ts';
import { tableLines, wrapped } from './text-table.ts';

/** The report for the terminal. */
export function textReport(report: BacktestReport): string {
  const { verdict, groups, total, gates, months } = report;
  const parts = [headOf(report), ['Verdict', ...verdict.flatMap(({ text }) => wrapped(text, '  · '))]];
  for (const part of figureParts(report)) parts.push(figureLines(part));
  if (total.trades > 0) {
    for (const grouping of ['exitReason', 'regime', 'symbol', 'side', 'hour'] as const)
      parts.push(tableLines(groupTable(grouping, groups[grouping], total)));
    parts.push([
      ...wrapped(
        `The parts add up to net, ${currencyOf(report.result)}. move: from mid to mid; bp ± se: net result per trade.`,
        '  ',
      ),
    ]);
    parts.push(distributionLines(report));
  }
  if (gates.length > 0) parts.push(tableLines(gateTable(gates, total)));
  if (report.gate_effects.length > 0) parts.push(tableLines(gateEffectTable(report.gate_effects)));
  if (months.length > 1) parts.push(tableLines(monthTable(months)));
  if (report.result.models.length > 0)
    parts.push(['Models', ...report.result.models.flatMap((text) => wrapped(text, '  · '))]);
  return parts.map((lines) => lines.join('\n')).join('\n\n');
}

function headOf({ result, changed, mode }: BacktestReport): string[] {
  const { run, firstTs, lastTs, events, faults, badFrames, prices } = result;
  const settings = changed.map(({ path, value, standard }) => `${path} = ${value} (default ${standard || 'none'})`);
  return [
    ...wrapped(`Backtest of ${run}, ${mode}`),
    `  ${minuteText(firstTs)} to ${minuteText(lastTs)} UTC, ${counted(events, 'event')}, ${counted(prices.size, 'symbol')}`,
    `  ${counted(faults.length, 'fault')} in the recordings, ${counted(badFrames, 'bad frame')}`,
    ...(settings.length === 0 ? ['  all settings at their defaults'] : settings.flatMap((text) => wrapped(text, '  '))),
  ];
}

function figureLines({ title, rows }: FigurePart): string[] {
  const hasIntervals = rows.some(({ interval }) => interval !== undefined);
  const head = hasIntervals ? `${title.padEnd(34)}${''.padStart(14)}${'95 % interval'.padStart(26)}` : title;
  const lines = rows.map(({ name, value, interval }) =>
    `  ${name.padEnd(32)}${value.padStart(14)}${interval === undefined ? '' : interval.padStart(26)}`.trimEnd(),
  );
  return [head, ...lines];
}

function distributionLines({ distribution: { quantiles } }: BacktestReport): string[] {
  const names = ['p0', 'p5', 'p25', 'p50', 'p75', 'p95', 'p100'] as const;
  return tableLines({
    title: 'Distribution of the net result per trade, bp',
    columns: ['quantile', 'least', '5 %', '25 %', 'median', '75 %', '95 %', 'most'],
    rows: [['', ...names.map((name) => figure(quantiles[name], 1))]],
  });
}
