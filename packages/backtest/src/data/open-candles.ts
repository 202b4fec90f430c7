import type { BacktestOptions } from '../backtest-options.ts';
import { readKlineSeries } from '../klines/kline-data.ts';
import { withDetail } from '../klines/kline-detail.ts';
import { candleData } from './candle-data.ts';
import { runNameOf } from './data-name.ts';
import type { PlayableData } from './playable-data.ts';

/** Opens files of candles. Rejects with NotKlines. */
export async function openCandles({
  files,
  klines,
  progress,
}: Pick<BacktestOptions, 'files' | 'klines' | 'progress'>): Promise<PlayableData> {
  progress?.begin('Reading');
  const read = await readKlineSeries(files, klines?.known);
  const detail = klines?.detail ?? [];
  const series = detail.length === 0 ? read : withDetail(read, await readKlineSeries(detail, klines?.known), detail);
  return candleData(series, runNameOf([...files, ...detail]), progress);
}
