import type { ReportTable } from '../group-rows.ts';
import { escapeHtml } from './markup.ts';

/** A table with its title. */
export function htmlTable({ title, columns, rows }: ReportTable): string {
  const cells = (row: readonly string[], tag: 'th' | 'td') =>
    row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('');
  const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('');
  const head = `<thead><tr>${cells(columns, 'th')}</tr></thead>`;
  const heading = title === '' ? '' : `<h3>${escapeHtml(title)}</h3>`;
  return `<div>${heading}<div class="wide"><table>${head}<tbody>${body}</tbody></table></div></div>`;
}
