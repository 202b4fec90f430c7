import { netBpOf } from '@helios/backtest/attribution/judged-trade.ts';
import { type BacktestOptions, readBacktestOptions } from '@helios/backtest/backtest-options.ts';
import { playBacktest } from '@helios/backtest/run-backtest.ts';
import { dailyReturnsOf } from '@helios/backtest/statistics/performance-estimates.ts';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { SettingsError } from '@helios/shared/runtime/config/settings-error.ts';
import { OpenedData } from './opened-data.ts';
import type { Trial, TrialResult } from './trial.ts';
import { MODEL_OPTION } from './trial-model.ts';

/**
 * Plays a trial. The result depends on the trial alone, so it is the same in a thread, in another process and on another machine.
 * Pass the same `opened` again to read the data only once. Rejects with TrialDataChanged if a file has other content, and with the
 * errors of a backtest for data that cannot be played.
 */
export async function runTrial(trial: Trial, opened: OpenedData = new OpenedData()): Promise<TrialResult> {
  const options = optionsOf(trial);
  if ('faults' in options) return { kind: 'INVALID', id: trial.id, faults: [...options.faults] };
  const { data, model } = await opened.open(trial.data.files, options);
  // Following refusals up would cost most of the time of a trial. Only a model learns from them how good it is.
  const recordsRefusals = model !== undefined;
  const result = await playBacktest(data, options, { recordsRefusals, loadModel: async () => model });
  return {
    kind: 'PLAYED',
    id: trial.id,
    firstTs: result.firstTs,
    lastTs: result.lastTs,
    startingBalance: result.settings.simulation.starting_balance,
    trades: {
      entryTs: result.trades.map(({ entry_ts }) => entry_ts),
      exitTs: result.trades.map(({ exit_ts }) => exit_ts),
      netBp: result.trades.map(netBpOf),
      net: result.trades.map(({ realized_pnl }) => realized_pnl),
    },
    dailyReturns: dailyReturnsOf(result),
    events: result.events,
    assumptions: [...result.assumptions],
    models: [...result.models],
  };
}

/** The options that `npm run backtest` would have for this trial, without any file of settings; or the faults of the settings. */
function optionsOf({ settings, data }: Trial): BacktestOptions | { readonly faults: readonly string[] } {
  const time = (ts: number) => new Date(ts).toISOString();
  const args = [
    ...data.files.flatMap(({ option, path }) => (option === MODEL_OPTION ? [] : [`--${option}`, path])),
    ...Object.entries(data.options).map(([option, value]) => (value === '' ? `--${option}` : `--${option}=${value}`)),
    ...Object.entries(settings).map(([path, text]) => `--set=${path}=${text}`),
    ...[`--from=${time(data.fromTs)}`, `--to=${time(data.toTs)}`],
  ];
  try {
    // This folder holds no settings, and the environment is empty.
    return readBacktestOptions(readCommandLine('backtest', args), {
      ...{ cwd: import.meta.dirname, root: import.meta.dirname, env: {}, nowMs: 0 },
    });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { faults: error.faults.map(({ what }) => what) };
  }
}
