import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BacktestOptions } from '../backtest-options.ts';
import { cutKlines } from '../klines/cut-klines.ts';
import type { KlineSeries } from '../klines/kline-series.ts';
import { playKlines } from '../klines/play-klines.ts';
import { seriesRemarks } from '../klines/series-remarks.ts';
import { candleLengths } from './candle-lengths.ts';
import type { PlayableData } from './playable-data.ts';
import { WindowedTarget } from './windowed-target.ts';

/** Candles in memory as data that can be played. */
export function candleData(
  series: readonly KlineSeries[],
  run: string,
  progress?: BacktestOptions['progress'],
): PlayableData {
  const minutes = series.reduce((sum, { columns, intervalMs }) => sum + (columns.length * intervalMs) / 60_000, 0);
  return {
    run,
    instruments: series.map(({ instrument }) => instrument),
    candleMs: candleLengths(series),
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
