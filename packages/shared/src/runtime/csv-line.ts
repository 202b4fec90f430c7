import { printable } from './cli/printable.ts';

export type Cell = string | number | undefined;

/** One line of a CSV file as RFC 4180 has it, with its CRLF. Control characters in a text are written as escapes. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

/** A spreadsheet runs a text that begins like a formula; an apostrophe before it makes it a text again. */
const FORMULA = /^[=+\-@]/;

function quoted(cell: Cell): string {
  const text = typeof cell === 'string' ? textOf(printable(cell)) : String(cell ?? '');
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const textOf = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);
