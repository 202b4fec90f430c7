import type { RecordingFault } from '../recording-fault.ts';
import { readCsvRows } from './csv-rows.ts';
import type { DetectedFile } from './detect-format.ts';
import type { ForeignBatch, ForeignRow } from './foreign-row.ts';
import { NotImportable } from './not-importable.ts';
import { openParquet } from './parquet-rows.ts';

/** Rows of a file may overtake each other by less. */
const OVERTAKING_US = 1_000_000;
/** A file with more faulty lines is another kind of file. */
const MAX_FAULTS = 1_000;
/** A price that changes by this factor from one row to the next is of another unit. */
const MAX_JUMP = 10;

/** A file that is no recording. */
export interface ForeignFile {
  readonly file: string;
  readonly format: string;
  readonly gives: 'BOOK' | 'TRADE';
  /** Valid rows, sorted up to a second. Rejects with NotImportable for an unsorted file and for changed units. */
  rows(onFault: (fault: RecordingFault) => void): AsyncGenerator<ForeignBatch>;
}

export async function openForeignFile(detected: Exclude<DetectedFile, { kind: 'RECORDING' }>): Promise<ForeignFile> {
  const { file } = detected;
  if (detected.kind === 'PARQUET') {
    const { gives, rows } = await openParquet(file);
    const format = gives === 'BOOK' ? 'Parquet book snapshots' : 'Parquet trades';
    return { file, format, gives, rows: (onFault) => checkedRows(file, rows, onFault) };
  }
  const { name, gives } = detected.format;
  const rows: ForeignFile['rows'] = (onFault) => readCsvRows(detected, onFault);
  return { file, format: name, gives, rows: (onFault) => checkedRows(file, rows, onFault) };
}

async function* checkedRows(
  file: string,
  rows: ForeignFile['rows'],
  onFault: (fault: RecordingFault) => void,
): AsyncGenerator<ForeignBatch> {
  let faults = 0;
  const report = (fault: RecordingFault): void => {
    faults += 1;
    if (faults > MAX_FAULTS)
      throw new NotImportable(
        file,
        `more than ${MAX_FAULTS} of its lines are no rows; line ${fault.line}: ${fault.detail}`,
      );
    onFault(fault);
  };
  const check = new RowCheck(file);
  for await (const { rows: batch, line } of rows(report)) {
    const valid = batch.filter((row) => {
      const problem = check.problemOf(row);
      if (problem !== undefined) report({ kind: 'BAD_LINE', file, line: row.line, detail: problem });
      return problem === undefined;
    });
    yield { rows: valid, line };
  }
}

/** Judges the rows of a file in their order. */
class RowCheck {
  readonly #file: string;
  readonly #lastPrices = new Map<string, number>();
  readonly #lastIds = new Map<string, number>();
  #newestUs = Number.NEGATIVE_INFINITY;

  constructor(file: string) {
    this.#file = file;
  }

  /** Why a row is left out; undefined for a valid one. Throws NotImportable where the rest of the file cannot be trusted. */
  problemOf(row: ForeignRow): string | undefined {
    if (row.orderUs < this.#newestUs - OVERTAKING_US)
      this.#refuse(row, `goes back by ${secondsBack(row, this.#newestUs)} s; sort the file by time`);
    this.#newestUs = Math.max(this.#newestUs, row.orderUs);
    const price = Number((row.kind === 'TRADE' ? row.price : row.bids[0]?.[0]) ?? Number.NaN);
    if (row.kind === 'TRADE') {
      if (!(price > 0)) return 'its price is 0';
      if (!(Number(row.qty) > 0)) return 'its quantity is 0';
      if (row.tradeId !== undefined && this.#lastIds.get(row.symbol) === row.tradeId)
        return `trade ${row.tradeId} is there twice`;
      if (row.tradeId !== undefined) this.#lastIds.set(row.symbol, row.tradeId);
    }
    // The first level of an update may lie anywhere in the book.
    if (row.kind !== 'LEVELS' && price > 0) this.#checkUnit(row, price);
    return undefined;
  }

  #checkUnit(row: ForeignRow, price: number): void {
    const last = this.#lastPrices.get(row.symbol) ?? price;
    this.#lastPrices.set(row.symbol, price);
    if (price > last * MAX_JUMP || price < last / MAX_JUMP)
      this.#refuse(
        row,
        `has a price of ${price} after ${last}: ${row.symbol} was redenominated; import the parts apart`,
      );
  }

  #refuse({ line }: ForeignRow, why: string): never {
    throw new NotImportable(this.#file, `line ${line} ${why}`);
  }
}

function secondsBack({ orderUs }: ForeignRow, newestUs: number): string {
  return ((newestUs - orderUs) / 1e6).toFixed(1);
}
