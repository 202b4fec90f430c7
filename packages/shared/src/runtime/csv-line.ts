import { printable } from './cli/printable.ts';

export type Cell = string | number | undefined;

/** One CSV line by RFC 4180, with CRLF. Writes control characters in a text as escapes. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

/** A spreadsheet runs text that begins like a formula. An apostrophe in front keeps it text. */
const FORMULA = /^[=+\-@]/;

function quoted(cell: Cell): string {
  const text = typeof cell === 'string' ? textOf(printable(cell)) : String(cell ?? '');
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const textOf = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);
