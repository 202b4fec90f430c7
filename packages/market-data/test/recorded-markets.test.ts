import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Book } from '@helios/shared/domain/market-data.ts';
import { describe, expect, test } from 'vitest';
import { MarketFeed } from '../src/feed/market-feed.ts';
import type { FeedNotice } from '../src/feed/symbol-feed.ts';
import type { RecordedMarket } from '../src/recorded-market.ts';
import { createReplaySource } from '../src/replay-source.ts';
import { DATA, fileOf, useRecordingFolder } from './recording-files.ts';

useRecordingFolder();

const T = 1_721_749_183_000;
type Side = [string, string][];

const line = (atMs: number, json: unknown): string => `${atMs * 1_000} ${JSON.stringify(json)}`;
const wrapped = (symbol: string, data: object) => ({ stream: `${symbol.toLowerCase()}@depth@100ms`, data });
const spotUpdate = (atMs: number, U: number, u: number, b: Side, s = 'NEXOUSDT'): string =>
  line(atMs, wrapped(s, { e: 'depthUpdate', E: atMs, s, U, u, b, a: [] }));
const futuresUpdate = (atMs: number, U: number, u: number, pu: number, b: Side, s = 'BTCUSDT'): string =>
  line(atMs, wrapped(s, { e: 'depthUpdate', E: atMs, T: atMs, s, U, u, pu, b, a: [] }));
const levels = { bids: [['1.20', '5']] as Side, asks: [['1.22', '7']] as Side };
const snapshot = (lastUpdateId: number) => ({ lastUpdateId, E: T, T, ...levels });

async function play(lines: readonly string[], market?: RecordedMarket) {
  const file = fileOf(`${Math.random()}.dat`, lines.join('\n'));
  const source = createReplaySource({ files: [file], market, onFault: () => {} });
  const notices: FeedNotice[] = [];
  const symbols = (await source.instruments()).map(({ symbol }) => symbol);
  const feed = new MarketFeed({ symbols, now: () => 0, onNotice: (notice) => notices.push(notice) });
  const books: Book[] = [];
  for await (const frame of source.frames(new AbortController().signal))
    for (const event of feed.onFrame(frame)) if (event.type === 'book') books.push(event);
  return { feed, books, notices };
}

const ticker = (u: number, b: string, B: string): string =>
  line(T + 300, { stream: 'nexousdt@bookTicker', data: { u, s: 'NEXOUSDT', b, B, a: '1.22', A: '7' } });

const spotLines = [
  line(T - 500, { lastUpdateId: 100, ...levels }),
  // Received before the snapshot was requested, so it is skipped.
  spotUpdate(T, 98, 99, [['1.19', '9']]),
  spotUpdate(T + 100, 101, 103, [['1.21', '3']]),
  spotUpdate(T + 200, 104, 104, [['1.21', '0']]),
  ticker(103, '1.21', '3'),
  ticker(104, '1.20', '5'),
  ticker(105, '1.20', '6'),
];

describe('a spot recording', () => {
  test('plays by its own rule, U is the previous u plus one, with --market spot', async () => {
    const { feed, books, notices } = await play(spotLines, 'spot');
    expect(books.map(({ last_update_id, bids, ts_event }) => [last_update_id, bids[0], ts_event - T])).toEqual([
      [103, ['1.21', '3'], 100],
      [104, ['1.20', '5'], 200],
    ]);
    expect(feed.counts()).toMatchObject({ gaps: 0, badFrames: 0, topsCompared: 2, topsDifferent: 0 });
    expect(notices).toEqual([]);
  });

  test('a missing update is a gap, and the time without a book is counted', async () => {
    const later = [spotUpdate(T + 300, 106, 107, []), spotUpdate(T + 5_300, 108, 108, [])];
    const { feed, books } = await play([...spotLines, ...later], 'spot');
    expect(books.map(({ last_update_id }) => last_update_id)).toEqual([103, 104]);
    expect(feed.counts()).toMatchObject({ gaps: 1 });
    expect(feed.bookTimes()).toEqual([
      { symbol: 'NEXOUSDT', seen_ms: 5_800, without_book_ms: 5_600, had_snapshot: true, had_updates: true, gaps: 1 },
    ]);
  });

  test.each([
    ['without the option', spotLines, undefined, 'add --market spot'],
    ['of futures in truth', [futuresUpdate(T, 1, 2, 0, [])], 'spot', 'leave out --market spot'],
    [
      'of COIN-M in truth',
      [futuresUpdate(T, 1, 2, 0, [], 'BTCUSD_PERP')],
      undefined,
      'BTCUSD_PERP is a COIN-M contract',
    ],
    ['of a COIN-M quarter', [futuresUpdate(T, 1, 2, 0, [], 'ETHUSD_240628')], 'spot', 'ETHUSD_240628 is a COIN-M'],
  ] as const)('%s is refused with a message', async (_, lines, market, words) => {
    await expect(play(lines, market)).rejects.toThrow(words);
  });

  const real = ['23', '24'].map((day) => join(DATA, `depth/spot/nexousdt_202407${day}.gz`));
  test.skipIf(!real.every((file) => existsSync(file)))(
    'of NEXOUSDT is complete, and its tops equal the bookTicker',
    { timeout: 60_000 },
    async () => {
      const source = createReplaySource({ files: real, market: 'spot', onFault: () => {} });
      const feed = new MarketFeed({ symbols: ['NEXOUSDT'], now: () => 0, onNotice: () => {} });
      let frames = 0;
      for await (const frame of source.frames(new AbortController().signal)) {
        feed.onFrame(frame);
        frames += 1;
        if (frames === 20_000) break;
      }
      const { topsCompared, ...counts } = feed.counts();
      expect(counts).toEqual({ frames: 20_000, badFrames: 0, gaps: 0, topsDifferent: 0 });
      expect(topsCompared).toBeGreaterThan(100);
      const [book] = feed.bookTimes();
      expect(book?.without_book_ms).toBeLessThan(5_000);
    },
  );
});

describe('two symbols in one file', () => {
  const updates = (s: string) => [
    futuresUpdate(T + 100, 11, 12, 10, [['1.21', '3']], s),
    futuresUpdate(T + 2_100, 13, 14, 12, [['1.21', '4']], s),
  ];

  test('play if each snapshot names its symbol, by its stream or by a field', async () => {
    const { feed, books } = await play([
      line(T, { stream: 'btcusdt@depth', data: snapshot(10) }),
      line(T, { ...snapshot(10), symbol: 'ETHUSDT' }),
      ...updates('BTCUSDT'),
      ...updates('ETHUSDT'),
    ]);
    expect(books.map(({ symbol, last_update_id }) => [symbol, last_update_id])).toEqual([
      ['BTCUSDT', 12],
      ['BTCUSDT', 14],
      ['ETHUSDT', 12],
      ['ETHUSDT', 14],
    ]);
    expect(feed.counts()).toMatchObject({ gaps: 0, badFrames: 0 });
  });

  test('have no book if a snapshot names no symbol, which is reported', async () => {
    const { feed, books, notices } = await play([line(T, snapshot(10)), ...updates('BTCUSDT'), ...updates('ETHUSDT')]);
    expect(books).toEqual([]);
    expect(notices).toMatchObject([{ kind: 'BAD_FRAME', detail: expect.stringContaining('names no symbol') }]);
    expect(feed.bookTimes()).toMatchObject([
      { symbol: 'BTCUSDT', seen_ms: 2_000, without_book_ms: 2_000, had_snapshot: false, had_updates: true },
      { symbol: 'ETHUSDT', had_snapshot: false },
    ]);
  });
});
