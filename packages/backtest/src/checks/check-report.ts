import { figure, signedFigure } from '../report/format.ts';
import { tableLines, wrapped } from '../report/text-table.ts';
import type { CheckResult, HeatCell, HeatMap } from './check-result.ts';

/** Five degrees from loss to gain. */
const SHADES = ['░░', '▒▒', '▓▓', '██'] as const;

const VERDICTS = { PASSED: 'passed', FAILED: 'FAILED', NOT_JUDGED: 'not judged', INFO: 'figures' } as const;

/** The checks for the terminal. */
export function checkText(results: readonly CheckResult[]): string {
  return results.map((result) => textOf(result).join('\n')).join('\n\n');
}

function textOf({ name, verdict, lines, tables = [], maps = [] }: CheckResult): string[] {
  return [
    `${name}: ${VERDICTS[verdict]}`,
    ...lines.flatMap((line) => wrapped(line, '  · ')),
    ...tables.flatMap(tableLines),
    ...maps.flatMap(mapLines),
  ];
}

function mapLines({ title, cells }: HeatMap): string[] {
  const width = Math.max(...cells.map(({ label }) => label.length)) + 2;
  const rows = cells.map((cell) => {
    const mark = cell.isCurrent ? '→' : ' ';
    const bp = (cell.value === undefined ? figure(undefined) : signedFigure(cell.value, 1)).padStart(8);
    return `  ${mark}${cell.label.padStart(width)}  ${SHADES[heatDegreeOf(cell, cells)] ?? '  '} ${bp} bp  ${cell.detail}`;
  });
  return [title, ...rows];
}

/** 0 for the worst value to 3 for the best one; −1 without a value. */
export function heatDegreeOf({ value }: HeatCell, cells: readonly HeatCell[]): number {
  if (value === undefined) return -1;
  const known = cells.flatMap((cell) => cell.value ?? []);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return high === low ? 1 : Math.min(3, Math.floor((4 * (value - low)) / (high - low)));
}
