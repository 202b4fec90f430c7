import type { BacktestReport } from './backtest-report.ts';
import { figureParts } from './figure-rows.ts';
import { ABSENT } from './format.ts';
import type { ReportTable } from './group-rows.ts';
import { tableLines, wrapped } from './text-table.ts';

/** Reports that fit beside each other into 100 columns. */
const A_ROW = 4;

/** Name of each report: what tells it from the others. */
export function comparedNames(reports: readonly BacktestReport[]): string[] {
  const modes = new Set(reports.map(({ mode }) => mode));
  return reports.map(({ mode }, index) => (modes.size === reports.length ? mode : `${index + 1}: ${mode}`));
}

/** The figures of several reports beside each other; intervals below their figures. */
export function compareTable(reports: readonly BacktestReport[], names: readonly string[]): ReportTable {
  const columns = reports.map((report) => figureParts(report).flatMap(({ rows }) => rows));
  const rows = (columns[0] ?? []).flatMap(({ name }, at) => {
    const names = new Set(columns.map((column) => column[at]?.name ?? name));
    const values = [[...names].join(' / '), ...columns.map((column) => column[at]?.value ?? '')];
    const intervals = columns.map((column) => column[at]?.interval ?? ABSENT);
    return intervals.every((text) => text === ABSENT) ? [values] : [values, ['', ...intervals]];
  });
  return { title: 'Figures, with 95 % intervals below', columns: ['', ...names], rows };
}

/** What differs between the reports: data and settings. */
export function differencesTable(reports: readonly BacktestReport[]): ReportTable {
  const settings = reports.map(({ changed }) => new Map(changed.map(({ path, value }) => [path, value])));
  const standards = new Map(reports.flatMap(({ changed }) => changed.map(({ path, standard }) => [path, standard])));
  const rows = [...standards].map(([path, standard]) => [path, ...settings.map((own) => own.get(path) ?? standard)]);
  const differing = rows.filter(([, ...values]) => new Set(values).size > 1);
  return { title: 'Settings that differ', columns: ['', ...comparedNames(reports)], rows: differing };
}

/** The comparison for the terminal. */
export function compareText(reports: readonly BacktestReport[]): string {
  const names = comparedNames(reports);
  const head = reports.flatMap(({ result }, index) => wrapped(`${names[index]}: ${result.run}`, '  '));
  const parts = [['Compared', ...head].join('\n')];
  for (let at = 0; at < reports.length; at += A_ROW) {
    const row = reports.slice(at, at + A_ROW);
    parts.push(tableLines(compareTable(row, names.slice(at, at + A_ROW))).join('\n'));
  }
  const differences = differencesTable(reports);
  const settings = differences.rows.flatMap(([path, ...values]) =>
    wrapped(`${path}: ${values.map((value, index) => `${names[index]} ${value}`).join('; ')}`, '  '),
  );
  if (settings.length > 0) parts.push([differences.title, ...settings].join('\n'));
  const verdicts = reports.flatMap(({ verdict }, index) => wrapped(`${names[index]}: ${verdict[0]?.text}`, '  '));
  return [...parts, ['Verdict', ...verdicts].join('\n')].join('\n\n');
}
