import { csvLine } from '@helios/shared/runtime/csv-line.ts';
import type { StudyOutcome, StudyPlan } from '../study.ts';

/** One line per setting: its values, then trades, mean and score in each training and test. */
export function trialsCsv({ dimensions, judging }: StudyPlan, { tried, chosen }: StudyOutcome): string {
  const perFold = judging.folds.flatMap((_, n) =>
    ['score', 'training_trades', 'training_bp', 'test_trades', 'test_bp', 'chosen'].map(
      (name) => `fold${n + 1}_${name}`,
    ),
  );
  const head = ['trial', ...dimensions.map(({ path }) => path), 'outcome', 'trades', 'bp', 'score', ...perFold];
  const rows = tried.map((one) => {
    const { candidate, summary } = one;
    const folds = judging.folds.flatMap((_, n) => {
      const [training, test] = [summary.trainings[n], summary.tests[n]];
      return [summary.scores[n], training?.trades, training?.meanBp, test?.trades, test?.meanBp, chosen[n] === one];
    });
    const values = dimensions.map(({ path }) => candidate.texts[path]);
    const { trades, meanBp } = summary.whole;
    return [summary.trial.id, ...values, summary.kind, trades, meanBp, summary.scores.at(-1), ...folds];
  });
  return [head, ...rows]
    .map((cells) => csvLine(cells.map((cell) => (typeof cell === 'boolean' ? String(cell) : cell))))
    .join('');
}
