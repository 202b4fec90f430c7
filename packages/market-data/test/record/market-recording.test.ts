import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MarketFeed } from '@helios/market-data/feed/market-feed.ts';
import { SymbolBook } from '@helios/market-data/feed/symbol-book.ts';
import { FrameRecorder } from '@helios/market-data/record/frame-recorder.ts';
import { MarketRecording } from '@helios/market-data/record/market-recording.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import { frameMessage } from '@helios/market-data/source.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { waitFor } from '@helios/shared/runtime/wait-for.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { createGeneratorSource } from '@helios/synthetic-market/generator-source.ts';
import { expect, onTestFinished, test } from 'vitest';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];
/** Ten seconds before an hour. */
const START = Date.UTC(2026, 10, 30, 2, 59, 50);

/** Records 20 seconds of a made-up market, and returns the books that a reader of the frames sees. */
async function recordOverAnHour(folder: string): Promise<MarketEvent[]> {
  const abort = new AbortController();
  let now = START;
  const recorder = new FrameRecorder({
    folder,
    limits: { maxBytes: 1e9, maxAgeMs: 1e12, minFreeBytes: 0 },
    now: () => now,
    wait: () => waitFor(3_600_000, abort.signal),
    stop: abort.signal,
    log: silentLog,
  });
  const recording = new MarketRecording(recorder);
  const work = recording.run();
  const options = { now: () => 0, onNotice: () => {} };
  const books = new Map(SYMBOLS.map((symbol) => [symbol, new SymbolBook(symbol, options)]));
  const events: MarketEvent[] = [];
  const source = createGeneratorSource({ seed: 5, symbols: SYMBOLS, startMs: START, updatesPerSecond: 10 });
  for await (const frame of source.frames(abort.signal)) {
    if (frame.tsReceived > START + 20_000) break;
    now = frame.tsReceived;
    const message = frameMessage(frame);
    if (message.kind === 'DEPTH_SNAPSHOT') {
      recording.onSnapshot(frame.text, message.symbol);
      books.get(message.symbol)?.onSnapshot(message, events);
      continue;
    }
    recording.onFrame(frame.text);
    if (message.kind !== 'DEPTH_UPDATE') continue;
    const book = books.get(message.symbol);
    book?.onUpdate(message, events);
    recording.onBook(message.symbol, () => book?.snapshotText());
  }
  abort.abort();
  await work;
  return events;
}

async function booksOf(files: readonly string[]): Promise<MarketEvent[]> {
  const source = createReplaySource({ files, onFault: (fault) => expect(fault).toBeUndefined() });
  const feed = new MarketFeed({ symbols: SYMBOLS, now: () => 0, onNotice: (notice) => expect(notice).toBeUndefined() });
  const events: MarketEvent[] = [];
  for await (const frame of source.frames(new AbortController().signal)) events.push(...feed.onFrame(frame));
  return events.filter(({ type }) => type === 'book');
}

test('each file begins with the books, so it can be played alone; together they give the same books', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'helios-hours-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const recorded = await recordOverAnHour(folder);
  const files = readdirSync(folder).toSorted();
  expect(files).toEqual(['2026-11-30T02-59-50Z.jsonl.gz', '2026-11-30T03-00-00Z.jsonl.gz']);
  const [first = '', second = ''] = files.map((name) => join(folder, name));
  const books = await booksOf([first, second]);
  expect(books.length).toBeGreaterThan(300);
  expect(books).toEqual(recorded);
  const alone = await booksOf([second]);
  expect(alone.length).toBeGreaterThan(150);
  expect(alone).toEqual(recorded.slice(-alone.length));
});
