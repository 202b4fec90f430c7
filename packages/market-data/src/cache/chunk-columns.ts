import { bytesOfColumn, type ColumnLayout, type ColumnWidth, NumberColumn, readColumn } from './number-column.ts';

/**
 * Columns of a chunk in the order of the file. The first four have one value per record; the others have one per record, level or
 * frame of a kind.
 */
const NAMES = [
  ...['kind', 'symbol', 'frameTs', 'ts'],
  ...['updateId', 'bidChanges', 'askChanges', 'price', 'qty'],
  ...['tradeId', 'tradePrice', 'tradeQty'],
  ...['markPrice', 'indexPrice', 'fundingRate', 'nextFundingTs'],
  // Market times of frames without events, and of frames that are no messages: they decide where a shortened play ends.
  ...['idleTs', 'badTs'],
] as const;
export type ColumnName =
  | ('kind' | 'symbol' | 'frameTs' | 'ts')
  | ('updateId' | 'bidChanges' | 'askChanges' | 'price' | 'qty')
  | ('tradeId' | 'tradePrice' | 'tradeQty')
  | ('markPrice' | 'indexPrice' | 'fundingRate' | 'nextFundingTs')
  | ('idleTs' | 'badTs');
type Columns<T> = Readonly<Record<ColumnName, T>>;

/** What a record is, in the low bits of its kind. */
export const RecordKind = {
  /** The levels that changed since the last book of the symbol. */
  BOOK: 0,
  /** All levels. */
  KEY_BOOK: 1,
  TRADE: 2,
  MARK: 3,
  /** An event as JSON. */
  TEXT_EVENT: 4,
  /** New scales of the symbol; no event. */
  SCALES: 5,
  /** The symbol's session has begun; no event. */
  SESSION_START: 6,
} as const;
export const KIND_BITS = 0x07;

/** Marks of a record, in the high bits of its kind. */
export const RecordMark = {
  FRAME_START: 0x08,
  BUYER_IS_MAKER: 0x10,
  HAS_INDEX: 0x20,
  HAS_RATE: 0x40,
  HAS_NEXT: 0x80,
} as const;

/** Bytes of a layout in a chunk: base (double), count and width (32 bits each), little-endian. */
const LAYOUT_BYTES = 16;

/** The columns of a chunk while it is made. */
export function createColumns(): Columns<NumberColumn> {
  return mapNames(() => new NumberColumn());
}

/** The bytes of a chunk; JSON texts, which hold what the columns cannot, follow them as a list. */
export function writeColumns(columns: Columns<NumberColumn>, texts: readonly string[]): Buffer<ArrayBuffer> {
  const text = Buffer.from(`[${texts.join(',')}]`);
  const layouts = mapNames((name) => columns[name].layout());
  const size = NAMES.reduce((sum, name) => sum + bytesOfColumn(layouts[name]), NAMES.length * LAYOUT_BYTES);
  const bytes = Buffer.from(new ArrayBuffer(size + text.length));
  text.copy(bytes, size);
  let at = NAMES.length * LAYOUT_BYTES;
  for (const [i, name] of NAMES.entries()) {
    const { base, count, width } = layouts[name];
    bytes.writeDoubleLE(base, i * LAYOUT_BYTES);
    bytes.writeUInt32LE(count, i * LAYOUT_BYTES + 8);
    bytes.writeUInt32LE(width, i * LAYOUT_BYTES + 12);
    columns[name].write(bytes, at, layouts[name]);
    at += bytesOfColumn(layouts[name]);
  }
  return bytes;
}

/** The content of a chunk. */
export interface ChunkContent {
  readonly columns: Columns<Float64Array>;
  /** What the columns cannot hold, in order. */
  readonly values: readonly unknown[];
}

/** Reads the bytes of a chunk, whose checksum fits; they begin at a multiple of 8 of their buffer. */
export function readColumns(bytes: Buffer<ArrayBuffer>): ChunkContent {
  let at = NAMES.length * LAYOUT_BYTES;
  const columns = mapNames((name) => {
    const i = NAMES.indexOf(name) * LAYOUT_BYTES;
    const width = bytes.readUInt32LE(i + 12) as ColumnWidth;
    const layout: ColumnLayout = { base: bytes.readDoubleLE(i), count: bytes.readUInt32LE(i + 8), width };
    const values = readColumn(bytes, at, layout);
    at += bytesOfColumn(layout);
    return values;
  });
  return { columns, values: JSON.parse(bytes.toString('utf8', at)) };
}

function mapNames<T>(make: (name: ColumnName) => T): Columns<T> {
  return Object.fromEntries(NAMES.map((name) => [name, make(name as ColumnName)])) as Columns<T>;
}
