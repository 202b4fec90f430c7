import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { readRecording } from '../recording-reader.ts';
import { BookSampler } from './book-samples.ts';
import { framesUntil } from './frames-until.ts';
import { createGeneratorSource } from './generator-source.ts';
import { type ByStep, CLUSTERING_LAGS, HORIZONS_S, type StylisedFacts, stylisedFacts } from './stylised-facts.ts';

const START_MS = 1_700_000_000_000;

/** Samples of the made-up market. */
async function sampleGenerator(
  seed: number,
  symbols: readonly string[],
  minutes: number,
  updatesPerSecond: number,
): Promise<BookSampler> {
  const sampler = new BookSampler();
  const source = createGeneratorSource({ seed, symbols, startMs: START_MS, updatesPerSecond });
  for await (const frame of framesUntil(source, START_MS + minutes * 60_000)) sampler.add(frame.text, frame.symbol);
  return sampler;
}

/** Samples of one session, whose files follow one another. */
async function sampleRecording(files: readonly string[]): Promise<BookSampler> {
  const sampler = new BookSampler();
  for (const file of files) {
    const lines = readRecording(file, (fault) => console.error(`${fault.file}:${fault.line}: ${fault.detail}`));
    for await (const batch of lines) for (const line of batch) sampler.add(line.text);
  }
  return sampler;
}

function text(value: number | undefined, digits = 2): string {
  return value === undefined ? '–' : value.toFixed(digits).replace('-', '−');
}

function list(figures: ByStep, steps: readonly number[]): string {
  return steps.map((step) => text(figures[step])).join(' / ');
}

function percent(value: number | undefined): string {
  return value === undefined ? '–' : `${text(value * 100, 1)} %`;
}

function rows(facts: StylisedFacts): readonly (readonly [name: string, figure: string])[] {
  return [
    ['minutes', text(facts.minutes, 1)],
    ['spread (bp)', text(facts.spreadBp, 3)],
    ['time at the narrowest spread', percent(facts.narrowestSpreadShare)],
    ['top-10 depth, both sides ($ M)', text((facts.topDepthValue ?? 0) / 1e6)],
    [
      '|NOBI| p50 / p90 / p99',
      [facts.imbalanceP50, facts.imbalanceP90, facts.imbalanceP99].map((q) => text(q)).join(' / '),
    ],
    ['time with |NOBI| ≥ 0.4', percent(facts.triggerShare)],
    [`correlation of −NOBI with the return over ${HORIZONS_S.join(' / ')} s`, list(facts.prediction, HORIZONS_S)],
    [`mean move when |NOBI| ≥ 0.4 over ${HORIZONS_S.join(' / ')} s (bp)`, list(facts.moveBp, HORIZONS_S)],
    [`standard deviation of returns over ${HORIZONS_S.join(' / ')} s (bp)`, list(facts.returnSigmaBp, HORIZONS_S)],
    ['autocorrelation of NOBI after 0.1 / 1 / 5 / 30 s', list(facts.imbalanceMemory, [0.1, 1, 5, 30])],
    ['100 ms steps in which the mid stands still', percent(facts.standstillShare)],
    ['excess kurtosis of 1-min returns', text(facts.minuteKurtosis, 1)],
    [
      `autocorrelation of |1-min return| after ${CLUSTERING_LAGS.join(' / ')} min`,
      list(facts.clustering, CLUSTERING_LAGS),
    ],
    ['trades per second', text(facts.tradesPerSecond, 1)],
    ['traded per minute ($ M)', text((facts.tradedValuePerMinute ?? 0) / 1e6)],
    ['levels changed per depth update', text(facts.changedLevelsPerUpdate, 1)],
  ];
}

const USAGE = `npm run facts -- [--seed 1] [--minutes 60] [--symbols BTCUSDT,ETHUSDT] [--pace 10]   the synthetic market
npm run facts -- FILE…   one recorded session, its files in order`;

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '60' },
      symbols: { type: 'string', default: 'BTCUSDT,ETHUSDT' },
      pace: { type: 'string', default: '10' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const sampler =
    positionals.length > 0
      ? await sampleRecording(positionals)
      : await sampleGenerator(
          Number(values.seed),
          values.symbols.split(','),
          Number(values.minutes),
          Number(values.pace),
        );
  for (const [symbol, samples] of sampler.results()) {
    console.log(`\n| ${symbol} | |\n|--|--|`);
    for (const [name, figure] of rows(stylisedFacts(samples))) console.log(`| ${name} | ${figure} |`);
    const { tickersCompared, tickersDiffering, faults, mostLevels } = samples;
    console.log(`| book tickers compared / differing | ${tickersCompared} / ${tickersDiffering} |`);
    console.log(
      `| sequence breaks and crossed books · most levels a side | ${faults + sampler.faults} · ${mostLevels} |`,
    );
  }
}

const script = process.argv[1];
if (script !== undefined && import.meta.url === pathToFileURL(script).href) await main(process.argv.slice(2));
