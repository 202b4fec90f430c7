import { sliceKlines } from './kline-columns.ts';
import type { KlineSeries } from './kline-series.ts';

/**
 * The candles of a series that open from `fromTs` on and before `toTs`, epoch ms, in the same memory. Estimates and volumes stay those
 * of the whole series. Only for series without detail.
 */
export function sliceSeries(series: KlineSeries, fromTs: number, toTs: number): KlineSeries {
  const { columns, depthVolume } = series;
  const [from, to] = [firstFrom(columns.openTs, fromTs), firstFrom(columns.openTs, toTs)];
  return { ...series, columns: sliceKlines(columns, from, to), depthVolume: depthVolume.subarray(from, to) };
}

/** Index of the first time at or after `ts`; the length if there is none. */
function firstFrom(times: Float64Array, ts: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? Number.POSITIVE_INFINITY) < ts) low = middle + 1;
    else high = middle;
  }
  return low;
}
