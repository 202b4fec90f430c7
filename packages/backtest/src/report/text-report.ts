import type { BacktestReport } from './backtest-report.ts';
import { type FigurePart, figureParts } from './figure-rows.ts';
import { counted, figure, minuteText } from './format.ts';
import { gateTable, groupTable, monthTable, type ReportTable } from './group-rows.ts';

/** Columns of the terminal that the report fills at most. */
const WIDTH = 100;

/** The report for the terminal. */
export function textReport(report: BacktestReport): string {
  const { verdict, groups, total, gates, months } = report;
  const parts = [headOf(report), ['Verdict', ...verdict.flatMap(({ text }) => wrapped(text, WIDTH, '  · '))]];
  for (const part of figureParts(report)) parts.push(figureLines(part));
  if (total.trades > 0) {
    for (const grouping of ['exitReason', 'regime', 'symbol', 'side', 'hour'] as const)
      parts.push(tableLines(groupTable(grouping, groups[grouping], total)));
    parts.push([
      ...wrapped('The parts add up to net, USDT. move: from mid to mid; bp ± se: net result per trade.', WIDTH, '  '),
    ]);
    parts.push(distributionLines(report));
  }
  if (gates.length > 0) parts.push(tableLines(gateTable(gates, total)));
  if (months.length > 1) parts.push(tableLines(monthTable(months)));
  return parts.map((lines) => lines.join('\n')).join('\n\n');
}

function headOf({ result, changed, mode }: BacktestReport): string[] {
  const { run, firstTs, lastTs, events, faults, badFrames, prices } = result;
  const settings = changed.map(({ path, value, standard }) => `${path} = ${value} (default ${standard || 'none'})`);
  return [
    ...wrapped(`Backtest of ${run}, ${mode}`, WIDTH),
    `  ${minuteText(firstTs)} to ${minuteText(lastTs)} UTC, ${counted(events, 'event')}, ${counted(prices.size, 'symbol')}`,
    `  ${counted(faults.length, 'fault')} in the recordings, ${counted(badFrames, 'bad frame')}`,
    ...(settings.length === 0
      ? ['  all settings at their defaults']
      : settings.flatMap((text) => wrapped(text, WIDTH, '  '))),
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

/** Lines of a table whose first column is text. */
export function tableLines({ title, columns, rows }: ReportTable): string[] {
  const widths = columns.map((name, index) => Math.max(name.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]) => {
    const padded = cells.map((cell, index) =>
      index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
    );
    return `  ${padded.join('  ')}`.trimEnd();
  };
  return [title, line(columns), ...rows.map(line)];
}

function distributionLines({ distribution: { quantiles } }: BacktestReport): string[] {
  const names = ['p0', 'p5', 'p25', 'p50', 'p75', 'p95', 'p100'] as const;
  return tableLines({
    title: 'Distribution of the net result per trade, bp',
    columns: ['quantile', 'least', '5 %', '25 %', 'median', '75 %', '95 %', 'most'],
    rows: [['', ...names.map((name) => figure(quantiles[name], 1))]],
  });
}

/** Breaks a text at spaces; later lines are indented as far as the first. */
function wrapped(text: string, width: number, start = ''): string[] {
  const lines: string[] = [];
  let line = start;
  for (const word of text.split(' ')) {
    const isFull = line.length + 1 + word.length > width && line.trim() !== '';
    if (isFull) lines.push(line.trimEnd());
    line = isFull ? `${' '.repeat(start.length)}${word} ` : `${line}${word} `;
  }
  return [...lines, line.trimEnd()];
}
