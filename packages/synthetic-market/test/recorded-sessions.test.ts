import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { imbalance } from '@helios/core/book/imbalance.ts';
import { MarketFeed } from '@helios/market-data/feed/market-feed.ts';
import type { FeedNotice } from '@helios/market-data/feed/symbol-feed.ts';
import type { RecordingFault } from '@helios/market-data/recording-fault.ts';
import { writeRecording } from '@helios/market-data/recording-writer.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import type { VenueFrame } from '@helios/market-data/source.ts';
import {
  Book,
  FallbackPrice,
  Kline,
  type MarketEvent,
  MarketTrade,
  MarkPrice,
} from '@helios/shared/domain/market-data.ts';
import { describe, expect, test } from 'vitest';
import { DATA, fileOf, useRecordingFolder } from '../../market-data/test/recording-files.ts';
import { createGeneratorSource } from '../src/generator-source.ts';

useRecordingFolder();

interface Played {
  readonly feed: MarketFeed;
  readonly events: readonly MarketEvent[];
  readonly faults: readonly RecordingFault[];
  readonly notices: readonly FeedNotice[];
}

async function play(files: readonly string[]): Promise<Played> {
  const faults: RecordingFault[] = [];
  const notices: FeedNotice[] = [];
  const source = createReplaySource({ files, onFault: (fault) => faults.push(fault) });
  const symbols = (await source.instruments()).map((one) => one.symbol);
  const feed = new MarketFeed({ symbols, now: () => 0, onNotice: (notice) => notices.push(notice) });
  const events: MarketEvent[] = [];
  for await (const frame of source.frames(new AbortController().signal)) events.push(...feed.onFrame(frame));
  events.push(...feed.end());
  return { feed, events, faults, notices };
}

function count(events: readonly MarketEvent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

const recorded = (...names: string[]): string[] => names.map((name) => join(DATA, 'depth', name));
const BTC_2023 = recorded('usdm_btcusdt_20230404.dat.gz', 'usdm_btcusdt_20230405.dat.gz');
const BTC_2024 = recorded('usdm_btcusdt_20240718.gz', 'usdm_btcusdt_20240719.gz');
const ETH_2024 = recorded('usdm_ethusdt_20240718.gz', 'usdm_ethusdt_20240719.gz');

describe.skipIf(!existsSync(join(DATA, 'depth')))('recorded sessions', () => {
  test.each([
    // One trade of 2023 is an insurance-fund transfer. In ETH 2024 two updates wait for the snapshot and give one book.
    ['BTCUSDT 2023', BTC_2023, 73_765, 16_108, { book: 16_110, trade: 12_934, mark: 514, kline: 8 }],
    ['BTCUSDT 2024', BTC_2024, 71_984, 9_017, { book: 9_017, trade: 10_701, kline: 8 }],
    ['ETHUSDT 2024', ETH_2024, 69_913, 8_924, { book: 8_923, trade: 13_655, kline: 8 }],
  ])(
    '%s: no gap, and every comparable top of the book equals the bookTicker',
    async (_, files, frames, topsCompared, expected) => {
      const { feed, events, faults, notices } = await play(files);
      expect(feed.counts()).toEqual({ frames, badFrames: 0, topsCompared, topsDifferent: 0, gaps: 0 });
      expect([faults, notices]).toEqual([[], []]);
      expect(count(events)).toEqual({ ...expected, break: 1 });
      expect(events.at(-1)).toMatchObject({ type: 'break', kind: 'SESSION_END', reason: 'recording ended' });
    },
  );

  test('every event fits its schema, and books have an imbalance', async () => {
    const { events } = await play(BTC_2023);
    const schemas = { book: Book, trade: MarketTrade, mark: MarkPrice, kline: Kline, fallback: FallbackPrice };
    for (const event of events.slice(0, 5_000)) if (event.type !== 'break') schemas[event.type].parse(event);
    for (const event of events) if (event.type === 'kline') Kline.parse(event);
    const books = events.filter((event) => event.type === 'book');
    expect(books.every((book) => imbalance(book, 10) !== undefined)).toBe(true);
  });

  test('a lost line in the middle is one gap: one break, and no book after it', async () => {
    const [first, second] = BTC_2023.map((file) => gunzipSync(readFileSync(file)).toString().trimEnd().split('\n'));
    const lines = [...(first ?? []), ...(second ?? [])];
    const lost = lines.findIndex((line, i) => i > 30_000 && line.includes('@depth'));
    const { feed, events } = await play([fileOf('lost.dat', lines.toSpliced(lost, 1).join('\n'))]);
    const broken = events.findIndex((event) => event.type === 'break');
    expect(events[broken]).toMatchObject({ kind: 'BOOK_INVALID', reason: 'depth gap' });
    expect(events.slice(broken).some((event) => event.type === 'book')).toBe(false);
    expect(feed.counts()).toMatchObject({ gaps: 1, topsDifferent: 0 });
  });
});

describe('a recording that the generator writes', () => {
  async function* first(frames: AsyncIterable<VenueFrame>, endMs: number): AsyncGenerator<VenueFrame> {
    for await (const frame of frames) {
      if (frame.tsReceived > endMs) return;
      yield frame;
    }
  }

  test('replays without a gap, matches its tickers, and gives the same events as the frames themselves', async () => {
    const startMs = 1_700_000_039_000;
    const symbols = ['BTCUSDT', 'ETHUSDT'];
    const made = (): AsyncIterable<VenueFrame> =>
      first(
        createGeneratorSource({ seed: 5, symbols, startMs }).frames(new AbortController().signal),
        startMs + 150_000,
      );
    const file = fileOf('twin.gz', '');
    await writeRecording(file, made());
    const { feed, events, faults, notices } = await play([file]);
    expect([faults, notices]).toEqual([[], []]);
    expect(feed.counts()).toMatchObject({ badFrames: 0, topsDifferent: 0, gaps: 0 });
    expect(feed.counts().topsCompared).toBeGreaterThan(1_000);
    expect(count(events)).toMatchObject({ kline: 4, break: 2 });
    const direct = new MarketFeed({ symbols, now: () => 0, onNotice: () => {} });
    const expected: MarketEvent[] = [];
    for await (const frame of made()) expected.push(...direct.onFrame(frame));
    // Frames use their receive time, a recording uses the venue's, so events caused only by the clock have slightly different stamps.
    const timeless = (all: readonly MarketEvent[]): MarketEvent[] =>
      all.map((event) => (event.type === 'kline' || event.type === 'break' ? { ...event, ts_event: 0 } : event));
    expect(timeless(events)).toEqual(timeless([...expected, ...direct.end()]));
  });
});
