import { counted, figure, intervalText, minuteText, signedFigure, spanText } from '@helios/backtest/report/format.ts';
import { absentText } from './absent-text.ts';
import type { SplitFigures, VariantFigures } from './figures.ts';
import type { ForecastFigures } from './forecast-figures.ts';
import type { ModelCard } from './model-card.ts';

/** Features in the table of importance. */
const SHOWN_FEATURES = 15;

/** The model card as Markdown. */
export function cardPage(card: ModelCard): string {
  return [
    `# Model card: ${card.name}`,
    card.verdict.sentence,
    ...(card.leakFinding === undefined ? [] : [`Somebody looked for a leak and found: ${card.leakFinding}`]),
    ...dataPart(card),
    ...outOfSamplePart(card),
    ...movePart(card),
    ...edgePart(card),
    ...importancePart(card),
    ...recipePart(card),
    ...limitsPart(card),
    '',
  ].join('\n\n');
}

function dataPart({ data }: ModelCard): string[] {
  return [
    '## Data',
    `${counted(data.rows, 'candidate')} from ${minuteText(data.firstTs)} to ${minuteText(data.lastTs)} UTC, each with the net result of its own order; ${figure(100 * data.gainShare, 1)} % end with a gain, on average ${signedFigure(data.meanNetBp, 1)} bp. Fees and funding take ${figure(data.meanCostBp, 1)} bp of each; spread and slippage are in its prices. At most one candidate of a symbol in ${spanText(data.apartMs)}; ${counted(data.tooClose, 'closer one')} and ${counted(data.duplicates, 'duplicate')} are left out. SHA-256 of the rows: \`${data.rowsHash}\`.`,
    table(
      ['symbol', 'candidates'],
      data.symbols.map(({ symbol, rows }) => [symbol, figure(rows, 0)]),
    ),
    table(
      ['source', 'SHA-256'],
      data.sources.map(({ name, sha256 }) => [name, `\`${sha256}\``]),
    ),
    ...(Object.keys(data.settings).length === 0
      ? []
      : [
          table(
            ['setting', 'value'],
            Object.entries(data.settings).map(([name, value]) => [name, value]),
          ),
        ]),
    ...(data.assumptions.length === 0 ? [] : [data.assumptions.map((text) => `- ${text}`).join('\n')]),
    ...(data.absent.length === 0 ? [] : [`Features that these data do not have: ${data.absent.join(', ')}.`]),
  ];
}

function outOfSamplePart(card: ModelCard): string[] {
  const folds = card.byFold.map((own, n) => {
    const fold = card.folds[n];
    const span = `${minuteText(fold?.testFromTs ?? Number.NaN)} – ${minuteText(fold?.testToTs ?? Number.NaN)}`;
    return [span, figure(fold?.trainingRows, 0), ...figureCells(own)];
  });
  return [
    '## Out of sample',
    'Intervals are 95 %, by a bootstrap of whole days. “Takes”: the calibrated probability reaches the break-even of the training.',
    table(
      ['model', ...FIGURE_HEADS],
      [
        ['full', ...figureCells(card.full)],
        ...card.ablations.map((own) => [own.about, ...figureCells(own)]),
        ['take every candidate', ...figureCells(card.takeAll).map((cell, n) => (n >= 1 && n <= 3 ? '–' : cell))],
        ['refuse every candidate', figure(card.takeAll.rows, 0), '–', '–', '–', '0', '0'],
      ],
    ),
    '### By fold of the walk-forward',
    table(['test', 'training rows', ...FIGURE_HEADS], folds),
    '### By symbol',
    table(
      ['symbol', ...FIGURE_HEADS],
      card.bySymbol.map((own) => [own.symbol, ...figureCells(own)]),
    ),
    '### Combinatorial splits',
    card.combinatorial.length === 0
      ? 'Too few rows for combinatorial splits.'
      : `${combinatorialText(card.combinatorial)} Without LSTM.`,
  ];
}

function combinatorialText(splits: readonly SplitFigures[]): string {
  const sorted = (values: readonly (number | undefined)[]) =>
    values.filter((value) => value !== undefined).toSorted((a, b) => a - b);
  const aucs = sorted(splits.map(({ auc }) => auc));
  const nets = sorted(splits.map(({ netBp }) => netBp));
  const middle = (values: readonly number[]) => values[Math.floor(values.length / 2)];
  return `${counted(splits.length, 'split')}: AUC ${figure(aucs[0], 3)} to ${figure(aucs.at(-1), 3)}, median ${figure(middle(aucs), 3)}; net result of what is taken ${signedFigure(nets[0], 1)} to ${signedFigure(nets.at(-1), 1)} bp, median ${signedFigure(middle(nets), 1)} bp, above 0 in ${nets.filter((net) => net > 0).length} of ${nets.length}.`;
}

function movePart(card: ModelCard): string[] {
  const { move } = card;
  return [
    '## Size of the move',
    `Largest excursion within the horizon: correlation ${figure(move.correlation, 3)}, R² ${figure(move.r2, 3)} out of sample; the volatility of the last hour alone has ${figure(card.volatilityCorrelation, 3)}. ${move.isCalibrated ? 'The expected size is calibrated and may be used.' : 'The expected size is not calibrated, so the model is silent about it.'}`,
    decileTable(move),
  ];
}

function edgePart({ edge }: ModelCard): string[] {
  return [
    '## What its candidates earn before fees',
    ...(edge === undefined
      ? ['The calibration has too few days to measure it, so the gate EDGE_VS_COST does not ask the model.']
      : [
          `By calibrated probability, out of sample: correlation ${figure(edge.correlation, 3)}. ${edge.isCalibrated ? 'The gate EDGE_VS_COST asks the lower end of its interval, where the model may speak.' : 'The expected earnings are not calibrated, so the gate EDGE_VS_COST does not ask the model.'}`,
          decileTable(edge),
        ]),
  ];
}

function decileTable({ deciles }: ForecastFigures): string {
  return table(
    ['decile', 'candidates', 'expected bp', 'realised bp', '95 %'],
    deciles.map(({ rows, expectedBp, realised }, n) => [
      ...[String(n + 1), figure(rows, 0), figure(expectedBp, 1)],
      ...[figure(realised.value, 1), intervalText(realised, 1)],
    ]),
  );
}

function importancePart({ importance }: ModelCard): string[] {
  return [
    '## What it reads',
    'Loss of AUC out of sample if one feature is shuffled; a loss near 0 or below it is chance.',
    table(
      ['feature', 'loss of AUC'],
      importance.slice(0, SHOWN_FEATURES).map(({ feature, loss }) => [feature, signedFigure(loss, 4)]),
    ),
  ];
}

function recipePart({ recipe }: ModelCard): string[] {
  const trees = Object.entries(recipe.trees).map(([name, value]) => `${name} ${value}`);
  return [
    '## Recipe',
    table(
      ['part', 'value'],
      [
        ['features', recipe.featureSet],
        [
          'trees',
          `XGBoost ${recipe.xgboost}: ${counted(recipe.rounds, 'round')}, ${trees.join(', ')}; ${counted(recipe.trials, 'shape')} tried`,
        ],
        ['LSTM', recipe.lstmUnits === 0 ? 'none' : `${recipe.lstmUnits} units, ${counted(recipe.lstmEpochs, 'epoch')}`],
        ['calibration', `${recipe.calibration}; break-even at ${figure(recipe.breakEven, 3)}`],
        ['size of the move', counted(recipe.moveRounds, 'round')],
        ['purge and embargo', spanText(recipe.embargoMs)],
        ['seed', String(recipe.seed)],
      ],
    ),
  ];
}

function limitsPart({ data }: ModelCard): string[] {
  return [
    '## What it is not good for',
    [
      `- Other settings of strategy, stops or costs than those of its rows: the label is the result of that very order.`,
      `- Markets unlike ${minuteText(data.firstTs).slice(0, 10)} to ${minuteText(data.lastTs).slice(0, 10)}; signal-engine abstains when the features drift.`,
      '- Horizons of seconds: the data are judged by minutes.',
      ...(data.absent.length === 0
        ? []
        : ['- Anything that the missing features would tell: the model never saw them.']),
      ...absentText(data.absent).map((text) => `- ${text}`),
      '- A promise. The interval says how much of the result may be luck.',
    ].join('\n'),
  ];
}

const FIGURE_HEADS = ['rows', 'AUC', 'log loss', 'Brier', 'takes', 'net bp of taken'];

function figureCells({ rows, auc, logLoss, brier, taken, netBp }: VariantFigures): string[] {
  return [
    ...[figure(rows, 0), `${figure(auc.value, 3)} (${intervalText(auc, 3)})`, figure(logLoss, 4), figure(brier, 4)],
    ...[figure(taken, 0), taken === 0 ? '–' : `${signedFigure(netBp.value, 1)} (${intervalText(netBp, 1)})`],
  ];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => '--'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
