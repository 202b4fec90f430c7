import { resolve } from 'node:path';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { runCommand, typedFolder } from '@helios/shared/runtime/cli/run-command.ts';
import { BookSampler } from '@helios/synthetic-market/book-samples.ts';
import { framesUntil } from '@helios/synthetic-market/frames-until.ts';
import { createGeneratorSource } from '@helios/synthetic-market/generator-source.ts';
import { minuteFacts } from '@helios/synthetic-market/minute-facts.ts';
import { plantedEdge } from '@helios/synthetic-market/planted-edge.ts';
import { sampleRecording } from '@helios/synthetic-market/sample-recording.ts';
import { stylisedFacts } from '@helios/synthetic-market/stylised-facts.ts';
import { readMarket } from '../backtest-options.ts';
import { readKlineSeries } from '../klines/kline-data.ts';
import { bookRows, type FactRow, minuteRows } from './fact-rows.ts';

const START_MS = 1_700_000_000_000;
const MINUTE_MS = 60_000;
const WITHOUT_BOOK =
  'there was no valid order book, so the figures are empty. A recording needs depth updates and a snapshot of each symbol. With several symbols, each snapshot must name its symbol.';

async function sampleGenerator(line: CommandLine): Promise<BookSampler> {
  const seed = line.number('seed', { fallback: 1, min: 0, max: 2 ** 31, whole: true });
  const minutes = line.number('minutes', { fallback: 60, min: 1, max: 100_000 });
  const updatesPerSecond = line.number('pace', { fallback: 10, min: 1, max: 50 });
  const edge = plantedEdge(line.number('edge', { fallback: 0, min: 0, max: 500 }), 0, START_MS);
  const symbols = (line.text('symbols') ?? 'BTCUSDT,ETHUSDT').toUpperCase().split(',');
  const bad = symbols.find((one) => !/^[A-Z0-9_]{2,30}$/.test(one));
  if (bad !== undefined) throw line.problem(`--symbols: “${bad}” is not a symbol such as BTCUSDT.`);
  const options = { seed, symbols, startMs: START_MS, updatesPerSecond, ...(edge && { edge }) };
  const sampler = new BookSampler();
  for await (const frame of framesUntil(createGeneratorSource(options), START_MS + minutes * MINUTE_MS))
    sampler.add(frame.text, frame.symbol);
  return sampler;
}

function printTable(title: string, rows: readonly FactRow[]): void {
  console.log(`\n| ${title} | |\n|--|--|`);
  for (const [name, figure] of rows) console.log(`| ${name} | ${figure} |`);
}

/** One table for each file: the months of a symbol may lie years apart. */
async function printCandles(line: CommandLine, files: readonly string[]): Promise<number> {
  for (const file of files) {
    for (const { instrument, intervalMs, columns } of await readKlineSeries([file])) {
      if (intervalMs !== MINUTE_MS) throw line.problem(`${file}: facts needs candles of one minute.`);
      const series = { closes: columns.close, volumes: columns.quoteVolume };
      printTable(`${instrument.symbol}, candles`, minuteRows(minuteFacts(series)));
    }
  }
  return 0;
}

function printBooks(sampler: BookSampler): number {
  let hasBook = false;
  for (const [symbol, samples] of sampler.results()) {
    const { tickersCompared, tickersDiffering, faults, maxLevels } = samples;
    printTable(symbol, [
      ...bookRows(stylisedFacts(samples)),
      ...minuteRows(minuteFacts({ closes: samples.minuteMids, volumes: samples.minuteVolumes })),
      ['book tickers compared / differing', `${tickersCompared} / ${tickersDiffering}`],
      ['sequence breaks and crossed books · most levels a side', `${faults + sampler.faults} · ${maxLevels}`],
    ]);
    if (samples.mids.length > 0) hasBook = true;
    else console.error(`${symbol}: ${WITHOUT_BOOK}`);
  }
  return hasBook ? 0 : 1;
}

async function main(line: CommandLine): Promise<number> {
  const files = line.words.map((file) => resolve(typedFolder(), file));
  const candles = files.filter((file) => /\.csv(?:\.gz)?$/i.test(file));
  if (files.length === 0) return printBooks(await sampleGenerator(line));
  if (candles.length === files.length) return printCandles(line, files);
  if (candles.length > 0) throw line.problem('facts takes recordings or candles (.csv, .csv.gz), not both at once.');
  const onFault = (fault: { file: string; line: number; detail: string }) =>
    console.error(`${fault.file}:${fault.line}: ${fault.detail}`);
  return printBooks(await sampleRecording(files, readMarket(line), onFault));
}

await runCommand('facts', main);
