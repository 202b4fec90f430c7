import { z } from 'zod';

/** A value of a record; objects inside records are stored on their own. */
type Cell = string | number | boolean | undefined;

/** Far above any result, and few enough to hold. */
const MAX_ROWS = 20_000_000;

const Scalar = z.union([z.string(), z.number(), z.boolean()]);
const Column = z.union([
  /** Every record has this value. */
  z.strictObject({ same: Scalar }),
  /** Few different values: their places in the list; −1 is absent. */
  z.strictObject({ of: z.array(Scalar), at: z.array(z.number().int()) }),
  /** Whole numbers that mostly grow, such as times: the first one, then the difference to the one before. */
  z.strictObject({ first: z.number().int(), steps: z.array(z.number().int()) }),
  /** `null` is absent. */
  z.strictObject({ values: z.array(Scalar.nullable()) }),
]);
type Column = z.infer<typeof Column>;

/** Records of one kind by column: a saved result is a seventh as large as with records. */
export const SavedColumns = z
  .strictObject({ rows: z.number().int().nonnegative().max(MAX_ROWS), columns: z.record(z.string(), Column) })
  .refine(({ rows, columns }) => Object.values(columns).every((column) => lengthOf(column, rows) === rows), {
    error: 'a column has another number of rows',
  });
export type SavedColumns = z.infer<typeof SavedColumns>;

/** A list of different values pays if it is at most this share of the records. */
const MAX_DIFFERENT_SHARE = 0.1;
/** Times in ms are above this, and differ by less. */
const MIN_STEPPED = 1e9;

/** The named fields of records by column; a field that no record has is left out. */
export function toColumns<K extends string>(
  records: readonly { readonly [name in K]?: Cell }[],
  names: readonly K[],
): SavedColumns {
  const columns = names.flatMap((name) => {
    const cells = records.map((record) => record[name] as Cell);
    return cells.every((cell) => cell === undefined) ? [] : [[name, columnOf(cells)] as const];
  });
  return { rows: records.length, columns: Object.fromEntries(columns) };
}

/** The records of columns; an absent field is not in its record. */
export function fromColumns({ rows, columns }: SavedColumns): Record<string, Cell>[] {
  const records = Array.from({ length: rows }, (): Record<string, Cell> => ({}));
  for (const [name, column] of Object.entries(columns)) {
    const cellAt = cellsOf(column);
    records.forEach((record, row) => {
      const cell = cellAt(row);
      if (cell !== undefined) record[name] = cell;
    });
  }
  return records;
}

function columnOf(cells: readonly Cell[]): Column {
  const different = new Set(cells);
  const [only] = different;
  if (different.size === 1 && only !== undefined) return { same: only };
  if (different.size <= cells.length * MAX_DIFFERENT_SHARE) {
    const of = [...different].filter((cell) => cell !== undefined);
    const places = new Map(of.map((cell, at) => [cell, at]));
    return { of, at: cells.map((cell) => (cell === undefined ? -1 : (places.get(cell) ?? -1))) };
  }
  if (cells.every(isTime)) {
    return { first: cells[0] ?? 0, steps: cells.slice(1).map((cell, before) => cell - (cells[before] ?? 0)) };
  }
  return { values: cells.map((cell) => cell ?? null) };
}

function isTime(cell: Cell): cell is number {
  return Number.isSafeInteger(cell) && Number(cell) >= MIN_STEPPED;
}

function lengthOf(column: Column, rows: number): number {
  if ('same' in column) return rows;
  if ('of' in column) return column.at.length;
  return 'values' in column ? column.values.length : column.steps.length + 1;
}

function cellsOf(column: Column): (row: number) => Cell {
  if ('same' in column) return () => column.same;
  if ('of' in column) return (row) => column.of[column.at[row] ?? -1];
  if ('values' in column) return (row) => column.values[row] ?? undefined;
  const sums = [column.first];
  for (const step of column.steps) sums.push((sums.at(-1) ?? 0) + step);
  return (row) => sums[row];
}
