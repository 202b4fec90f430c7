import { statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RecordingFault } from '@helios/market-data/recording-fault.ts';
import { recordingLabel } from '@helios/market-data/recording-label.ts';
import { createReplaySource, scanRecordings } from '@helios/market-data/replay-source.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { BacktestOptions } from '../backtest-options.ts';
import type { BacktestResult } from '../backtest-result.ts';
import { cutKlines } from '../klines/cut-klines.ts';
import { readKlineSeries } from '../klines/kline-data.ts';
import { playKlines } from '../klines/play-klines.ts';
import { bytesRead } from '../progress/bytes-read.ts';
import { type DataWindow, type MarketTarget, WindowedTarget } from './market-target.ts';
import { openCache } from './open-cache.ts';
import { playSource } from './play-source.ts';

/** What the data themselves add to a result. */
export type PlayedData = Pick<BacktestResult, 'badFrames' | 'faults' | 'assumptions'>;

/** Data that can be played several times, whole or in part. */
export interface PlayableData {
  /** A replay of the same files has the same name, and so the same signal ids. */
  readonly run: string;
  readonly instruments: readonly Instrument[];
  play(target: MarketTarget, window?: DataWindow): Promise<PlayedData>;
}

type DataOptions = Pick<BacktestOptions, 'kind' | 'files' | 'market' | 'progress'>;

/** Opens the files of a backtest. Rejects with NotARecording, NotKlines or NotACache if one cannot be played. */
export async function openData(options: DataOptions): Promise<PlayableData> {
  if (options.kind === 'CACHE') return await openCache(options);
  return options.kind === 'KLINES' ? await openCandles(options) : await openRecordings(options);
}

async function openRecordings({ files, market, progress }: DataOptions): Promise<PlayableData> {
  // Rejects before the label reads the size of a file that may be missing.
  const heads = await scanRecordings(files, market, bytesRead(files, progress, 'Reading'));
  const open = (onFault: (fault: RecordingFault) => void, onBytes?: (bytes: number) => void) =>
    createReplaySource({ files, market, onFault, heads, onBytes });
  const instruments = await open(() => {}).instruments();
  return {
    run: labelOf(files),
    instruments,
    async play(target, window) {
      const faults: RecordingFault[] = [];
      const { badFrames } = await playSource(
        open((fault) => faults.push(fault), bytesRead(files, progress, 'Playing')),
        target,
        window,
      );
      return { badFrames, faults, assumptions: [] };
    },
  };
}

async function openCandles({ files, progress }: DataOptions): Promise<PlayableData> {
  progress?.begin('Reading');
  const series = await readKlineSeries(files);
  const filled = series.reduce((sum, { filled: count }) => sum + count, 0);
  const assumptions = [
    'Candles hold no book: spread, depth and imbalance are made up, and within a minute the worse extreme comes first.',
    ...(filled > 0 ? [`${filled} minutes without a row had no trade: filled with the last price.`] : []),
  ];
  return {
    run: labelOf(files),
    instruments: series.map(({ instrument }) => instrument),
    async play(target, window = {}) {
      const { cut, toTs = Number.POSITIVE_INFINITY } = window;
      progress?.begin('Playing');
      const candles = series.reduce((sum, { columns }) => sum + columns.length, 0);
      const shown = new WindowedTarget(target, window);
      for (const played of playKlines(cut ? cutKlines(series, cut.ts) : series, shown, toTs)) {
        progress?.at(played / candles);
        await nextTurn();
      }
      return { badFrames: 0, faults: [], assumptions };
    },
  };
}

function labelOf(files: readonly string[]): string {
  return recordingLabel(files.map((path) => ({ path, bytes: statSync(path).size })));
}
