import { KlineCollector, type KlineColumns } from './kline-columns.ts';

/** Missing candles up to this length had no trade: they are filled with the last price. A longer gap ends the session, ms. */
const MAX_FILLED_MS = 600_000;

/** The candles with their short gaps filled: flat at the last close, without volume. */
export function fillGaps(columns: KlineColumns, intervalMs: number): KlineColumns {
  const { openTs, open, high, low, close, volume, quoteVolume, buyShare } = columns;
  const first = openTs[0] ?? 0;
  const isWhole = (openTs[columns.length - 1] ?? 0) - first === (columns.length - 1) * intervalMs;
  if (isWhole) return columns;
  const filled = new KlineCollector();
  for (let at = 0; at < columns.length; at += 1) {
    const ts = openTs[at] ?? 0;
    const before = openTs[at - 1] ?? ts - intervalMs;
    const missing = (ts - before) / intervalMs - 1;
    const price = close[at - 1] ?? Number.NaN;
    if (missing * intervalMs <= MAX_FILLED_MS)
      for (let i = 1; i <= missing; i += 1) filled.add(flatRow(before + i * intervalMs, price));
    filled.add({
      ...{ openTs: ts, open: open[at] ?? 0, high: high[at] ?? 0, low: low[at] ?? 0, close: close[at] ?? 0 },
      ...{ volume: volume[at] ?? 0, quoteVolume: quoteVolume[at] ?? 0, buyShare: buyShare[at] ?? Number.NaN },
    });
  }
  return filled.columns();
}

function flatRow(openTs: number, price: number) {
  const prices = { open: price, high: price, low: price, close: price };
  return { openTs, ...prices, volume: 0, quoteVolume: 0, buyShare: Number.NaN };
}
