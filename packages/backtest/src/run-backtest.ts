import { statSync } from 'node:fs';
import type { RecordingFault } from '@helios/market-data/recording-fault.ts';
import { recordingLabel } from '@helios/market-data/recording-label.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import type { BacktestOptions } from './backtest-options.ts';
import type { BacktestResult } from './backtest-result.ts';
import { MinutePrices } from './minute-prices.ts';
import { runInProcess } from './run-in-process.ts';

/** Plays recordings and collects the result. Rejects with NotARecording if a file cannot be played. */
export async function runBacktest(options: BacktestOptions): Promise<BacktestResult> {
  const { files, market, fromTs, toTs, settings, changed } = options;
  const faults: RecordingFault[] = [];
  const source = createReplaySource({ files, market, onFault: (fault) => faults.push(fault) });
  await source.instruments();
  const run = recordingLabel(files.map((path) => ({ path, bytes: statSync(path).size })));
  const prices = new MinutePrices();
  let firstTs: number | undefined;
  let lastTs = 0;
  const { decisions, refusals, trades, events, counts } = await runInProcess(source, settings, run, {
    fromTs,
    toTs,
    observe(event) {
      firstTs ??= event.ts_event;
      lastTs = Math.max(lastTs, event.ts_event);
      prices.onEvent(event);
    },
  });
  const inWindow = ({ timestamp }: { readonly timestamp: number }) => timestamp >= fromTs;
  return {
    ...{ run, files, settings, changed, trades, events, faults },
    firstTs: Math.max(firstTs ?? 0, fromTs),
    lastTs,
    decisions: decisions.filter(inWindow),
    refusals: refusals.filter(inWindow),
    prices: prices.result(),
    badFrames: counts.badFrames,
  };
}
