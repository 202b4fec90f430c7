import { lineTexts } from '@helios/market-data/line-splitter.ts';
import { readLines } from '@helios/market-data/read-lines.ts';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { type KlineLayout, layoutOfHeader, layoutOfRows } from './kline-layout.ts';
import { type KlineRow, readKlineRow } from './kline-row.ts';

const MINUTE_MS = 60_000;
/** Rows that decide the layout of a file without a header. */
const HEAD_ROWS = 500;

/** The file cannot be used as candles. */
export class NotKlines extends HopelessStart {
  constructor(file: string, why: string) {
    super(
      `${file} cannot be used as one-minute candles: ${why}. A file of candles is CSV, plain or gzipped, oldest row first: ` +
        'time, open, high, low, close, volume, with or without a header, or the 12 columns of a Binance archive.',
    );
    this.name = 'NotKlines';
  }
}

/**
 * One-minute candles of a file in batches, oldest first, in constant memory.
 * Rejects with NotKlines, which names the line, for rows that are no candles, are out of order or twice, or are not of minutes.
 */
export async function* readKlineFile(file: string): AsyncGenerator<readonly KlineRow[]> {
  const reader = new KlineReader(file);
  for await (const { lines, damage } of openFile(file)) {
    const rows = reader.take(lineTexts(lines));
    if (rows.length > 0) yield rows;
    if (damage !== undefined) throw new NotKlines(file, `after line ${reader.line}, ${damage.detail}`);
  }
  const rest = reader.end();
  if (rest.length > 0) yield rest;
}

async function* openFile(file: string): ReturnType<typeof readLines> {
  try {
    yield* readLines(file);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new NotKlines(file, isMissing ? 'there is no such file' : String(error));
  }
}

/** Lines in, candles out. It holds the first rows back until they decide the layout. */
class KlineReader {
  line = 0;
  readonly #file: string;
  #layout: KlineLayout | undefined;
  #head: string[][] = [];
  #headLine = 1;
  #lastTs = Number.NEGATIVE_INFINITY;
  #rows = 0;

  constructor(file: string) {
    this.#file = file;
  }

  take(lines: readonly string[]): KlineRow[] {
    const rows: KlineRow[] = [];
    for (const text of lines) {
      this.line += 1;
      if (text.trim() === '') continue;
      const cells = text.split(',');
      if (this.#layout !== undefined) rows.push(this.#read(cells, this.#layout, this.line));
      else if (this.#head.length === 0 && isHeader(cells)) this.#useHeader(cells);
      else if (this.#head.push(cells) >= HEAD_ROWS) this.#readHead(rows);
    }
    return rows;
  }

  /** The rest; throws for a file without rows. */
  end(): KlineRow[] {
    const rows: KlineRow[] = [];
    if (this.#head.length > 0) this.#readHead(rows);
    if (this.#rows === 0) throw new NotKlines(this.#file, 'it has no rows');
    return rows;
  }

  #useHeader(cells: readonly string[]): void {
    this.#layout = this.#known(layoutOfHeader(cells));
    this.#headLine = this.line + 1;
  }

  #readHead(rows: KlineRow[]): void {
    const layout = this.#known(layoutOfRows(this.#head));
    this.#layout = layout;
    const first = this.#headLine;
    rows.push(...this.#head.map((cells, at) => this.#read(cells, layout, first + at)));
    this.#head = [];
  }

  #known(layout: KlineLayout | string): KlineLayout {
    if (typeof layout === 'string') throw new NotKlines(this.#file, layout);
    return layout;
  }

  #read(cells: readonly string[], layout: KlineLayout, line: number): KlineRow {
    const row = readKlineRow(cells, layout);
    const problem = typeof row === 'string' ? row : this.#timeProblem(row.openTs);
    if (typeof row === 'string' || problem !== undefined) throw new NotKlines(this.#file, `line ${line}: ${problem}`);
    this.#lastTs = row.openTs;
    this.#rows += 1;
    return row;
  }

  #timeProblem(openTs: number): string | undefined {
    const shown = new Date(openTs).toISOString();
    if (openTs % MINUTE_MS !== 0) return `${shown} does not begin a minute`;
    if (openTs === this.#lastTs) return `${shown} is there twice`;
    if (openTs < this.#lastTs)
      return `${shown} comes after ${new Date(this.#lastTs).toISOString()}; sort the file by time`;
    return undefined;
  }
}

/** A header has a name where a row has its open price. */
function isHeader(cells: readonly string[]): boolean {
  return Number.isNaN(Number(cells[1]));
}
