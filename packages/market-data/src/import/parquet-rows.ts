import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { Level } from '@helios/shared/domain/market-data.ts';
import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type Compressors,
  parquetMetadataAsync,
  parquetReadObjects,
} from 'hyparquet';
import type { RecordingFault } from '../recording-fault.ts';
import { decimalOfNumber, idCell, symbolCell } from './cells.ts';
import type { ForeignBatch, ForeignRow } from './foreign-row.ts';
import { NotImportable } from './not-importable.ts';

/** Node inflates what hyparquet does not. */
const COMPRESSORS: Compressors = {
  ZSTD: (bytes) => zstdDecompressSync(bytes),
  GZIP: (bytes) => gunzipSync(bytes),
  BROTLI: (bytes) => brotliDecompressSync(bytes),
};
const BOOK_COLUMNS = ['symbol', 'bids_px', 'bids_qty', 'asks_px', 'asks_qty'];
const TRADE_COLUMNS = ['symbol', 'price', 'qty', 'side'];
/** Columns that are read if the file has them. `exch_ts_ms` is the time of the venue, `ts_ms` that of the recorder. */
const OPTIONAL_COLUMNS = ['ts_ms', 'exch_ts_ms', 'seq', 'trade_id'];
/** Inflated bytes that are read at once: rows of a group share their pages, and a group of deep books is large. */
const BYTES_AT_ONCE = 64 * 1024 * 1024;
const MAX_LEVELS = 20;

type ParquetRow = Readonly<Record<string, unknown>>;

/** A Parquet file of books or trades. */
export interface ParquetFile {
  readonly gives: 'BOOK' | 'TRADE';
  rows(onFault: (fault: RecordingFault) => void): AsyncGenerator<ForeignBatch>;
}

/**
 * Opens a Parquet file: 1,000-level snapshots (`bids_px`, `bids_qty`, `asks_px`, `asks_qty`) or trades. Rejects with NotImportable for
 * other columns, or for a damaged file.
 */
export async function openParquet(file: string): Promise<ParquetFile> {
  const buffer = await asyncBufferFromFile(file);
  const metadata = await readable(file, () => parquetMetadataAsync(buffer));
  const names = new Set(metadata.schema.map(({ name }) => name));
  const isBook = BOOK_COLUMNS.every((name) => names.has(name));
  const isTrade = TRADE_COLUMNS.every((name) => names.has(name));
  const hasTime = names.has('ts_ms') || names.has('exch_ts_ms');
  if (!hasTime || !(isBook || isTrade))
    throw new NotImportable(
      file,
      `its columns are ${[...names].slice(1).join(', ')}; needed are ts_ms or exch_ts_ms, and ${BOOK_COLUMNS.join(', ')} or ${TRADE_COLUMNS.join(', ')}`,
    );
  const columns = [...(isBook ? BOOK_COLUMNS : TRADE_COLUMNS), ...OPTIONAL_COLUMNS.filter((name) => names.has(name))];
  const slices = slicesOf(metadata.row_groups.map((group) => [Number(group.num_rows), Number(group.total_byte_size)]));
  const readRow = isBook ? bookOf : tradeOf;
  return {
    gives: isBook ? 'BOOK' : 'TRADE',
    rows: (onFault) => readSlices({ file, buffer, columns, slices, readRow }, onFault),
  };
}

interface Slices {
  readonly file: string;
  readonly buffer: AsyncBuffer;
  readonly columns: string[];
  readonly slices: readonly (readonly [from: number, end: number])[];
  readonly readRow: (row: ParquetRow, line: number) => ForeignRow | string;
}

async function* readSlices(
  { file, buffer, columns, slices, readRow }: Slices,
  onFault: (fault: RecordingFault) => void,
): AsyncGenerator<ForeignBatch> {
  for (const [rowStart, rowEnd] of slices) {
    const read = await readable(file, () =>
      parquetReadObjects({ file: buffer, columns, rowStart, rowEnd, compressors: COMPRESSORS }),
    );
    const rows: ForeignRow[] = [];
    for (const [i, parquetRow] of read.entries()) {
      const line = rowStart + i + 1;
      const row = readRow(parquetRow, line);
      if (typeof row === 'object') rows.push(row);
      else onFault({ kind: 'BAD_LINE', file, line, detail: row });
    }
    yield { rows, line: rowEnd };
  }
}

/** Ranges of rows that are read at once, at most `BYTES_AT_ONCE` of a group. */
function slicesOf(groups: readonly (readonly [rows: number, bytes: number])[]): (readonly [number, number])[] {
  const slices: (readonly [number, number])[] = [];
  let from = 0;
  for (const [rows, bytes] of groups) {
    const count = Math.max(1, Math.ceil(rows / Math.max(1, Math.ceil(bytes / BYTES_AT_ONCE))));
    for (let at = 0; at < rows; at += count) slices.push([from + at, from + Math.min(at + count, rows)]);
    from += rows;
  }
  return slices;
}

function bookOf(row: ParquetRow, line: number): ForeignRow | string {
  const stamps = stampsOf(row);
  if (typeof stamps === 'string') return stamps;
  const bids = sideOf(row['bids_px'], row['bids_qty']);
  const asks = sideOf(row['asks_px'], row['asks_qty']);
  if (bids === undefined || asks === undefined) return 'a price or quantity of the book is not a number above 0';
  return { kind: 'BOOK', ...stamps, line, updateId: idCell(String(row['seq'] ?? '')), bids, asks };
}

function tradeOf(row: ParquetRow, line: number): ForeignRow | string {
  const stamps = stampsOf(row);
  if (typeof stamps === 'string') return stamps;
  const side = row['side'];
  if (side !== 'buy' && side !== 'sell') return `the side “${side}” is neither buy nor sell`;
  const [price, qty] = [numberText(row['price']), numberText(row['qty'])];
  if (price === undefined || qty === undefined) return 'its price or quantity is not a number above 0';
  const tradeId = idCell(String(row['trade_id'] ?? ''));
  return { kind: 'TRADE', ...stamps, line, tradeId, price, qty, buyerIsMaker: side === 'sell' };
}

function stampsOf(row: ParquetRow): Pick<ForeignRow, 'symbol' | 'tsUs' | 'orderUs'> | string {
  const [receivedMs, venueMs] = [Number(row['ts_ms'] ?? Number.NaN), Number(row['exch_ts_ms'] ?? Number.NaN)];
  const tsMs = venueMs > 0 ? venueMs : receivedMs;
  const symbol = symbolCell(String(row['symbol']));
  if (symbol === undefined) return `“${row['symbol']}” is not a symbol`;
  if (!(tsMs > 0)) return 'it has no time';
  return { symbol, tsUs: tsMs * 1_000, orderUs: tsMs * 1_000 };
}

function sideOf(prices: unknown, qtys: unknown): Level[] | undefined {
  if (!Array.isArray(prices) || !Array.isArray(qtys)) return undefined;
  const levels: Level[] = [];
  for (let i = 0; i < Math.min(MAX_LEVELS, prices.length); i += 1) {
    const [price, qty] = [numberText(prices[i]), numberText(qtys[i])];
    if (price === undefined || qty === undefined) return undefined;
    levels.push([price, qty]);
  }
  return levels;
}

function numberText(value: unknown): string | undefined {
  return typeof value === 'number' && value > 0 ? decimalOfNumber(value) : undefined;
}

/** Names the file in errors of the parser. */
async function readable<T>(file: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new NotImportable(
      file,
      `it is damaged, or no complete Parquet file (${error instanceof Error ? error.message : error})`,
    );
  }
}
