import type { BacktestOptions } from '@helios/backtest/backtest-options.ts';
import { candleData } from '@helios/backtest/data/candle-data.ts';
import { runNameOf } from '@helios/backtest/data/data-name.ts';
import { openData } from '@helios/backtest/data/open-data.ts';
import { readKlineSeries } from '@helios/backtest/klines/kline-data.ts';
import { seriesRemarks } from '@helios/backtest/klines/series-remarks.ts';
import type { ProgressLine } from '@helios/backtest/progress/progress-line.ts';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { NO_MODEL_DIR } from '@helios/shared/runtime/read-model-folder.ts';
import { codeHash } from '../../code-hash.ts';
import { longestHoldMs } from '../../longest-hold.ts';
import { type TrainingRowOptions, trainingRows } from '../../training-rows.ts';
import { type CandleMonth, candleMonths } from './candle-months.ts';
import { ChosenCandidates } from './chosen-candidates.ts';
import type { CompactRow } from './compact-row.ts';
import { playedRows } from './played-rows.ts';

/** Refusals are recorded so many times as often as candidates are taken: some of them have costs that no order pays. */
const RECORDED_PER_CHOICE = 3;
const MINUTE_MS = 60_000;

/** Market data to find candidates in. */
export interface CandidateSource {
  readonly options: BacktestOptions;
  /** The options of the command line that change what is played; files by their SHA-256. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
  /** Minimum distance of two candidates of a symbol, ms. */
  readonly apartMs: number;
  /** Folder of kept rows. */
  readonly folder: string;
  readonly progress: ProgressLine;
  readonly signal: AbortSignal;
}

/**
 * Plays market data, and hands the candidates over. Candles are played month by month, and each month is kept: a later training plays
 * only new ones. Returns what was assumed. Rejects with TrainingStopped, and as `openData`.
 */
export async function playCandidates(
  source: CandidateSource,
  add: (row: CompactRow) => void,
): Promise<readonly string[]> {
  const { options } = source;
  const { kind, klines } = options;
  if (kind === 'KLINES' && klines?.detail.length === 0) await refuseLongCandles(options);
  // A month alone has neither longer candles' detail nor the days of other files.
  if (kind === 'KLINES' && klines?.detail.length === 0 && klines.warm.length === 0)
    return await playMonths(source, add);
  source.progress.begin('Candidates of the market data');
  const rows = await playedRows({
    ...{ folder: source.folder, signal: source.signal },
    key: { ...keyOf(source), texts: source.texts },
    play: async function* () {
      yield* trainingRows(await openData({ ...options, progress: source.progress }), rowOptions(source));
    },
  });
  for (const row of rows) add(row);
  return [];
}

/** Longer candles say neither what most features read nor how far a price goes within the horizon. @throws HopelessStart */
async function refuseLongCandles({ files, klines }: BacktestOptions): Promise<void> {
  const long = (await readKlineSeries(files, klines?.known)).find(({ intervalMs }) => intervalMs > MINUTE_MS);
  if (long === undefined) return;
  const { instrument, interval } = long;
  throw new HopelessStart(
    `${instrument.symbol} has candles of ${interval}. A model learns from minutes: longer candles hide most features, and how far a price goes. Give candles of 1m, alone or for the same time as --detail.`,
  );
}

async function playMonths(source: CandidateSource, add: (row: CompactRow) => void): Promise<readonly string[]> {
  const { options, progress } = source;
  progress.begin('Reading');
  const series = await readKlineSeries(options.files, options.klines?.known);
  const months = candleMonths(series, longestHoldMs(options.settings, [])).filter(
    ({ fromTs, toTs }) => fromTs < options.toTs && toTs > options.fromTs,
  );
  const { data: _, ...texts } = source.texts;
  for (const [n, month] of months.entries()) {
    progress.begin(`Candidates of ${month.name} (${n + 1} of ${months.length})`);
    const key = { ...keyOf(source), texts, candles: month.sha256, month: month.name };
    const rows = await playedRows({
      ...{ folder: source.folder, signal: source.signal, key },
      play: () => rowsOfMonth(month, source, (share) => progress.at((n + share) / months.length)),
    });
    for (const row of rows) add(row);
    progress.at((n + 1) / months.length);
  }
  return seriesRemarks(series);
}

async function* rowsOfMonth(month: CandleMonth, source: CandidateSource, at: (share: number) => void) {
  const options = rowOptions(source);
  const data = candleData(month.series, runNameOf(options.files), { begin: () => {}, at });
  const rows = trainingRows(data, { ...options, fromTs: Math.max(options.fromTs, month.fromTs) });
  for await (const row of rows) if (row.ts < month.toTs) yield row;
}

function keyOf({ options, apartMs }: CandidateSource) {
  const { settings, fromTs, toTs } = options;
  return { code: codeHash(), settings, fromTs, toTs, apartMs };
}

/** No model is asked: the rows are the same, whatever stands in the folder of the model. */
function rowOptions({ options, apartMs }: CandidateSource): TrainingRowOptions {
  const { settings } = options;
  return {
    ...options,
    settings: { ...settings, signals: { ...settings.signals, model_dir: NO_MODEL_DIR } },
    everySec: Math.ceil(apartMs / 1_000 / RECORDED_PER_CHOICE),
    chosen: new ChosenCandidates(apartMs),
  };
}
