import { parseFrame } from '@helios/binance/parse-frame.ts';
import { priceAt } from '@helios/core/book/level-numbers.ts';
import { OrderBook } from '@helios/core/book/order-book.ts';
import { BookFlow } from '@helios/core/features/book-flow.ts';
import { CandidateWatch } from '@helios/core/features/candidate-watch.ts';
import { createStrategyEngine } from '@helios/core/strategy/engine.ts';
import { profileOf } from '@helios/core/trading/profile.ts';
import { MarketFeed } from '@helios/market-data/feed/market-feed.ts';
import type { VenueFrame } from '@helios/market-data/source.ts';
import type { Book } from '@helios/shared/domain/market-data.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { median } from './percentile.ts';
import type { Row } from './report.ts';

const ROUNDS = 5;
const VECTORS = 1_000;

/** Measures one process with recorded frames: parse, apply, decide. Medians over rounds. */
export function benchCore(frames: readonly VenueFrame[], symbol: string): Row[] {
  const rounds = Array.from({ length: ROUNDS }, () => oneRound(frames, symbol)).slice(1);
  const of = (pick: (round: Round) => number): number => median(rounds.map(pick));
  const bookUs = of((round) => round.parseUs) + of((round) => round.applyUs);
  return [
    { what: 'parse a depth update (JSON and checks)', value: of((round) => round.parseUs), unit: 'µs' },
    { what: 'apply a depth update to the book', value: of((round) => round.applyUs), unit: 'µs', aim: '≤ 10 µs' },
    { what: 'decide on a book', value: of((round) => round.decideUs), unit: 'µs', aim: '≤ 20 µs' },
    {
      what: 'collect the features of a book (part of that)',
      value: of(({ collectUs }) => collectUs),
      unit: 'µs',
      aim: '≤ 0.2 µs',
    },
    { what: 'write the features of a candidate', value: of(({ vectorUs }) => vectorUs), unit: 'µs' },
    { what: 'frame → decision in process, every kind of frame', value: of((round) => round.frameUs), unit: 'µs' },
    { what: 'book updates per second and core (parse, apply)', value: 1e6 / bookUs, unit: '/s' },
  ];
}

interface Round {
  readonly parseUs: number;
  readonly applyUs: number;
  readonly decideUs: number;
  readonly collectUs: number;
  readonly vectorUs: number;
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
  const engine = createStrategyEngine(params, {
    ...{ run: 'bench', profile: profileOf('SIMULATION', params), collectsFeatures: true },
  });
  engine.onTradingState('ACTIVE');
  let deciding = 0;
  const books: Book[] = [];
  const frameStart = performance.now();
  for (const frame of frames) {
    for (const event of feed.onFrame(frame)) {
      const began = performance.now();
      engine.onMarket(event, feed.tsMarket);
      deciding += performance.now() - began;
      if (event.type === 'book') books.push(event);
    }
  }
  const frameUs = microseconds(frameStart, frames.length);
  return { parseUs, applyUs, decideUs: (1_000 * deciding) / books.length, frameUs, ...featureTimes(books, symbol) };
}

/** The strategy knows the best prices of a book before it collects features. */
function featureTimes(books: readonly Book[], symbol: string): Pick<Round, 'collectUs' | 'vectorUs'> {
  const flow = new BookFlow();
  const watch = new CandidateWatch(symbol, () => undefined, flow);
  const quotes = books.map((book) => ({ bid: priceAt(book, 'bids', 0), ask: priceAt(book, 'asks', 0) }));
  const collectStart = performance.now();
  for (const [i, book] of books.entries()) {
    const quote = quotes[i];
    if (quote !== undefined) flow.onBook(book, quote.bid, quote.ask);
    watch.onPrice(book, quote);
  }
  const collectUs = microseconds(collectStart, books.length);
  const inputs = {
    nowMs: books.at(-1)?.ts_event ?? 0,
    quote: quotes.at(-1),
    regime: 'RANGING',
    sentiment: undefined,
  } as const;
  const vectorStart = performance.now();
  for (let i = 0; i < VECTORS; i += 1) watch.features.vector(i % 2 === 0 ? 'LONG' : 'SHORT', inputs);
  return { collectUs, vectorUs: microseconds(vectorStart, VECTORS) };
}

function microseconds(startMs: number, count: number): number {
  return (1_000 * (performance.now() - startMs)) / count;
}
