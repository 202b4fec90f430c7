import { statSync } from 'node:fs';
import type { RecordingFault } from '@helios/market-data/recording-fault.ts';
import { recordingLabel } from '@helios/market-data/recording-label.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import type { BacktestOptions } from './backtest-options.ts';
import type { BacktestResult } from './backtest-result.ts';
import { readKlineSeries } from './klines/kline-data.ts';
import { playKlines } from './klines/play-klines.ts';
import { MinutePrices } from './minute-prices.ts';
import { PaperPath, type PathResult } from './paper-path.ts';
import { reportedSettings } from './reported-settings.ts';
import { runInProcess } from './run-in-process.ts';

/** What a kind of data adds to the result. */
type Played = PathResult & Pick<BacktestResult, 'badFrames' | 'faults' | 'assumptions'>;
type Observe = (event: MarketEvent) => void;

/** Plays data through strategy and paper account. Rejects with NotARecording or NotKlines if a file cannot be played. */
export async function runBacktest(options: BacktestOptions): Promise<BacktestResult> {
  const { files, fromTs } = options;
  const prices = new MinutePrices();
  let firstTs: number | undefined;
  let lastTs = 0;
  const observe: Observe = (event) => {
    firstTs ??= event.ts_event;
    lastTs = Math.max(lastTs, event.ts_event);
    prices.onEvent(event);
  };
  const play = options.kind === 'KLINES' ? playCandles : playRecordings;
  const { signals, decisions, refusals, ...played } = await play(options, observe);
  const { trades, events, badFrames, faults, assumptions } = played;
  const inWindow = ({ timestamp }: { readonly timestamp: number }) => timestamp >= fromTs;
  return {
    ...{ run: labelOf(files), files, trades, events, badFrames, faults, assumptions },
    ...reportedSettings(options),
    firstTs: Math.max(firstTs ?? 0, fromTs),
    lastTs,
    decisions: decisions.filter(inWindow),
    refusals: refusals.filter(inWindow),
    mids: midsOf(signals),
    prices: prices.result(),
  };
}

async function playRecordings(options: BacktestOptions, observe: Observe): Promise<Played> {
  const { files, market, settings, fromTs, toTs } = options;
  const faults: RecordingFault[] = [];
  const source = createReplaySource({ files, market, onFault: (fault) => faults.push(fault) });
  // Rejects before the label reads the size of a file that may be missing.
  await source.instruments();
  const { counts, ...result } = await runInProcess(source, settings, labelOf(files), { fromTs, toTs, observe });
  return { ...result, badFrames: counts.badFrames, faults, assumptions: [] };
}

async function playCandles({ files, settings, fromTs, toTs }: BacktestOptions, observe: Observe): Promise<Played> {
  const series = await readKlineSeries(files);
  const instruments = series.map(({ instrument }) => instrument);
  const path = new PaperPath({ settings, run: labelOf(files), instruments, fromTs, observe });
  playKlines(series, path, toTs);
  const filled = series.reduce((sum, { filledMinutes }) => sum + filledMinutes, 0);
  const assumptions = [
    'Candles hold no book: spread, depth and imbalance are made up, and within a minute the worse extreme comes first.',
    ...(filled > 0 ? [`${filled} minutes without a row had no trade: filled with the last price.`] : []),
  ];
  return { ...path.result(), badFrames: 0, faults: [], assumptions };
}

/** A replay of the same recordings has the same label, and so the same signal ids. */
function labelOf(files: readonly string[]): string {
  return recordingLabel(files.map((path) => ({ path, bytes: statSync(path).size })));
}

function midsOf(signals: readonly TradingSignal[]): ReadonlyMap<string, number> {
  return new Map(
    signals.flatMap(({ signal_id, quote }) => (quote ? [[signal_id, (quote.bid + quote.ask) / 2] as const] : [])),
  );
}
