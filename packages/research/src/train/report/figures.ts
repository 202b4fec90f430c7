import type { Estimate } from '@helios/backtest/statistics/stationary-bootstrap.ts';
import type { JudgedSplit } from '../recipe/judge-split.ts';
import type { TrainingSet } from '../rows/training-set.ts';
import { aucOf, brierOf, logLossOf, rankedPlaces } from '../statistics/classification.ts';
import { clusteredEstimate, dayOf } from '../statistics/cluster-bootstrap.ts';

/** What a variant achieved on rows that it did not learn. */
export interface VariantFigures {
  readonly rows: number;
  readonly auc: Estimate;
  readonly logLoss: number | undefined;
  readonly brier: number | undefined;
  /** Number of rows that it takes: their probability reaches the break-even. */
  readonly taken: number;
  /** Mean net result of the rows that it takes, basis points. */
  readonly netBp: Estimate;
}

/** Answers to test rows, one entry each. */
export interface TestAnswers {
  readonly rows: readonly number[];
  readonly probabilities: readonly number[];
  /** True for a row that the model takes. */
  readonly isTaken: readonly boolean[];
}

/** What a combinatorial split achieved, without intervals. */
export interface SplitFigures {
  readonly name: string;
  readonly auc: number | undefined;
  readonly taken: number;
  /** Mean net result of the rows that it takes, basis points. */
  readonly netBp: number | undefined;
}

/** Figures of the answers of one split. */
export function splitFigures(set: TrainingSet, name: string, split: JudgedSplit): SplitFigures {
  const { rows, probabilities: scores, isTaken } = joinedAnswers([split]);
  const taken = rows.filter((_, place) => isTaken[place]);
  const net = taken.reduce((sum, row) => sum + (set.netBp[row] ?? 0), 0);
  return {
    ...{ name, auc: aucOf({ scores, labels: rows.map((row) => set.isGain[row] ?? 0) }) },
    ...{ taken: taken.length, netBp: taken.length === 0 ? undefined : net / taken.length },
  };
}

/** The answers of several splits as one series. */
export function joinedAnswers(splits: readonly JudgedSplit[]): TestAnswers {
  return {
    rows: splits.flatMap(({ rows }) => rows),
    probabilities: splits.flatMap(({ probabilities }) => probabilities),
    isTaken: splits.flatMap(({ probabilities, fitted }) => probabilities.map((value) => value >= fitted.breakEven)),
  };
}

/** Answers of a rule that takes every row. */
export function takingAll(rows: readonly number[]): TestAnswers {
  return { rows, probabilities: rows.map(() => 0.5), isTaken: rows.map(() => true) };
}

/** Figures of answers, with intervals by days. */
export function variantFigures(set: TrainingSet, answers: TestAnswers, label: string): VariantFigures {
  const { rows, probabilities: scores, isTaken } = answers;
  const labels = rows.map((row) => set.isGain[row] ?? 0);
  const days = rows.map((row) => dayOf(set.ts[row] ?? 0));
  const ranked = rankedPlaces(scores);
  const judged = { scores, labels };
  return {
    rows: rows.length,
    auc: clusteredEstimate(days, (counts) => aucOf(judged, counts, ranked), `auc:${label}`),
    ...{ logLoss: logLossOf(judged), brier: brierOf(judged) },
    taken: isTaken.filter(Boolean).length,
    netBp: meanOfTaken(set, answers, label),
  };
}

/** Figures of each symbol of the set that has test rows. */
export function figuresBySymbol(
  set: TrainingSet,
  { rows, probabilities, isTaken }: TestAnswers,
): Array<VariantFigures & { readonly symbol: string }> {
  return set.symbols.flatMap((symbol, index) => {
    const places = [...rows.keys()].filter((place) => set.symbolOf[rows[place] ?? 0] === index);
    if (places.length === 0) return [];
    const own = {
      rows: places.map((place) => rows[place] ?? 0),
      probabilities: places.map((place) => probabilities[place] ?? 0),
      isTaken: places.map((place) => isTaken[place] ?? false),
    };
    return [{ symbol, ...variantFigures(set, own, symbol) }];
  });
}

/** Mean net result of the rows that are taken, basis points; the rest has the result 0 and does not count. */
function meanOfTaken(set: TrainingSet, { rows, isTaken }: TestAnswers, label: string): Estimate {
  const taken = rows.filter((_, place) => isTaken[place]);
  const nets = taken.map((row) => set.netBp[row] ?? 0);
  const days = taken.map((row) => dayOf(set.ts[row] ?? 0));
  const mean = (counts: Float64Array) => {
    let [sum, total] = [0, 0];
    for (const [place, net] of nets.entries()) {
      sum += net * (counts[place] ?? 0);
      total += counts[place] ?? 0;
    }
    return total === 0 ? undefined : sum / total;
  };
  return clusteredEstimate(days, mean, `net:${label}`);
}
