export type Cell = string | number | undefined;

/** One line of a CSV file as RFC 4180 has it, with its CRLF. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

/** A spreadsheet runs a text that begins like a formula; an apostrophe before it makes it a text again. */
const FORMULA = /^[=+\-@\t\r]/;

function quoted(cell: Cell): string {
  const text = typeof cell === 'string' && FORMULA.test(cell) ? `'${cell}` : String(cell ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
