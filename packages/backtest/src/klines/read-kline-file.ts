import { eachLine } from '@helios/market-data/line-splitter.ts';
import { readLines } from '@helios/market-data/read-lines.ts';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import type { KlineFile } from './kline-file.ts';
import { KlineFileReader } from './kline-file-reader.ts';

const COMMA = 44;

/** The file cannot be used as candles. */
export class NotKlines extends HopelessStart {
  constructor(file: string, why: string) {
    super(
      `${file} cannot be used as candles: ${why}. A file of candles is CSV, plain or gzipped, oldest row first: ` +
        'time, open, high, low, close, volume, with or without a header, or the 12 columns of a Binance archive.',
    );
    this.name = 'NotKlines';
  }
}

/**
 * Reads the candles of a file. Rejects with NotKlines, which names the line, for rows that are no candles, are out of order or
 * twice, or do not begin an interval.
 */
export async function readKlineFile(file: string): Promise<KlineFile> {
  const reader = new KlineFileReader((why) => new NotKlines(file, why));
  let columns: number | undefined;
  for await (const { lines, damage } of openFile(file)) {
    eachLine(lines, (from, end) => {
      const isLast = end === lines.length;
      columns ??= cellsIn(lines, from, end);
      const cells = isLast && end > from ? cellsIn(lines, from, end) : columns;
      // Only a line without an end can be cut off.
      if (cells < columns)
        throw new NotKlines(
          file,
          `line ${reader.lines + 1}, the last one, has ${cells} of ${columns} columns: the file was cut off; copy it again, or delete that line`,
        );
      reader.line(lines, from, end);
    });
    if (damage !== undefined) throw new NotKlines(file, `after line ${reader.lines}, ${damage.detail}`);
  }
  return { file, ...reader.end() };
}

/** Number of cells of a line. */
function cellsIn(bytes: Buffer, from: number, end: number): number {
  let cells = 1;
  for (let at = from; at < end; at += 1) if (bytes[at] === COMMA) cells += 1;
  return cells;
}

async function* openFile(file: string): ReturnType<typeof readLines> {
  try {
    yield* readLines(file);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new NotKlines(file, isMissing ? 'there is no such file' : String(error));
  }
}
