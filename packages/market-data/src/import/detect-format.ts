import { open } from 'node:fs/promises';
import { readLines } from '../read-lines.ts';
import { ARCHIVE_FORMATS } from './archive-formats.ts';
import { type ColumnPlaces, type CsvFormat, placesIn } from './csv-format.ts';
import { symbolOfFile } from './file-symbol.ts';
import { NotImportable } from './not-importable.ts';
import { TARDIS_FORMATS } from './tardis-formats.ts';

const CSV_FORMATS: readonly CsvFormat[] = [...TARDIS_FORMATS, ...ARCHIVE_FORMATS];
const RECORDED_LINE = /^\d{13,19} \{/;
const KLINE_COLUMNS = ['open', 'high', 'low', 'close'];
const HEAD_BYTES = 4;
const MAX_SHOWN = 120;

/** A CSV file of a known format. */
export interface CsvFile {
  readonly kind: 'CSV';
  readonly file: string;
  readonly format: CsvFormat;
  readonly places: ColumnPlaces;
  readonly hasHeader: boolean;
  /** Symbol of all lines; empty if each line names its own. */
  readonly symbol: string;
}

/** What a file is, by its content. */
export type DetectedFile =
  | { readonly kind: 'RECORDING'; readonly file: string }
  | { readonly kind: 'PARQUET'; readonly file: string }
  | CsvFile;

/** Finds out what a file is. Rejects with NotImportable for anything unknown; the error says how it differs. */
export async function detectFormat(file: string): Promise<DetectedFile> {
  const head = await headOf(file);
  if (head.length === 0) throw new NotImportable(file, 'it is empty');
  if (head.toString('latin1') === 'PAR1') return { kind: 'PARQUET', file };
  if (head[0] === 0x50 && head[1] === 0x4b)
    throw new NotImportable(file, 'it is a zip archive; unpack it first (unzip)');
  const first = await firstLine(file);
  if (RECORDED_LINE.test(first)) return { kind: 'RECORDING', file };
  return csvFile(file, first);
}

function csvFile(file: string, first: string): CsvFile {
  const cells = first.split(',');
  const bareColumns = CSV_FORMATS.flatMap((format) => {
    const columns = format.bare?.(cells);
    return columns === undefined ? [] : [{ format, columns }];
  })[0];
  if (bareColumns !== undefined) {
    const { format, columns } = bareColumns;
    const places = new Map(columns.map((name, at) => [name.split('|')[0] ?? name, at]));
    return { kind: 'CSV', file, format, places, hasHeader: false, symbol: symbolFor(file, format) };
  }
  for (const format of CSV_FORMATS) {
    const places = placesIn(cells, format);
    if (places !== undefined)
      return { kind: 'CSV', file, format, places, hasHeader: true, symbol: symbolFor(file, format) };
  }
  throw new NotImportable(file, differenceOf(cells, first));
}

function symbolFor(file: string, { hasSymbol, name }: CsvFormat): string {
  if (hasSymbol) return '';
  const symbol = symbolOfFile(file);
  if (symbol === undefined)
    throw new NotImportable(file, `it looks like ${name}, and its name holds no symbol; name it BTCUSDT-… for example`);
  return symbol;
}

/** How a first line differs from the nearest format. */
function differenceOf(cells: readonly string[], first: string): string {
  const names = cells.map((name) => name.trim().toLowerCase());
  if (KLINE_COLUMNS.every((column) => names.includes(column)) || (cells.length === 12 && /^\d+$/.test(cells[0] ?? '')))
    return 'it holds candles, which need no import; play it as it is: npm run backtest -- --data FILE';
  const missing = CSV_FORMATS.map((format) => ({
    format,
    columns: format.columns
      .map((column) => column.split('|'))
      .filter((spellings) => !spellings.some((one) => names.includes(one))),
  }));
  const [nearest] = missing.toSorted((a, b) => a.columns.length - b.columns.length);
  const isNear = nearest !== undefined && nearest.columns.length < nearest.format.columns.length / 2;
  if (isNear)
    return `it looks like ${nearest.format.name} without the columns ${nearest.columns.map(([name]) => name).join(', ')}`;
  return `its first line is of no known format: ${JSON.stringify(first.slice(0, MAX_SHOWN))}`;
}

async function headOf(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The first line that is not blank. */
async function firstLine(file: string): Promise<string> {
  for await (const { lines, damage } of readLines(file)) {
    const found = lines
      .toString('utf8')
      .split('\n')
      .find((text) => text.trim() !== '');
    if (found !== undefined) return found.replace(/^\uFEFF/, '').trimEnd();
    if (damage !== undefined) throw new NotImportable(file, damage.detail);
  }
  throw new NotImportable(file, 'it has no lines');
}
