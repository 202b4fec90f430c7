import { minuteText, probabilityText } from '@helios/backtest/report/format.ts';
import { tableLines, wrapped } from '@helios/backtest/report/text-table.ts';
import type { StudyReport } from './study-report.ts';
import {
  choiceTable,
  configLines,
  effectTable,
  foldTable,
  outOfSampleTable,
  rankedTable,
  searchLine,
  setOptions,
} from './study-rows.ts';
import { isProved } from './study-verdict.ts';

/** The search for the terminal. */
export function studyText(report: StudyReport): string {
  const { plan, verdict, overfitting, latest } = report;
  const { fromTs, toTs } = plan.whole;
  const parts = [
    [...wrapped(searchLine(report)), `  ${minuteText(fromTs)} to ${minuteText(toTs)} UTC`],
    ['Verdict', ...verdict.flatMap(({ text }) => wrapped(text, '  · '))],
    ...[outOfSampleTable, foldTable, choiceTable, rankedTable, effectTable]
      .map((tableOf) => tableOf(report))
      .map((table) => (table.rows.length === 0 ? [] : tableLines(table))),
    overfitting === undefined
      ? []
      : [
          `Probability of backtest overfitting (CSCV, ${overfitting.blocks} blocks): ${probabilityText(overfitting.probability)}`,
        ],
    latest === undefined ? [] : ['Best on all data', ...latestLines(report, latest)],
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function latestLines(report: StudyReport, latest: Readonly<Record<string, string>>): string[] {
  return [
    ...wrapped(latestAdvice(report), '  '),
    `  ${setOptions(latest)}`,
    '',
    ...configLines(latest).map((line) => `  ${line}`),
  ];
}

/** What to do with the newest choice. */
export function latestAdvice(report: StudyReport): string {
  return isProved(report)
    ? 'No test has seen this choice; the tests judged the way in which it was chosen. Play it on new data before you believe it.'
    : 'Do not use it: the tests do not speak for the way in which it was chosen.';
}
