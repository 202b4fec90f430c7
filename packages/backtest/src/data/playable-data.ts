import { statSync } from 'node:fs';
import type { RecordingFault } from '@helios/market-data/recording-fault.ts';
import { recordingLabel } from '@helios/market-data/recording-label.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { BacktestOptions } from '../backtest-options.ts';
import type { BacktestResult } from '../backtest-result.ts';
import { cutKlines } from '../klines/cut-klines.ts';
import { readKlineSeries } from '../klines/kline-data.ts';
import { playKlines } from '../klines/play-klines.ts';
import { type DataWindow, type MarketTarget, WindowedTarget } from './market-target.ts';
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

/** Opens the files of a backtest. Rejects with NotARecording or NotKlines if one cannot be played. */
export async function openData(options: Pick<BacktestOptions, 'kind' | 'files' | 'market'>): Promise<PlayableData> {
  return options.kind === 'KLINES' ? await openCandles(options.files) : await openRecordings(options);
}

async function openRecordings({ files, market }: Pick<BacktestOptions, 'files' | 'market'>): Promise<PlayableData> {
  const open = (onFault: (fault: RecordingFault) => void) => createReplaySource({ files, market, onFault });
  // Rejects before the label reads the size of a file that may be missing.
  const instruments = await open(() => {}).instruments();
  return {
    run: labelOf(files),
    instruments,
    async play(target, window) {
      const faults: RecordingFault[] = [];
      const { badFrames } = await playSource(
        open((fault) => faults.push(fault)),
        target,
        window,
      );
      return { badFrames, faults, assumptions: [] };
    },
  };
}

async function openCandles(files: readonly string[]): Promise<PlayableData> {
  const series = await readKlineSeries(files);
  const filled = series.reduce((sum, { filledMinutes }) => sum + filledMinutes, 0);
  const assumptions = [
    'Candles hold no book: spread, depth and imbalance are made up, and within a minute the worse extreme comes first.',
    ...(filled > 0 ? [`${filled} minutes without a row had no trade: filled with the last price.`] : []),
  ];
  return {
    run: labelOf(files),
    instruments: series.map(({ instrument }) => instrument),
    async play(target, window = {}) {
      const { cut, toTs = Number.POSITIVE_INFINITY } = window;
      playKlines(cut ? cutKlines(series, cut.ts) : series, new WindowedTarget(target, window), toTs);
      return { badFrames: 0, faults: [], assumptions };
    },
  };
}

function labelOf(files: readonly string[]): string {
  return recordingLabel(files.map((path) => ({ path, bytes: statSync(path).size })));
}
