import { parseFrame } from '@helios/binance/parse-frame.ts';
import { OrderBook } from '@helios/core/book/order-book.ts';
import { createStrategyEngine } from '@helios/core/strategy/engine.ts';
import { profileOf } from '@helios/core/trading/profile.ts';
import { MarketFeed } from '@helios/market-data/feed/market-feed.ts';
import type { VenueFrame } from '@helios/market-data/source.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { median } from './percentile.ts';
import type { Row } from './report.ts';

const ROUNDS = 5;

/** Measures one process with recorded frames: parse, apply, decide. Medians over rounds. */
export function benchCore(frames: readonly VenueFrame[], symbol: string): Row[] {
  const rounds = Array.from({ length: ROUNDS }, () => oneRound(frames, symbol)).slice(1);
  const of = (pick: (round: Round) => number): number => median(rounds.map(pick));
  const bookUs = of((round) => round.parseUs) + of((round) => round.applyUs);
  return [
    { what: 'parse a depth update (JSON and checks)', value: of((round) => round.parseUs), unit: 'µs' },
    { what: 'apply a depth update to the book', value: of((round) => round.applyUs), unit: 'µs', aim: '≤ 10 µs' },
    { what: 'decide on a book', value: of((round) => round.decideUs), unit: 'µs', aim: '≤ 20 µs' },
    { what: 'frame → decision in process, every kind of frame', value: of((round) => round.frameUs), unit: 'µs' },
    { what: 'book updates per second and core (parse, apply)', value: 1e6 / bookUs, unit: '/s' },
  ];
}

interface Round {
  readonly parseUs: number;
  readonly applyUs: number;
  readonly decideUs: number;
  readonly frameUs: number;
}

function oneRound(frames: readonly VenueFrame[], symbol: string): Round {
  const texts = frames.filter((frame) => frame.text.includes('"depthUpdate"'));
  const parseStart = performance.now();
  const updates = texts.map((frame) => parseFrame(frame.text)).filter((message) => message.kind === 'DEPTH_UPDATE');
  const parseUs = microseconds(parseStart, texts.length);

  const book = new OrderBook();
  const snapshot = frames.map((frame) =>
    frame.text.includes('"lastUpdateId"') ? parseFrame(frame.text, symbol) : undefined,
  );
  for (const message of snapshot) if (message?.kind === 'DEPTH_SNAPSHOT') book.reset(message);
  const applyStart = performance.now();
  for (const update of updates) book.apply(update);
  const applyUs = microseconds(applyStart, updates.length);

  const feed = new MarketFeed({ symbols: [symbol], now: () => 0, onNotice: () => {} });
  const params = defaultSettings();
  const engine = createStrategyEngine(params, { run: 'bench', profile: profileOf('SIMULATION', params) });
  engine.onTradingState('ACTIVE');
  let deciding = 0;
  let books = 0;
  const frameStart = performance.now();
  for (const frame of frames) {
    for (const event of feed.onFrame(frame)) {
      const began = performance.now();
      engine.onMarket(event, feed.tsMarket);
      deciding += performance.now() - began;
      if (event.type === 'book') books += 1;
    }
  }
  return { parseUs, applyUs, decideUs: (1_000 * deciding) / books, frameUs: microseconds(frameStart, frames.length) };
}

function microseconds(startMs: number, count: number): number {
  return (1_000 * (performance.now() - startMs)) / count;
}
