import { playSource } from '@helios/backtest/data/play-source.ts';
import { MinutePrices } from '@helios/backtest/minute-prices.ts';
import { AssumedFunding, USUAL_FUNDING_RATE } from '@helios/backtest/models/assumed-funding.ts';
import { PaperPath } from '@helios/backtest/paper-path.ts';
import { MarketFeed } from '@helios/market-data/feed/market-feed.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { asSent } from '@helios/shared/testing/as-sent.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { inTurns, parseLines, rowsOf } from './feed.ts';
import { benchRecording, readFrames } from './frames.ts';
import { median } from './percentile.ts';
import type { Row } from './report.ts';

const MODES = ['HF_MARKET', 'HF_LIMIT', 'LF_LIMIT'] as const;
type Mode = (typeof MODES)[number];
/** Plays per measurement of events in memory: a recording of minutes alone would measure the compiler. */
const PLAYS = 10;

/**
 * Processor time of a backtest: from a recorded line to the decision, and from an event in memory, each with every gate, queue and
 * fill. Throws if decisions and trades differ from those on plain books, whose levels are texts, or depend on the follow-up of
 * refusals.
 */
export async function benchBacktest(): Promise<Row[]> {
  const { files, name } = await benchRecording();
  const instruments = await createReplaySource({ files, onFault: () => {} }).instruments();
  const frames = await eventsOf(files, instruments);
  const plain = asSent(frames);
  const count = frames.reduce((sum, frame) => sum + frame.length, 0);
  for (const mode of MODES) {
    const [one, other] = [playAll(frames, instruments, mode), playAll(plain, instruments, mode)];
    if (one !== other) throw new Error(`In ${mode}, whole numbers and texts give different results.`);
    const [kept, left] = [tradesOf(frames, instruments, mode, true), tradesOf(frames, instruments, mode, false)];
    if (kept !== left) throw new Error(`In ${mode}, the follow-up of refusals changes trades.`);
  }
  const times = await inTurns({
    jsonOfLines: () => parseLines(files),
    lines: () => playLines(files, instruments),
    HF_MARKET: () => countOf(frames, instruments, 'HF_MARKET', count),
    HF_LIMIT: () => countOf(frames, instruments, 'HF_LIMIT', count),
    LF_LIMIT: () => countOf(frames, instruments, 'LF_LIMIT', count),
    followed: () => countOf(frames, instruments, 'HF_MARKET', count, true),
  });
  const line = 'recorded line → decision with every gate; floor: gunzip, JSON.parse';
  const perSecond = (of: Mode | 'followed') => 1e6 / median(times[of]);
  return [
    ...rowsOf(line, times.lines, times.jsonOfLines, '≤ 1.43 ×'),
    ...MODES.map((mode) => {
      const what = `events with every gate, queue and fill, ${mode}`;
      return { what, value: perSecond(mode), unit: '/s', aim: '≥ 1,000,000 /s' };
    }),
    { what: 'events, and each refusal followed up, HF_MARKET', value: perSecond('followed'), unit: '/s' },
  ].map((row) => ({ ...row, what: `${row.what} (${name})` }));
}

async function eventsOf(files: readonly string[], instruments: readonly Instrument[]): Promise<MarketEvent[][]> {
  const symbols = instruments.map(({ symbol }) => symbol);
  const feed = new MarketFeed({ symbols, now: () => 0, onNotice: () => {} });
  const frames = (await readFrames(files)).map((frame) => feed.onFrame(frame));
  return [...frames, feed.end()].filter((events) => events.length > 0);
}

function pathOf(instruments: readonly Instrument[], mode: Mode, recordsRefusals = true): PaperPath {
  const prices = new MinutePrices();
  const funding = new AssumedFunding(USUAL_FUNDING_RATE);
  const settings = defaultSettings({ simulation: { mode } });
  const observe = (event: MarketEvent): void => prices.onEvent(event);
  return new PaperPath({ settings, run: 'bench', instruments, funding, observe, recordsRefusals });
}

async function playLines(files: readonly string[], instruments: readonly Instrument[]): Promise<number> {
  const source = createReplaySource({ files, onFault: (fault) => console.error(fault) });
  const { frames } = await playSource(source, pathOf(instruments, 'HF_LIMIT'));
  return frames;
}

function playAll(frames: readonly MarketEvent[][], instruments: readonly Instrument[], mode: Mode): string {
  const path = pathOf(instruments, mode);
  for (const frame of frames) path.onFrame(frame);
  return JSON.stringify(path.result());
}

function tradesOf(
  frames: readonly MarketEvent[][],
  instruments: readonly Instrument[],
  mode: Mode,
  recordsRefusals: boolean,
): string {
  const path = pathOf(instruments, mode, recordsRefusals);
  for (const frame of frames) path.onFrame(frame);
  const { signals, decisions, executions, trades } = path.result();
  return JSON.stringify([signals, decisions, executions, trades]);
}

function countOf(
  frames: readonly MarketEvent[][],
  instruments: readonly Instrument[],
  mode: Mode,
  count: number,
  recordsRefusals = false,
): number {
  for (let play = 0; play < PLAYS; play += 1) {
    const path = pathOf(instruments, mode, recordsRefusals);
    for (const frame of frames) path.onFrame(frame);
  }
  return PLAYS * count;
}
