import { detectFormat } from '@helios/market-data/import/detect-format.ts';
import { openForeignFile } from '@helios/market-data/import/foreign-file.ts';
import { type ForeignScan, scanForeign } from '@helios/market-data/import/foreign-scan.ts';
import { createForeignSource } from '@helios/market-data/import/foreign-source.ts';
import { NotImportable } from '@helios/market-data/import/not-importable.ts';
import type { RecordingFault } from '@helios/market-data/recording-fault.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { BacktestOptions } from '../backtest-options.ts';
import type { RunProgress } from '../progress/progress-line.ts';
import { BookedTarget, TRADES_ASSUMPTION } from '../trades/booked-target.ts';
import { runNameOf } from './data-name.ts';
import type { MarketTarget } from './market-target.ts';
import { playSource } from './play-source.ts';
import type { PlayableData } from './playable-data.ts';
import { WindowedTarget } from './windowed-target.ts';

/** Frames between two reports of progress. */
const FRAMES_AT_ONCE = 4_096;

/**
 * Opens files of trades of the Binance archive; their books are made up. The files are read once before they are played. Rejects with
 * NotImportable.
 */
export async function openTrades({
  files,
  progress,
}: Pick<BacktestOptions, 'files' | 'progress'>): Promise<PlayableData> {
  progress?.begin('Reading');
  const scan = await scanForeign(await Promise.all(files.map(openFile)), new AbortController().signal);
  const { instruments } = scan;
  return {
    ...{ run: runNameOf(files), instruments, isBookMadeUp: true },
    async play(target, window = {}) {
      const faults: RecordingFault[] = [];
      const { toTs = Number.POSITIVE_INFINITY, ...shown } = window;
      const booked = new BookedTarget(new WindowedTarget(target, shown), instruments);
      const watched = progress === undefined ? booked : watchedTarget(booked, scan, progress);
      const { badFrames } = await playSource(
        createForeignSource(scan, (fault) => faults.push(fault)),
        watched,
        { toTs },
      );
      return { badFrames, faults, assumptions: [TRADES_ASSUMPTION] };
    },
  };
}

async function openFile(file: string) {
  const detected = await detectFormat(file);
  if (detected.kind === 'CSV' && detected.format.gives === 'TRADE') return await openForeignFile(detected);
  throw new NotImportable(file, 'its name says that it holds trades, and its rows are none');
}

/** Reports the share of the market time that has passed. */
function watchedTarget(target: MarketTarget, { files }: ForeignScan, progress: RunProgress): MarketTarget {
  const firstTs = Math.min(...files.map(({ firstUs }) => firstUs)) / 1_000;
  const lastTs = Math.max(...files.map(({ lastUs }) => lastUs)) / 1_000;
  let frames = 0;
  progress.begin('Playing');
  return {
    onFrame(events: readonly MarketEvent[]) {
      target.onFrame(events);
      frames += 1;
      const ts = events[0]?.ts_event;
      if (frames % FRAMES_AT_ONCE === 0 && ts !== undefined) progress.at((ts - firstTs) / (lastTs - firstTs));
    },
    sideOf: (symbol) => target.sideOf(symbol),
  };
}
