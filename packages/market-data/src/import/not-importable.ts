import { HopelessStart } from '@helios/shared/runtime/errors.ts';

const KNOWN_FORMATS =
  'recordings of venue messages (`<receive time> <JSON>`), CSV files of Tardis (incremental_book_L2, book_snapshot_5 and _25, trades, ' +
  'quotes, book_ticker) and of the Binance archive (aggTrades, trades, bookTicker), plain or gzipped, and Parquet files of book ' +
  'snapshots and trades';

/** The file cannot be imported: it is missing, damaged at its beginning, or of no known format. */
export class NotImportable extends HopelessStart {
  constructor(file: string, why: string) {
    super(`${file} cannot be imported: ${why}. Known formats: ${KNOWN_FORMATS}. See docs/backtesting.md.`);
    this.name = 'NotImportable';
  }
}
