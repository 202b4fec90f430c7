import { resolve } from 'node:path';
import type { RecordedMarket } from '@helios/market-data/recorded-market.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { runCommand, typedFolder } from '@helios/shared/runtime/cli/run-command.ts';
import { BookSampler } from './book-samples.ts';
import { framesUntil } from './frames-until.ts';
import { createGeneratorSource } from './generator-source.ts';
import { sampleRecording } from './sample-recording.ts';
import { type ByStep, CLUSTERING_LAGS, HORIZONS_S, type StylisedFacts, stylisedFacts } from './stylised-facts.ts';

const START_MS = 1_700_000_000_000;
const WITHOUT_BOOK =
  'there was no valid order book, so the figures are empty. A recording needs depth updates and a snapshot of each symbol. With several symbols, each snapshot must name its symbol.';

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

function marketOf(line: CommandLine): RecordedMarket {
  const market = line.text('market') ?? 'usdm';
  if (market === 'usdm' || market === 'spot') return market;
  throw line.problem(`--market must be usdm or spot, not ${market}. Helios cannot play COIN-M.`);
}

async function main(line: CommandLine): Promise<number> {
  const seed = line.number('seed', { fallback: 1, min: 0, max: 2 ** 31, whole: true });
  const minutes = line.number('minutes', { fallback: 60, min: 1, max: 100_000 });
  const pace = line.number('pace', { fallback: 10, min: 0.1, max: 1_000 });
  const symbols = (line.text('symbols') ?? 'BTCUSDT,ETHUSDT').toUpperCase().split(',');
  const bad = symbols.find((one) => !/^[A-Z0-9_]{2,30}$/.test(one));
  if (bad !== undefined) throw line.problem(`--symbols: “${bad}” is not a symbol such as BTCUSDT.`);
  const sampler =
    line.words.length > 0
      ? await sampleRecording(
          line.words.map((file) => resolve(typedFolder(), file)),
          marketOf(line),
          (fault) => console.error(`${fault.file}:${fault.line}: ${fault.detail}`),
        )
      : await sampleGenerator(seed, symbols, minutes, pace);
  let hasBook = false;
  for (const [symbol, samples] of sampler.results()) {
    console.log(`\n| ${symbol} | |\n|--|--|`);
    for (const [name, figure] of rows(stylisedFacts(samples))) console.log(`| ${name} | ${figure} |`);
    const { tickersCompared, tickersDiffering, faults, maxLevels } = samples;
    console.log(`| book tickers compared / differing | ${tickersCompared} / ${tickersDiffering} |`);
    console.log(
      `| sequence breaks and crossed books · most levels a side | ${faults + sampler.faults} · ${maxLevels} |`,
    );
    if (samples.mids.length > 0) hasBook = true;
    else console.error(`${symbol}: ${WITHOUT_BOOK}`);
  }
  return hasBook ? 0 : 1;
}

await runCommand('facts', main);
