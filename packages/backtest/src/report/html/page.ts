import type { Grouping } from '../../attribution/trade-groups.ts';
import type { BacktestReport } from '../backtest-report.ts';
import { comparedNames, compareTable, differencesTable } from '../compare-table.ts';
import { currencyOf } from '../currency.ts';
import { type FigurePart, figureParts } from '../figure-rows.ts';
import { ABSENT, counted, figure, intervalText, minuteText, probabilityText, signedFigure } from '../format.ts';
import { gateEffectTable, gateTable, groupTable, monthTable } from '../group-rows.ts';
import { costBars, gateWhiskers, histogram } from './bars.ts';
import { htmlDocument, remarkList } from './document.ts';
import { comparedCharts, equityCharts } from './equity-charts.ts';
import { escapeHtml } from './markup.ts';
import { priceCharts } from './price-charts.ts';
import { htmlTable } from './table.ts';

/** One self-contained page: no script, no network. Several reports are compared first. */
export function htmlPage(reports: readonly BacktestReport[]): string {
  const names = comparedNames(reports);
  const isOne = reports.length === 1;
  const title = isOne && reports[0] ? titleOf(reports[0]) : `${reports.length} backtests compared`;
  const sections = reports.map((report, index) => reportSection(report, isOne ? '' : (names[index] ?? '')));
  return htmlDocument(title, [isOne ? '' : comparison(reports, names), ...sections, PAGE_REMARK].join('\n'));
}

/** Stands at the end of a page of figures. HTML. */
export const PAGE_REMARK = `<p class="remark">Times are UTC, money is in the quote currency of the symbols. ${ABSENT} stands for a figure that is not defined. What each figure means, and when not to believe it: docs/backtesting.md.</p>`;

function titleOf({ result: { files }, mode }: BacktestReport): string {
  const [first = '', ...more] = fileNames(files);
  return `Backtest of ${first}${more.length === 0 ? '' : ` and ${counted(more.length, 'more file')}`}, ${mode}`;
}

const fileNames = (files: readonly string[]) => files.map((file) => file.split('/').at(-1) ?? file);

function comparison(reports: readonly BacktestReport[], names: readonly string[]): string {
  const verdicts = reports.flatMap(({ verdict }, index) => {
    const [first] = verdict;
    return first === undefined ? [] : [{ ...first, text: `${names[index]}: ${first.text}` }];
  });
  const differences = differencesTable(reports);
  return [
    remarkList(verdicts),
    comparedCharts(reports, names),
    htmlTable(compareTable(reports, names)),
    differences.rows.length === 0 ? '' : htmlTable(differences),
  ].join('\n');
}

function reportSection(report: BacktestReport, name: string): string {
  const { result, verdict, total, gates, months, distribution, trades } = report;
  const { run, files, firstTs, lastTs, events, faults, badFrames, prices } = result;
  const span = `${minuteText(firstTs)} to ${minuteText(lastTs)}, ${counted(events, 'event')}, ${counted(prices.size, 'symbol')}`;
  const state = `${counted(faults.length, 'fault')} in the data, ${counted(badFrames, 'bad frame')}`;
  const heading = name === '' ? '' : `<h2>${escapeHtml(name)}</h2>`;
  const fromTrades =
    trades.length === 0
      ? []
      : [
          `<h2>Equity</h2>${equityCharts(report)}`,
          `<h2>Figures</h2><div class="columns">${figureParts(report).map(figureTable).join('')}</div>`,
          `<h2>Trades on price</h2>${priceCharts(report)}`,
          `<h2>Costs</h2>${costBars(total.costs, currencyOf(result))}`,
          ...groupTables(report),
          `<h2>Distribution</h2>${histogram(distribution)}`,
        ];
  return [
    heading,
    `<p class="soft">${span}; ${state}. ${escapeHtml(fileNames(files).join(', '))} (${escapeHtml(run)})</p>`,
    remarkList(verdict),
    tiles(report),
    ...fromTrades,
    gates.length === 0 ? '' : `<h2>Gates</h2>${gateWhiskers(gates)}${htmlTable(gateTable(gates, total))}`,
    report.gate_effects.length === 0 ? '' : htmlTable(gateEffectTable(report.gate_effects)),
    `<h2>Months</h2>${htmlTable({ ...monthTable(months), title: '' })}`,
    modelsList(report),
    settingsTable(report),
    faultsTable(report),
  ].join('\n');
}

function modelsList({ result: { models } }: BacktestReport): string {
  if (models.length === 0) return '';
  return `<h2>Models</h2><ul>${models.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`;
}

function tiles({ result, summary, returnPct, hold, estimates, probabilities }: BacktestReport): string {
  const { expectancyBp, sharpe } = estimates;
  const items: readonly (readonly [string, string, string])[] = [
    [
      `Net PnL, ${currencyOf(result)}`,
      signedFigure(summary.total_pnl),
      `${signedFigure(returnPct, 2)} % of the balance`,
    ],
    ['Buy and hold', `${signedFigure(hold?.returnPct)} %`, `drawdown ${figure(hold?.maxDrawdownPct)} %`],
    ['Trades', figure(summary.total_trades, 0), `${figure(summary.wins, 0)} won`],
    ['Net per trade, bp', signedFigure(expectancyBp.value), intervalText(expectancyBp, 1)],
    ['Max drawdown', `${figure(summary.max_drawdown_pct)} %`, 'of the highest equity'],
    ['Sharpe', figure(sharpe.value), intervalText(sharpe)],
    ['p-value', probabilityText(probabilities.pValue), 'of the mean per trade'],
    ['Deflated Sharpe', probabilityText(probabilities.deflated), counted(probabilities.trials, 'trial')],
  ];
  const tile = ([name, value, more]: readonly [string, string, string]) =>
    `<div class="tile"><span>${name}</span><b>${value}</b><span>${more}</span></div>`;
  return `<div class="tiles">${items.map(tile).join('')}</div>`;
}

function figureTable({ title, rows }: FigurePart): string {
  const hasIntervals = rows.some(({ interval }) => interval !== undefined);
  return htmlTable({
    title,
    columns: hasIntervals ? ['', 'value', '95 % interval'] : ['', 'value'],
    rows: rows.map(({ name, value, interval }) => (hasIntervals ? [name, value, interval ?? ''] : [name, value])),
  });
}

function groupTables({ groups, total }: BacktestReport): string[] {
  const order: readonly Grouping[] = ['exitReason', 'regime', 'symbol', 'side', 'hour'];
  return order.map((grouping) => htmlTable(groupTable(grouping, groups[grouping], total)));
}

function settingsTable({ changed }: BacktestReport): string {
  if (changed.length === 0) return '<h2>Settings</h2><p>All settings have their defaults.</p>';
  const rows = changed.map(({ path, value, standard }) => [path, value, standard || 'none']);
  return `<h2>Settings that differ from their defaults</h2>${htmlTable({ title: '', columns: ['setting', 'value', 'default'], rows })}`;
}

const MAX_FAULTS = 50;

function faultsTable({ result: { faults } }: BacktestReport): string {
  if (faults.length === 0) return '';
  const rows = faults
    .slice(0, MAX_FAULTS)
    .map(({ kind, file, line, detail }) => [...[kind, file.split('/').at(-1) ?? file, figure(line, 0), detail]]);
  const title =
    faults.length > MAX_FAULTS ? `The first ${MAX_FAULTS} faults of the recordings` : 'Faults of the recordings';
  return htmlTable({ title, columns: ['fault', 'file', 'line', 'detail'], rows });
}
