import type { RecordingFault } from '@helios/market-data/recording-fault.ts';
import { createReplaySource, scanRecordings } from '@helios/market-data/replay-source.ts';
import type { BacktestOptions } from '../backtest-options.ts';
import { bytesRead } from '../progress/bytes-read.ts';
import { runNameOf } from './data-name.ts';
import { openCaches } from './open-caches.ts';
import { openCandles } from './open-candles.ts';
import { openTrades } from './open-trades.ts';
import { playSource } from './play-source.ts';
import type { PlayableData } from './playable-data.ts';
import { warmedData } from './warm-data.ts';

type DataOptions = Pick<BacktestOptions, 'kind' | 'files' | 'market' | 'klines' | 'progress'>;

/** Opens the files of a backtest. Rejects with NotARecording, NotKlines, NotImportable, NotACache or CachesOverlap if one cannot be played. */
export async function openData(options: DataOptions): Promise<PlayableData> {
  const data = await openFiles(options);
  const warm = options.klines?.warm ?? [];
  return warm.length === 0 ? data : await warmedData(data, warm);
}

async function openFiles(options: DataOptions): Promise<PlayableData> {
  if (options.kind === 'CACHE') return await openCaches(options);
  if (options.kind === 'TRADES') return await openTrades(options);
  return options.kind === 'KLINES' ? await openCandles(options) : await openRecordings(options);
}

async function openRecordings({ files, market, progress }: DataOptions): Promise<PlayableData> {
  // Rejects before the label reads the size of a file that may be missing.
  const heads = await scanRecordings(files, market, bytesRead(files, progress, 'Reading'));
  const open = (onFault: (fault: RecordingFault) => void, onBytes?: (bytes: number) => void) =>
    createReplaySource({ files, market, onFault, heads, onBytes });
  const instruments = await open(() => {}).instruments();
  return {
    run: runNameOf(files),
    instruments,
    async play(target, window) {
      const faults: RecordingFault[] = [];
      const onFault = (fault: RecordingFault) => void faults.push(fault);
      const source = open(onFault, bytesRead(files, progress, 'Playing'));
      const { badFrames } = await playSource(source, target, window, onFault);
      return { badFrames, faults, assumptions: [] };
    },
  };
}
