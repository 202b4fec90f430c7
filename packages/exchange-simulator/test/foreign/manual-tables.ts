import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const MANUAL = join(import.meta.dirname, '../../../../docs/local-exchange.md');

export type ForeignClient = 'ccxt' | 'official' | 'binance';

/** A row of a table under “Foreign clients”: its cells by column. */
type ManualRow = Readonly<Record<string, string>>;

/** Names that a client's column gives for its calls, sorted. A cell without such a name gives the reason. */
export function callsInManual(client: ForeignClient, column: 'path' | 'method'): readonly string[] {
  return unique(rowsWith(column).flatMap((row) => quoted(row[client])));
}

/** Paths, or methods, of the rows where a client's column names a call, sorted. */
export function placesInManual(client: ForeignClient, column: 'path' | 'method'): readonly string[] {
  return unique(rowsWith(column).flatMap((row) => (quoted(row[client]).length === 0 ? [] : quoted(row[column]))));
}

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();
const quoted = (cell = ''): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** The rows of the section's tables that have a column of this name. */
function rowsWith(column: string): readonly ManualRow[] {
  const section =
    readFileSync(MANUAL, 'utf8')
      .split(/^## /m)
      .find((text) => text.startsWith('Foreign clients')) ?? '';
  let head: readonly string[] = [];
  const rows: ManualRow[] = [];
  for (const line of section.split('\n')) {
    const cells = line.startsWith('|')
      ? line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim())
      : [];
    if (cells.length === 0) head = [];
    else if (head.length === 0) head = cells;
    else if (head.includes(column) && !line.startsWith('|--'))
      rows.push(Object.fromEntries(head.map((name, place) => [name, cells[place] ?? ''])));
  }
  return rows;
}

/** Rows of the table of refusals, without marks of code. */
export function refusalsInManual(): readonly unknown[] {
  const plain = (text = ''): string => text.replaceAll('`', '');
  return rowsWith('refusal').map((row) => ({
    ...{ refusal: plain(row['refusal']), code: Number(row['code']), ccxt: plain(row['ccxt']) },
    'ccxt at the venue': plain(row['ccxt at the venue']),
    official: plain(row['official']),
  }));
}
