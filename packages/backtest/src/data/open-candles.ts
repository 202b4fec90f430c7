import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BacktestOptions } from '../backtest-options.ts';
import { cutKlines } from '../klines/cut-klines.ts';
import { readKlineSeries } from '../klines/kline-data.ts';
import { withDetail } from '../klines/kline-detail.ts';
import type { KlineSeries } from '../klines/kline-series.ts';
import { playKlines } from '../klines/play-klines.ts';
import { seriesRemarks } from '../klines/series-remarks.ts';
import { runNameOf } from './data-name.ts';
import type { PlayableData } from './playable-data.ts';
import { WindowedTarget } from './windowed-target.ts';

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
  const minutes = series.reduce((sum, { columns, intervalMs }) => sum + (columns.length * intervalMs) / 60_000, 0);
  return {
    run: runNameOf([...files, ...detail]),
    instruments: series.map(({ instrument }) => instrument),
    async play(target, window = {}) {
      const { cut, toTs = Number.POSITIVE_INFINITY } = window;
      progress?.begin('Playing');
      const shown = new WindowedTarget(target, window);
      const known: readonly KlineSeries[] = cut ? cutKlines(series, cut.ts) : series;
      for (const played of playKlines(known, shown, toTs)) {
        progress?.at(played / minutes);
        await nextTurn();
      }
      return { badFrames: 0, faults: [], assumptions: seriesRemarks(series) };
    },
  };
}
