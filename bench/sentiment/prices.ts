import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Closing prices by time, epoch ms, oldest first. */
export interface PriceSeries {
  readonly ts: readonly number[];
  readonly close: readonly number[];
}

/** Reads a CSV (.gz) with the columns `unix` (seconds) and `close`, in any order. Throws if one is missing. */
export function readPrices(file: string): PriceSeries {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const [head = '', ...lines] = text.trim().split('\n');
  const columns = head.split(',');
  const [unix, close] = [columns.indexOf('unix'), columns.indexOf('close')];
  if (unix < 0 || close < 0) throw new Error(`${file} has no columns unix and close, but: ${head}`);
  const rows = lines.map((line) => line.split(','));
  const whole = rows.map((row) => ({ ts: Number(row[unix]) * 1_000, close: Number(row[close]) }));
  const good = whole.filter((row) => Number.isFinite(row.ts) && row.close > 0).sort((a, b) => a.ts - b.ts);
  return { ts: good.map(({ ts }) => ts), close: good.map((row) => row.close) };
}

/** Maximum age of a price. */
const OLDEST_MS = 3_600_000;

/** The last close at or before a time; `undefined` if none is younger than an hour. */
export function priceAt({ ts, close }: PriceSeries, at: number): number | undefined {
  let [low, high] = [0, ts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ts[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return at - (ts[low - 1] ?? Number.NEGATIVE_INFINITY) <= OLDEST_MS ? close[low - 1] : undefined;
}

/** Pearson's correlation; NaN of fewer than three pairs. */
export function correlation(pairs: readonly (readonly [number, number])[]): number {
  if (pairs.length < 3) return Number.NaN;
  const mean = (pick: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[pick], 0) / pairs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  let [xy, xx, yy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xy += (x - meanX) * (y - meanY);
    xx += (x - meanX) ** 2;
    yy += (y - meanY) ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}
