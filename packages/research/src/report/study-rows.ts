import {
  ABSENT,
  figure,
  intervalText,
  minuteText,
  probabilityText,
  signedFigure,
} from '@helios/backtest/report/format.ts';
import type { ReportTable } from '@helios/backtest/report/group-rows.ts';
import type { WindowFigures } from '../walk-forward/trial-summary.ts';
import type { OutOfSample } from './out-of-sample.ts';
import type { StudyReport } from './study-report.ts';

/** Chosen settings, settings without the search, and no trade at all, over the test windows. */
export function outOfSampleTable({ chosen, base }: StudyReport): ReportTable {
  return {
    title: 'Out of sample: the tests of all folds, one after the other',
    columns: ['', 'trades', 'net', 'bp/trade', '95 % interval', 'p', 'deflated', 'Sharpe'],
    rows: [
      ['chosen by the search', ...performanceCells(chosen)],
      ['without the search', ...performanceCells(base)],
      ['no trade', '0', figure(0), ...['', '', '', '', ''].map(() => ABSENT)],
    ],
  };
}

function performanceCells({ netBp, netSum, estimates, probabilities }: OutOfSample): string[] {
  const { expectancyBp, sharpe } = estimates;
  return [
    ...[figure(netBp.length, 0), signedFigure(netSum), signedFigure(expectancyBp.value, 1)],
    ...[intervalText(expectancyBp, 1), probabilityText(probabilities.pValue)],
    ...[probabilityText(probabilities.deflated), figure(sharpe.value)],
  ];
}

/** What was chosen in each fold, and what became of it. */
export function foldTable({ folds }: StudyReport): ReportTable {
  return {
    title: 'Folds: chosen on the training, judged on the test',
    columns: ['test from', 'settings', 'training', 'bp', 'score', 'test', 'bp', 'without the search'],
    rows: folds.map(({ fold, candidates, training, test, base, score }) => [
      ...[minuteText(fold.test.fromTs), figure(candidates, 0), ...cellsOf(training), signedFigure(score, 1)],
      ...[...cellsOf(test), signedFigure(base.meanBp, 1)],
    ]),
  };
}

const cellsOf = ({ trades, meanBp }: WindowFigures) => [figure(trades, 0), signedFigure(meanBp, 1)];

/** The values that each fold chose, with the newest choice, which no test has seen. */
export function choiceTable({ folds, latest, plan }: StudyReport): ReportTable {
  const paths = plan.dimensions.map(({ path }) => path);
  return {
    title: 'Chosen values by fold; a value that jumps is fitted to its training',
    columns: ['setting', ...folds.map((_, n) => `fold ${n + 1}`), 'all data'],
    rows: paths.map((path) => [
      path,
      ...[...folds.map(({ texts }) => texts), latest].map((texts) => texts?.[path] ?? ABSENT),
    ]),
  };
}

/** The best settings of the last training with their test. */
export function rankedTable({ ranked, plan }: StudyReport): ReportTable {
  const paths = plan.dimensions.map(({ path }) => path);
  return {
    title: 'Best settings of the last training, and their test',
    columns: ['rank', 'score', 'trades', 'bp', 'test', 'bp', ...paths.map(shortName)],
    rows: ranked.map(({ texts, score, training, test }, n) => [
      ...[String(n + 1), signedFigure(score, 1), ...cellsOf(training), ...cellsOf(test)],
      ...paths.map((path) => texts[path] ?? ABSENT),
    ]),
  };
}

/** The key without its section. */
const shortName = (path: string) => path.split('.').at(-1) ?? path;

/** How much each setting matters. */
export function effectTable({ effects }: StudyReport): ReportTable {
  return {
    title: 'Effect of each setting: mean bp of the settings tried, by its value',
    columns: ['setting', 'explains', 'value', 'settings', 'bp'],
    rows: effects.flatMap(({ path, explained, groups }) =>
      groups.map(({ label, settings, meanBp }, n) => [
        ...(n === 0 ? [path, explained === undefined ? ABSENT : `${figure(100 * explained, 0)} %`] : ['', '']),
        ...[label, figure(settings, 0), signedFigure(meanBp, 1)],
      ]),
    ),
  };
}

/** The newest choice as lines of config/config.ini. */
export function configLines(texts: Readonly<Record<string, string>>): string[] {
  const named = Object.entries(texts).map(([path, text]) => [...path.split('.'), text] as const);
  return [...Map.groupBy(named, ([section]) => section)].flatMap(([section, settings]) => [
    `[${section}]`,
    ...settings.map(([, key, text]) => `${key} = ${text}`),
  ]);
}

/** The newest choice as options of a command. */
export function setOptions(texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts)
    .map(([path, text]) => `--set ${path}=${/[\s,]/.test(text) ? `'${text}'` : text}`)
    .join(' ');
}

/** One line on what was searched. */
export function searchLine({ plan, counts, embargoMs, folds }: StudyReport): string {
  const words = { tpe: 'TPE', random: 'random', grid: 'grid' };
  const hours = figure(embargoMs / 3_600_000, 1);
  return `${words[plan.method]} search for the best ${plan.objective}, seed ${plan.seed}: ${figure(counts.tried, 0)} settings, ${folds.length} folds, ${hours} h between training and test`;
}
