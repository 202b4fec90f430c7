import type { CheckedFile } from '@helios/market-data/check/check-data-files.ts';
import type { DataFault } from '@helios/market-data/check/data-fault.ts';
import type { SymbolFigures } from '@helios/market-data/check/symbol-check.ts';
import { counted, figure, spanText } from '../report/format.ts';
import { tableLines } from '../report/text-table.ts';

const COUNTS = ['symbol', 'depth', 'trades', 'tickers', 'marks', 'snapshots'];
const TIMES = ['symbol', 'from (UTC)', 'span', 'without book', 'longest silence', 'received − sent', 'at most'];

/** Lines about one checked file: its counts, its times and its faults. */
export function checkedFileLines({ file, lines, symbols, faults }: CheckedFile): string[] {
  const all = [...symbols];
  const tables =
    all.length === 0
      ? []
      : [
          ...tableLines({ title: '', columns: COUNTS, rows: all.map(countsRow) }),
          ...tableLines({ title: '', columns: TIMES, rows: all.map(timesRow) }),
        ];
  return [
    `${file}: ${counted(lines, 'line')}`,
    ...tables,
    '',
    ...faults.map(faultLine),
    ...(faults.length > 0 ? [''] : []),
  ];
}

/** The last line of a check. */
export function checkVerdict(files: readonly Pick<CheckedFile, 'faults'>[]): string {
  const bad = files.filter(({ faults }) => faults.length > 0).length;
  return bad === 0
    ? `No faults in ${counted(files.length, 'file')}.`
    : `Faults in ${bad} of ${counted(files.length, 'file')}.`;
}

function countsRow([symbol, { depth, trades, tickers, marks, snapshots }]: [string, SymbolFigures]): string[] {
  return [symbol, ...[depth, trades, tickers, marks, snapshots].map((count) => figure(count, 0))];
}

function timesRow([symbol, figures]: [string, SymbolFigures]): string[] {
  const { fromTs, toTs, withoutBookMs, longestSilenceMs, clock } = figures;
  const hasTime = fromTs <= toTs;
  return [
    symbol,
    hasTime ? new Date(fromTs).toISOString().slice(0, 19).replace('T', ' ') : figure(undefined),
    spanText(hasTime ? toTs - fromTs : 0),
    `${figure(withoutBookMs / 1_000, 1)} s`,
    `${figure(longestSilenceMs / 1_000, 1)} s`,
    `${figure(clock.medianMs, 0)} ms`,
    `${figure(clock.maxMs, 0)} ms`,
  ];
}

function faultLine({ kind, symbol, count, line, detail }: DataFault): string {
  const where = line === 0 ? '' : `, first at line ${line}`;
  return `  ${kind}${symbol === undefined ? '' : ` ${symbol}`}: ${figure(count, 0)}${where}: ${detail}`;
}
