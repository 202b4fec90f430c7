import type { BacktestOptions } from '../backtest-options.ts';
import type { BacktestResult } from '../backtest-result.ts';
import type { PlayableData } from '../data/playable-data.ts';
import type { PathRecord } from '../path-records.ts';
import { playBacktest, type RunChanges } from '../run-backtest.ts';

/** The backtest that is checked. */
export interface CheckedBacktest {
  readonly data: PlayableData;
  readonly options: BacktestOptions;
  /** Faults that a test plants. */
  readonly planted?: Pick<RunChanges, 'createEngine' | 'createAccount'>;
}

/** A run with everything that it did, in order. */
export interface RecordedRun {
  readonly result: BacktestResult;
  readonly records: readonly PathRecord[];
}

/** Plays the backtest, changed by `changes`, and records it. */
export async function recordRun(
  { data, options, planted }: CheckedBacktest,
  changes: RunChanges = {},
): Promise<RecordedRun> {
  const records: PathRecord[] = [];
  const onRecord = (record: PathRecord) => void records.push(record);
  const result = await playBacktest(data, options, { ...planted, ...changes, onRecord });
  return { result, records };
}
