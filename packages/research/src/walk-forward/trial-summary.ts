import { mean } from '@helios/synthetic-market/series-statistics.ts';
import { USUAL_BLOCKS } from '../statistics/overfitting.ts';
import type { DataPart, PlayedTrial, Trial, TrialResult } from '../trial.ts';
import type { Fold, MarketWindow } from './folds.ts';
import { type Objective, scoreOf } from './objective.ts';
import { tradesIn } from './window-trades.ts';

/** Trades of a window in two figures. */
export interface WindowFigures {
  readonly trades: number;
  /** Mean net result per trade, basis points; undefined without trades. */
  readonly meanBp: number | undefined;
}

/** What the search keeps of a trial: a few hundred numbers however many trades it had. */
export interface TrialSummary {
  readonly trial: Trial;
  readonly kind: TrialResult['kind'];
  /** Score of each fold's training, and last of the whole time. */
  readonly scores: readonly (number | undefined)[];
  readonly trainings: readonly WindowFigures[];
  readonly tests: readonly WindowFigures[];
  readonly whole: WindowFigures;
  /** Return in equal stretches of the whole time, as fractions of the starting balance; a trade counts at its end. */
  readonly returns: Float64Array;
}

/** How trials are judged. */
export interface Judging {
  readonly folds: readonly Fold[];
  readonly whole: MarketWindow;
  readonly objective: Objective;
  readonly minTrades: number;
}

const DAY_MS = 86_400_000;
/** Stretches of a block: at least so many, so that a block has a deviation. */
const MIN_STRETCHES = 4;

/** The time in which trades of a search count. */
export function wholeOf({ fromTs, toTs }: DataPart): MarketWindow {
  return { fromTs, toTs: toTs + 1 };
}

/** Judges the trades of a trial in every window. */
export function summaryOf(trial: Trial, result: TrialResult, judging: Judging): TrialSummary {
  const { folds, whole, objective, minTrades } = judging;
  if (result.kind !== 'PLAYED') return emptySummary(trial, result.kind, judging);
  const trainings = folds.map(({ training, test }) => tradesIn(result.trades, training, test.fromTs));
  const tests = folds.map(({ test }) => tradesIn(result.trades, test));
  const all = tradesIn(result.trades, whole);
  return {
    ...{ trial, kind: result.kind, whole: figuresOf(all.netBp) },
    scores: [...trainings, all].map((trades) => scoreOf(trades, objective, minTrades)),
    trainings: trainings.map(({ netBp }) => figuresOf(netBp)),
    tests: tests.map(({ netBp }) => figuresOf(netBp)),
    returns: returnsOf(result, whole),
  };
}

function emptySummary(trial: Trial, kind: TrialResult['kind'], { folds, whole }: Judging): TrialSummary {
  const none: WindowFigures = { trades: 0, meanBp: undefined };
  return {
    ...{ trial, kind, whole: none, returns: new Float64Array(stretchesOf(whole)) },
    scores: [...folds, whole].map(() => undefined),
    trainings: folds.map(() => none),
    tests: folds.map(() => none),
  };
}

/** Number and mean of net results. */
export function figuresOf(netBp: readonly number[]): WindowFigures {
  return { trades: netBp.length, meanBp: mean(netBp) };
}

/** About a day each, and a whole number of them in each of the blocks. */
function stretchesOf({ fromTs, toTs }: MarketWindow): number {
  return USUAL_BLOCKS * Math.max(MIN_STRETCHES, Math.ceil((toTs - fromTs) / DAY_MS / USUAL_BLOCKS));
}

function returnsOf({ trades, startingBalance }: PlayedTrial, whole: MarketWindow): Float64Array {
  const returns = new Float64Array(stretchesOf(whole));
  const length = (whole.toTs - whole.fromTs) / returns.length;
  for (const [n, exitTs] of trades.exitTs.entries()) {
    const stretch = Math.floor((exitTs - whole.fromTs) / length);
    if (stretch >= 0 && stretch < returns.length)
      returns[stretch] = (returns[stretch] ?? 0) + (trades.net[n] ?? 0) / startingBalance;
  }
  return returns;
}
