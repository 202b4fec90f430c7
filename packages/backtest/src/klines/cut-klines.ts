import type { KlineSeries } from './kline-data.ts';
import type { KlineRow } from './kline-row.ts';

const MINUTE_MS = 60_000;
/** The first book of a minute comes this long after its open, ms. */
const FIRST_BOOK_MS = 1_000;

/**
 * The series as it was known at `ts`, epoch ms: later rows are gone. At the first book of a minute only its open is known. At a
 * later one its row stays, because the made-up way of the price through a minute needs it.
 */
export function cutKlines(series: readonly KlineSeries[], ts: number): readonly KlineSeries[] {
  return series.map((one) => ({ ...one, rows: one.rows.flatMap((row) => rowAt(row, ts)) }));
}

function rowAt(row: KlineRow, ts: number): readonly KlineRow[] {
  if (row.openTs >= ts) return [];
  const isAtFirstBook = ts <= row.openTs + FIRST_BOOK_MS;
  if (!isAtFirstBook || ts >= row.openTs + MINUTE_MS) return [row];
  const { openTs, open } = row;
  return [
    { openTs, open, high: open, low: open, close: open, volume: '0', quoteVolume: '0', takerBuyShare: undefined },
  ];
}
