import type { KlineColumns } from './kline-columns.ts';
import type { KlineDetail, KlineSeries } from './kline-series.ts';
import { NotKlines } from './read-kline-file.ts';

const MINUTE_MS = 60_000;
/** Prices of two files of one market agree to this share. */
const SAME = 1e-9;

/** The series with their one-minute candles. Throws NotKlines for a detail that is none. */
export function withDetail(
  series: readonly KlineSeries[],
  detail: readonly KlineSeries[],
  files: readonly string[],
): readonly KlineSeries[] {
  const wrong = detail.find(({ interval }) => interval !== '1m');
  const names = files.join(', ');
  if (wrong) throw new NotKlines(names, `--detail takes one-minute candles, not those of ${wrong.interval}`);
  const isAnyLonger = series.some(({ interval }) => interval !== '1m');
  if (!isAnyLonger) throw new NotKlines(names, 'the candles of --data last a minute, so they need no --detail');
  const known = new Set(series.map(({ instrument }) => instrument.symbol));
  const stray = detail.find(({ instrument }) => !known.has(instrument.symbol));
  if (stray) throw new NotKlines(names, `--data has no candles of ${stray.instrument.symbol}`);
  return series.map((one) => {
    const minutes = detail.find(({ instrument }) => instrument.symbol === one.instrument.symbol);
    if (minutes === undefined || one.interval === '1m') return one;
    const found = detailOf(one.columns, minutes, one.intervalMs);
    if (found.missing === one.columns.length)
      throw new NotKlines(
        names,
        `it has no minutes of the candles of ${one.instrument.symbol}; name those of the same time`,
      );
    return { ...one, detail: found };
  });
}

/** Finds the minutes of each longer candle. */
function detailOf(
  longer: KlineColumns,
  { columns: minutes, knowsBuyers }: KlineSeries,
  intervalMs: number,
): KlineDetail {
  const covers = new Uint8Array(longer.length);
  const count = intervalMs / MINUTE_MS;
  let [first, missing, contradicted] = [0, 0, 0];
  for (let at = 0; at < longer.length; at += 1) {
    const openTs = longer.openTs[at] ?? 0;
    while ((minutes.openTs[first] ?? Number.POSITIVE_INFINITY) < openTs) first += 1;
    const isWhole = minutes.openTs[first + count - 1] === openTs + intervalMs - MINUTE_MS;
    if (isWhole && minutes.openTs[first] === openTs) {
      covers[at] = 1;
      if (!agree(longer, at, minutes, first, count)) contradicted += 1;
    } else missing += 1;
  }
  return { columns: minutes, knowsBuyers, covers, missing, contradicted };
}

function agree(longer: KlineColumns, at: number, minutes: KlineColumns, first: number, count: number): boolean {
  const high = minutes.high.subarray(first, first + count).reduce((most, price) => Math.max(most, price), 0);
  const low = minutes.low.subarray(first, first + count).reduce((least, price) => Math.min(least, price), high);
  const isSame = (a: number, b = Number.NaN): boolean => Math.abs(a - b) <= SAME * a;
  return isSame(high, longer.high[at]) && isSame(low, longer.low[at]);
}
