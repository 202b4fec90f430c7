import { figure, signedFigure } from '../report/format.ts';
import { htmlDocument } from '../report/html/document.ts';
import { escapeHtml } from '../report/html/markup.ts';
import { htmlTable } from '../report/html/table.ts';
import { heatDegreeOf } from './check-report.ts';
import type { CheckResult, HeatMap } from './check-result.ts';

const WORDS = {
  PASSED: ['good', 'Passed'],
  FAILED: ['bad', 'Failed'],
  NOT_JUDGED: ['doubt', 'Not judged'],
  INFO: ['note', 'Figures'],
} as const;
/** Background of each degree: opaque enough in light and dark. */
const OPACITY = [0.1, 0.3, 0.55, 0.8] as const;

/** The checks as one page without script or network. */
export function checkPage(run: string, results: readonly CheckResult[]): string {
  const title = `Checks of the backtest of ${run}`;
  return htmlDocument(title, results.map(sectionOf).join('\n'));
}

function sectionOf({ name, verdict, lines, tables = [], maps = [] }: CheckResult): string {
  const [look, word] = WORDS[verdict];
  const remarks = lines.map((line) => `<li class="${look}"><b>${word}</b><span>${escapeHtml(line)}</span></li>`);
  return [
    `<h2>${escapeHtml(name)}</h2><ul class="verdict">${remarks.join('')}</ul>`,
    ...tables.map(htmlTable),
    ...maps.map(heatTable),
  ].join('\n');
}

function heatTable({ title, cells }: HeatMap): string {
  const rows = cells.map((cell) => {
    const colour = (cell.value ?? 0) < 0 ? '200,60,60' : '40,140,80';
    const opacity = OPACITY[heatDegreeOf(cell, cells)] ?? 0;
    const bp = cell.value === undefined ? figure(undefined) : signedFigure(cell.value, 1);
    const label = escapeHtml(cell.isCurrent ? `${cell.label} (now)` : cell.label);
    return `<tr><td>${label}</td><td style="background:rgba(${colour},${opacity})">${bp}</td><td>${escapeHtml(cell.detail)}</td></tr>`;
  });
  const head = '<thead><tr><th>value</th><th>bp</th><th>result</th></tr></thead>';
  return `<div><h3>${escapeHtml(title)}</h3><div class="wide"><table>${head}<tbody>${rows.join('')}</tbody></table></div></div>`;
}
