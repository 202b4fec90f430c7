import { joinKlines, KlineCollector, type KlineColumns, sliceKlines } from './kline-columns.ts';
import type { KlineSeries } from './kline-series.ts';

const MINUTE_MS = 60_000;
/** The first book of a candle comes this long after its open, ms. */
const FIRST_BOOK_MS = 1_000;

/**
 * The series as it was known at `ts`, epoch ms: later rows are gone. At the first book of a candle only its open is known. At a
 * later one its row stays, because the made-up way of the price through a minute needs it.
 */
export function cutKlines(series: readonly KlineSeries[], ts: number): readonly KlineSeries[] {
  return series.map((one) => ({
    ...{ ...one, columns: cutColumns(one.columns, ts, one.intervalMs) },
    ...(one.detail && { detail: { ...one.detail, columns: cutColumns(one.detail.columns, ts, MINUTE_MS) } }),
  }));
}

function cutColumns(columns: KlineColumns, ts: number, intervalMs: number): KlineColumns {
  const later = columns.openTs.findIndex((openTs) => openTs >= ts);
  const length = later < 0 ? columns.length : later;
  const last = length - 1;
  const openTs = columns.openTs[last];
  const isAtFirstBook = openTs !== undefined && ts <= openTs + FIRST_BOOK_MS && ts < openTs + intervalMs;
  if (!isAtFirstBook) return sliceKlines(columns, 0, length);
  const open = columns.open[last] ?? Number.NaN;
  const begun = new KlineCollector();
  const prices = { open, high: open, low: open, close: open };
  begun.add({ openTs, ...prices, volume: 0, quoteVolume: 0, buyShare: Number.NaN });
  return joinKlines([sliceKlines(columns, 0, last), begun.columns()]);
}
