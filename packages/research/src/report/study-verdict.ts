import type { Remark } from '@helios/backtest/report/backtest-report.ts';
import { counted, figure, intervalText, probabilityText, signedFigure } from '@helios/backtest/report/format.ts';
import { meanWithError } from '@helios/backtest/statistics/mean-error.ts';
import { MIN_VALUES } from '@helios/backtest/statistics/stationary-bootstrap.ts';
import type { StudyReport } from './study-report.ts';

type StudyFigures = Omit<StudyReport, 'verdict'>;

/** Probability that counts as proof. */
const PROOF = 0.95;
/** Above this the choice is no better than a coin; below the other it holds. */
const LIKELY_OVERFIT = 0.5;
const RARELY_OVERFIT = 0.2;
/** Standard errors that make a difference. */
const MIN_ERRORS = 2;

/** Says in plain sentences what a search proves and what it does not. The first sentence is the answer. */
export function studyVerdict(figures: StudyFigures): Remark[] {
  return [
    answer(figures),
    ...comparison(figures),
    ...overfitRemarks(figures),
    ...countRemarks(figures),
    ...figures.assumptions.map((text): Remark => ({ kind: 'DOUBT', text })),
  ];
}

/** True if the trades out of sample prove an edge: beyond luck, and beyond the luck of the best of all tried settings. */
export function isProved({ chosen: { estimates, probabilities } }: Pick<StudyReport, 'chosen'>): boolean {
  return (estimates.expectancyBp.low ?? 0) > 0 && (probabilities.deflated ?? 0) >= PROOF;
}

function answer(figures: StudyFigures): Remark {
  const { chosen, folds, plan, counts } = figures;
  const { expectancyBp } = chosen.estimates;
  if (folds.every(({ texts }) => texts === undefined)) {
    if (counts.invalid === counts.tried)
      return {
        kind: 'DOUBT',
        text: 'No setting could be played: the values of each contradict each other. Search others.',
      };
    const text = `No setting made ${plan.minTrades} trades in a training, so none was chosen or tested. Name more data, or wider ranges.`;
    return { kind: 'DOUBT', text };
  }
  const trades = counted(chosen.netBp.length, 'trade');
  if (chosen.netBp.length < MIN_VALUES) {
    return { kind: 'DOUBT', text: `Nothing is proved: the chosen settings made only ${trades} out of sample.` };
  }
  const gained = `${signedFigure(expectancyBp.value, 1)} bp per trade out of sample (${trades}, 95 % interval ${intervalText(expectancyBp, 1)})`;
  const deflated = probabilityText(chosen.probabilities.deflated);
  if (isProved(figures)) {
    const text = `The search found an edge that luck does not explain in these data: ${gained}, deflated Sharpe ratio ${deflated} after ${counted(chosen.probabilities.trials, 'trial')}.`;
    return { kind: 'GOOD', text };
  }
  if ((expectancyBp.high ?? 0) < 0) {
    return { kind: 'BAD', text: `The chosen settings lose, and not by bad luck: ${gained}. Not to trade is better.` };
  }
  const why =
    (expectancyBp.low ?? 0) > 0
      ? `the best of ${counted(chosen.probabilities.trials, 'worthless setting')} may look like that (deflated Sharpe ratio ${deflated})`
      : 'the interval contains zero';
  return { kind: 'DOUBT', text: `The search found nothing that luck does not explain: ${gained}, and ${why}.` };
}

function comparison({ chosen, base }: StudyFigures): Remark[] {
  const [own, other] = [meanWithError(chosen.netBp), meanWithError(base.netBp)];
  if (own.mean === undefined || other.mean === undefined) return [];
  const earned = `Without the search the same time gives ${signedFigure(other.mean, 1)} bp per trade (${counted(other.count, 'trade')})`;
  const difference = own.mean - other.mean;
  const error = Math.hypot(own.error ?? Number.POSITIVE_INFINITY, other.error ?? Number.POSITIVE_INFINITY);
  if (Math.abs(difference) < MIN_ERRORS * error)
    return [{ kind: 'NOTE', text: `${earned}: the search makes no clear difference.` }];
  return difference > 0
    ? [{ kind: 'NOTE', text: `${earned}: the search is better by ${figure(difference, 1)} bp.` }]
    : [{ kind: 'BAD', text: `${earned}: the search makes it worse by ${figure(-difference, 1)} bp.` }];
}

function overfitRemarks({ overfitting }: StudyFigures): Remark[] {
  if (overfitting === undefined) return [];
  const { probability, lossProbability } = overfitting;
  const split = `The best setting of one half of the data ranks in the lower half of all in the other with probability ${probabilityText(probability)}`;
  const loses = `, and loses there with probability ${probabilityText(lossProbability)}`;
  if (probability >= LIKELY_OVERFIT) return [{ kind: 'BAD', text: `${split}${loses}: the search fits noise.` }];
  if (probability > RARELY_OVERFIT) return [{ kind: 'DOUBT', text: `${split}${loses}: the ranks are shaky.` }];
  return [{ kind: lossProbability < LIKELY_OVERFIT ? 'GOOD' : 'NOTE', text: `${split}${loses}: the ranks hold.` }];
}

function countRemarks({ counts, plan, isComplete }: StudyFigures): Remark[] {
  const remarks: Remark[] = [];
  if (!isComplete) {
    const text = `The search was stopped after ${figure(counts.tried, 0)} of ${counted(plan.trials, 'trial')}. The same command goes on from there.`;
    remarks.push({ kind: 'DOUBT', text });
  }
  if (counts.earlier > 0)
    remarks.push({
      kind: 'DOUBT',
      text: `Earlier searches tried ${counted(counts.earlier, 'other setting')} on these data. The deflated Sharpe ratio counts them, but their tests were seen: take new data.`,
    });
  if (counts.invalid > 0)
    remarks.push({
      kind: 'NOTE',
      text: `${counted(counts.invalid, 'setting')} were not played: their values contradict each other, such as a fast average above the slow one.`,
    });
  if (counts.failed > 0)
    remarks.push({
      kind: 'DOUBT',
      text: `${counted(counts.failed, 'setting')} could not be played; the same command tries them again.`,
    });
  if (counts.tooFew > 0)
    remarks.push({
      kind: 'NOTE',
      text: `${counted(counts.tooFew, 'setting')} had fewer than ${counted(plan.minTrades, 'trade')} in every training.`,
    });
  return remarks;
}
