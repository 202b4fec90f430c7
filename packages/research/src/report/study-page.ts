import { counted, figure, minuteText, probabilityText, signedFigure } from '@helios/backtest/report/format.ts';
import { chart, scaleOf, valueTicks, xOf, yOf } from '@helios/backtest/report/html/chart.ts';
import { htmlDocument, remarkList } from '@helios/backtest/report/html/document.ts';
import { bothCharts } from '@helios/backtest/report/html/equity-charts.ts';
import { coordinate, escapeHtml } from '@helios/backtest/report/html/markup.ts';
import { PAGE_REMARK } from '@helios/backtest/report/html/page.ts';
import { htmlTable } from '@helios/backtest/report/html/table.ts';
import type { SettingEffect } from './setting-effect.ts';
import type { StudyReport, TrainingAndTest } from './study-report.ts';
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
import { latestAdvice } from './study-text.ts';

/** More points would make the page slow. */
const MAX_POINTS = 3_000;

/** The search as one page without script or network. */
export function studyPage(report: StudyReport): string {
  const { plan, files, chosen, base, verdict, models, scatter, effects } = report;
  const names = files.map((file) => file.split('/').at(-1) ?? file);
  const [first = '', ...more] = names;
  const title = `Search on ${first}${more.length === 0 ? '' : ` and ${counted(more.length, 'more file')}`}`;
  const span = `${minuteText(plan.whole.fromTs)} to ${minuteText(plan.whole.toTs)}. ${searchLine(report)}. ${names.join(', ')}`;
  const curves = [
    { name: 'chosen by the search', look: 's1', points: chosen.equity, isStepped: true },
    { name: 'without the search', look: 's2', points: base.equity, isStepped: true },
  ];
  const body = [
    `<p class="soft">${escapeHtml(span)}</p>`,
    remarkList(verdict),
    tiles(report),
    `<h2>Out of sample</h2>${bothCharts(curves)}${htmlTable(outOfSampleTable(report))}${htmlTable(foldTable(report))}`,
    `<h2>Training against test</h2>${scatterChart(scatter)}`,
    overfittingSection(report),
    `<h2>Settings</h2>${htmlTable(choiceTable(report))}${report.ranked.length === 0 ? '' : htmlTable(rankedTable(report))}`,
    effects.length === 0 ? '' : `<h2>Effects</h2>${effects.map(effectBars).join('')}${htmlTable(effectTable(report))}`,
    latestSection(report),
    models.length === 0
      ? ''
      : `<h2>Models</h2><ul>${models.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`,
    PAGE_REMARK,
  ];
  return htmlDocument(title, body.join('\n'));
}

function tiles({ chosen, base, overfitting }: StudyReport): string {
  const items: readonly (readonly [string, string, string])[] = [
    [
      'bp per trade, chosen',
      signedFigure(chosen.estimates.expectancyBp.value, 1),
      counted(chosen.netBp.length, 'trade'),
    ],
    ['without the search', signedFigure(base.estimates.expectancyBp.value, 1), counted(base.netBp.length, 'trade')],
    [
      'Deflated Sharpe',
      probabilityText(chosen.probabilities.deflated),
      counted(chosen.probabilities.trials, 'setting'),
    ],
    ['Overfitting', probabilityText(overfitting?.probability), 'probability, CSCV'],
  ];
  const shown = items.map(
    ([name, value, note]) => `<div class="tile"><span>${name}</span><b>${value}</b><span>${note}</span></div>`,
  );
  return `<div class="tiles">${shown.join('')}</div>`;
}

/** Each setting in each fold; on the line the test keeps what the training promised. */
function scatterChart(points: readonly TrainingAndTest[]): string {
  if (points.length === 0) return '<p class="remark">No setting has trades in a training and in its test.</p>';
  const shown =
    points.length <= MAX_POINTS ? points : points.filter((_, n) => n % Math.ceil(points.length / MAX_POINTS) === 0);
  const drawn = [...shown, ...points.filter(({ isChosen }) => isChosen)];
  const trained = drawn.map(({ trainingBp }) => trainingBp);
  const [from, to] = [trained.reduce((a, b) => Math.min(a, b)), trained.reduce((a, b) => Math.max(a, b))];
  const room = (to - from) * 0.03 || 1;
  const scale = scaleOf(
    from - room,
    to + room,
    drawn.map(({ testBp }) => testBp),
  );
  const dots = (isChosen: boolean, look: string) => {
    const own = drawn.filter((point) => point.isChosen === isChosen);
    const d = own.map(
      (point) => `M${coordinate(xOf(scale, point.trainingBp))} ${coordinate(yOf(scale, point.testBp))}h0`,
    );
    return `<path class="${look}" d="${d.join('')}"/>`;
  };
  const line = `<path class="line hold" d="M${xOf(scale, scale.from)} ${coordinate(yOf(scale, scale.from))}L${xOf(scale, scale.to)} ${coordinate(yOf(scale, scale.to))}"/>`;
  const legend =
    '<span class="key long">setting</span> <span class="key short">chosen</span> <span class="key">test as good as training</span>';
  return chart({
    title: 'Mean net result in the training (across) and in the test (up), bp',
    ...{ scale, xTicks: valueTicks(scale.from, scale.to, 5), legend },
    body: [line, dots(false, 'dot small long'), dots(true, 'dot short')].join(''),
  });
}

function overfittingSection({ overfitting }: StudyReport): string {
  if (overfitting === undefined) return '';
  const { probability, lossProbability, logits, blocks } = overfitting;
  const low = logits.reduce((a, b) => Math.min(a, b));
  const high = logits.reduce((a, b) => Math.max(a, b));
  const count = 30;
  const width = (high - low) / count || 1;
  const bins = new Array<number>(count).fill(0);
  for (const logit of logits) {
    const bin = Math.min(count - 1, Math.floor((logit - low) / width));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  const scale = { ...scaleOf(low, low + width * count, [0, ...bins]), low: 0 };
  const bars = bins.map((size, n) => {
    const from = low + n * width;
    const y = yOf(scale, size);
    const extent = `width="${coordinate((xOf(scale, from + width) - xOf(scale, from)) * 0.94)}" height="${coordinate(yOf(scale, 0) - y)}"`;
    return `<rect class="${from + width / 2 <= 0 ? 'loss' : 'gain'}" x="${coordinate(xOf(scale, from))}" y="${coordinate(y)}" ${extent}/>`;
  });
  const text = `Overfitting ${probabilityText(probability)}, loss ${probabilityText(lossProbability)}: ${figure(logits.length, 0)} splits of ${blocks} blocks.`;
  const title = 'Rank of the best setting in the other half, logit; below 0 it is in the lower half';
  return `<h2>Overfitting</h2><p>${text}</p>${chart({ title, scale, xTicks: valueTicks(scale.from, scale.to, 5), body: bars.join(''), isLow: true })}`;
}

/** Mean net result by value, as bars from zero. */
function effectBars({ path, explained, groups }: SettingEffect): string {
  const low = Math.min(0, ...groups.map(({ meanBp }) => meanBp));
  const high = Math.max(0, ...groups.map(({ meanBp }) => meanBp));
  const share = (bp: number) => (100 * (bp - low)) / Math.max(high - low, 1e-12);
  const rows = groups.map(({ label, settings, meanBp }) => {
    const [left, right] = [share(Math.min(0, meanBp)), share(Math.max(0, meanBp))];
    const place = `left:${coordinate(left)}%;width:${coordinate(right - left)}%`;
    const bar = `<span class="bar ${meanBp < 0 ? 'loss' : 'gain'}" style="${place}"></span>`;
    return `<div class="row"><span>${escapeHtml(label)}</span><span class="track">${bar}</span><span class="number">${signedFigure(meanBp, 1)} bp, ${settings}</span></div>`;
  });
  const note =
    explained === undefined ? '' : `explains ${figure(100 * explained, 0)} % of the differences between settings`;
  return `<figure><figcaption><b>${escapeHtml(path)}</b> ${note}</figcaption><div class="rows">${rows.join('')}</div></figure>`;
}

function latestSection(report: StudyReport): string {
  const { latest } = report;
  if (latest === undefined) return '';
  const lines = [setOptions(latest), '', ...configLines(latest)];
  return `<h2>Best on all data</h2><p>${escapeHtml(latestAdvice(report))}</p><pre style="white-space:pre-wrap">${escapeHtml(lines.join('\n'))}</pre>`;
}
