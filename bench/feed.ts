import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseFrame } from '@helios/binance/parse-frame.ts';
import { OrderBook } from '@helios/core/book/order-book.ts';
import { MarketFeed } from '@helios/market-data/feed/market-feed.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import { framesTogether } from '@helios/market-data/source.ts';
import { benchRecording, readFrames } from './frames.ts';
import { median } from './percentile.ts';
import type { Row } from './report.ts';

const ROUNDS = 9;
const SYMBOL = 'BTCUSDT';

/** One way to handle all texts once; resolves to their number. */
type Pass = () => number | Promise<number>;

/**
 * Processor time of the feed per message, beside that of `JSON.parse` on the same texts. The passes take turns, so that all
 * of them meet the same load of the machine.
 */
export async function benchFeed(): Promise<Row[]> {
  const { files, name } = await benchRecording();
  const { updates, snapshots } = await textsOf(files);
  const times = await inTurns({
    json: () => {
      for (const text of updates) JSON.parse(text);
      return updates.length;
    },
    parse: () => {
      for (const text of updates) parseFrame(text);
      return updates.length;
    },
    parseAndApply: () => {
      const book = new OrderBook();
      for (const text of snapshots) applyTo(book, text);
      for (const text of updates) applyTo(book, text);
      return updates.length;
    },
    jsonOfLines: () => parseLines(files),
    feed: () => feedRecording(files),
  });
  return [
    ...rowsOf('parse a depth update', times.parse, times.json, '≤ 1 ×'),
    ...rowsOf('parse and apply a depth update', times.parseAndApply, times.json, '≤ 1 ×'),
    ...rowsOf('recorded line → book event; floor: gunzip, JSON.parse', times.feed, times.jsonOfLines, '≤ 1.43 ×'),
  ].map((row) => ({ ...row, what: `${row.what} (${name})` }));
}

/** Only texts: frames in memory would slow down every pass. */
async function textsOf(files: readonly string[]): Promise<{ updates: string[]; snapshots: string[] }> {
  const texts = (await readFrames(files)).map(({ text }) => text);
  const snapshots = texts.filter((text) => text.includes('"lastUpdateId"'));
  return { updates: texts.filter((text) => text.includes('"depthUpdate"')), snapshots };
}

function applyTo(book: OrderBook, text: string): void {
  const message = parseFrame(text, SYMBOL);
  if (message.kind === 'DEPTH_UPDATE') book.apply(message);
  else if (message.kind === 'DEPTH_SNAPSHOT') book.reset(message);
}

/** Inflates recordings and parses the JSON of each line, and nothing else. */
export function parseLines(files: readonly string[]): number {
  let count = 0;
  for (const file of files) {
    const bytes = readFileSync(file);
    for (const line of (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1').split('\n')) {
      if (line === '') continue;
      JSON.parse(line.slice(line.indexOf(' ') + 1));
      count += 1;
    }
  }
  return count;
}

/** Turns recordings into market events: what every replay and backtest does before its strategy. */
async function feedRecording(files: readonly string[]): Promise<number> {
  const source = createReplaySource({ files, onFault: (fault) => console.error(fault) });
  const symbols = (await source.instruments()).map(({ symbol }) => symbol);
  const feed = new MarketFeed({ symbols, now: () => 0, onNotice: () => {} });
  for await (const batch of framesTogether(source, new AbortController().signal)) {
    for (const frame of batch) feed.onFrame(frame);
  }
  return feed.counts().frames;
}

/** Processor time of each pass per message, µs, one figure a round; the first round warms up. */
export async function inTurns<Name extends string>(passes: Record<Name, Pass>): Promise<Record<Name, number[]>> {
  const names = Object.keys(passes) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const name of names) {
      const before = process.cpuUsage();
      const count = await passes[name]();
      const { user, system } = process.cpuUsage(before);
      if (round > 0) times[name].push((user + system) / count);
    }
  }
  return times;
}

export function rowsOf(what: string, times: readonly number[], floors: readonly number[], aim: string): Row[] {
  const unit = 'µs';
  return [
    { what: `${what}, minimum`, value: Math.min(...times), floor: Math.min(...floors), unit, aim },
    { what: `${what}, median`, value: median(times), floor: median(floors), unit, aim },
  ];
}
