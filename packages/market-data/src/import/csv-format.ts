import type { ForeignRow } from './foreign-row.ts';

/** Reads the rows of one file. Several lines may make one row. */
export interface RowReader {
  /** The row that this line completes, undefined if it completes none; a text with the problem of the line. */
  read(cells: readonly string[], line: number): ForeignRow | string | undefined;
  /** The row that the end of the file completes. */
  rest(): ForeignRow | undefined;
}

/** Place of each column of a format in the lines of a file. */
export type ColumnPlaces = ReadonlyMap<string, number>;

/** A known kind of CSV file. */
export interface CsvFormat {
  readonly name: string;
  readonly gives: 'BOOK' | 'TRADE';
  /** True if each line names its symbol; otherwise the name of the file does. */
  readonly hasSymbol: boolean;
  /** Columns that a file of this format has, by its names; other spellings of a name follow after a bar. */
  readonly columns: readonly string[];
  /** Order of the columns in files without a header; absent if all files have one. */
  readonly bare?: (cells: readonly string[]) => readonly string[] | undefined;
  readonly open: (at: ColumnPlaces, symbol: string) => RowReader;
}

/** A reader of lines that are a row each. */
export function rowPerLine(
  read: (cells: readonly string[], line: number) => ForeignRow | string | undefined,
): RowReader {
  return { read, rest: () => undefined };
}

/** Places of the format's columns in a header; undefined if one is missing. */
export function placesIn(header: readonly string[], { columns }: Pick<CsvFormat, 'columns'>): ColumnPlaces | undefined {
  const names = header.map((name) => name.trim().toLowerCase());
  const places = new Map<string, number>();
  for (const column of columns) {
    const spellings = column.split('|');
    const at = names.findIndex((name) => spellings.includes(name));
    if (at < 0) return undefined;
    places.set(spellings[0] ?? column, at);
  }
  return places;
}
