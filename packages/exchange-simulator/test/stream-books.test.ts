import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BookSync } from '@helios/binance/book-sync.ts';
import { parseFrame } from '@helios/binance/parse-frame.ts';
import type { DepthUpdate } from '@helios/binance/wire/depth-update.ts';
import { writeGeneratedRecording } from '@helios/market-data/generator/write-recording.ts';
import { OrderBook } from '@helios/shared/core/book/order-book.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultWish } from '../src/faults/fault.ts';
import type { MarketWish, RunningExchange } from '../src/start-exchange.ts';
import { connected, type StreamClient } from './stream-client.ts';
import { DATA, get, HandClock, venueOn } from './venue-client.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-streams-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const made = join(folder, 'made.gz');
beforeAll(() => writeGeneratedRecording({ file: made, seed: 3, symbols: ['BTCUSDT'], seconds: 30 }));
const real = ['usdm_btcusdt_20240718.gz', 'usdm_btcusdt_20240719.gz'].map((name) => join(DATA, 'depth', name));

const markets: readonly { name: string; market: MarketWish; isHere: boolean }[] = [
  { name: 'the generator', market: { kind: 'generator', seed: 5, symbols: ['BTCUSDT'] }, isHere: true },
  { name: 'a made-up recording', market: { kind: 'recordings', files: [made] }, isHere: true },
  { name: 'a real recording', market: { kind: 'recordings', files: real }, isHere: real.every(existsSync) },
];

/** A local book kept by the venue's rule out of one stream, with the product's own parts. */
class LocalBook {
  readonly book = new OrderBook();
  readonly #sync = new BookSync();
  readonly #stream: string;
  #taken = 0;
  /** `u` of the update applied last, and how often a snapshot had to be asked for again. */
  lastId = 0;
  gaps = 0;

  constructor(stream: string) {
    this.#stream = stream;
  }

  get isSynced(): boolean {
    return this.#sync.isSynced;
  }

  snapshot(body: unknown): void {
    const snapshot = parseFrame(JSON.stringify(body), 'BTCUSDT');
    if (snapshot.kind !== 'DEPTH_SNAPSHOT') throw new Error(JSON.stringify(snapshot));
    const step = this.#sync.onSnapshot(snapshot);
    if (step.kind !== 'RESET') return;
    this.book.reset(snapshot);
    this.lastId = snapshot.lastUpdateId;
    for (const update of step.updates) this.#apply(update);
  }

  /** Takes what has come since; every frame has to be a sound update. */
  take(client: StreamClient): void {
    for (const text of client.texts.slice(this.#taken)) {
      const update = parseFrame(text);
      if (!text.startsWith(`{"stream":"${this.#stream}"`)) continue;
      if (update.kind !== 'DEPTH_UPDATE') throw new Error(text);
      const step = this.#sync.onUpdate(update);
      if (step.kind === 'APPLY') this.#apply(update);
      if (step.kind === 'INVALID') this.gaps += 1;
    }
    this.#taken = client.texts.length;
  }

  #apply(update: DepthUpdate): void {
    this.book.apply(update);
    this.lastId = update.lastUpdateId;
  }
}

const depthOf = async (venue: RunningExchange) =>
  (await get(venue, '/fapi/v1/depth?symbol=BTCUSDT&limit=1000')).body as { lastUpdateId: number; bids: []; asks: [] };

/** Steps through the faults and compares at every whole 500 ms, when all three speeds have told everything. */
async function follow(market: MarketWish, stepMs: readonly number[], faultsAt: Readonly<Record<number, FaultWish[]>>) {
  const clock = new HandClock();
  const venue = await venueOn(clock, { market, streams: PATIENT });
  const names = ['btcusdt@depth', 'btcusdt@depth@100ms', 'btcusdt@depth@500ms'];
  const client = await connected(`${venue.streamUrl}/public/stream?streams=${names.join('/')}`);
  const books = names.map((name) => new LocalBook(name));
  let compared = 0;
  for (const [at, ms] of stepMs.entries()) {
    clock.ms += ms;
    const faults = faultsAt[at];
    if (faults !== undefined) await venue.setFaults(faults);
    await venue.advance();
    await client.drained();
    for (const book of books) book.take(client);
    const rest = await depthOf(venue);
    // In the middle of an interval, too, the snapshot fits.
    if (at === 2) for (const book of books) book.snapshot(rest);
    for (const { isSynced, book, lastId } of books) {
      if (!isSynced || lastId !== rest.lastUpdateId) continue;
      const { bids, asks } = book.top(Math.min(rest.bids.length, rest.asks.length, 400));
      expect({ bids, asks }).toEqual({ bids: rest.bids.slice(0, bids.length), asks: rest.asks.slice(0, asks.length) });
      compared += 1;
    }
  }
  expect(books.map(({ gaps, isSynced }) => ({ gaps, isSynced }))).toEqual(
    books.map(() => ({ gaps: 0, isSynced: true })),
  );
  return compared;
}

/** The test asks for a pong at every step. */
const PATIENT = { messagesPerSecond: 1_000 };
const steps = [130, 470, 180, 90, 730, 500, 1_000, 40, 460, 2_500, 130, 370, 5_000, 1_000, 500, 500, 1_500];

describe.each(markets)('$name', ({ market, isHere }) => {
  test.skipIf(!isHere)('a book of each speed equals REST at the same id', { timeout: 60_000 }, async () => {
    expect(await follow(market, steps, {})).toBeGreaterThan(10);
  });

  test.skipIf(!isHere)('and stays equal through jumps, freezes and halts', { timeout: 60_000 }, async () => {
    const frozen = { fault: 'freeze', symbol: 'BTCUSDT' } as const;
    const jump = { fault: 'jump', symbol: 'BTCUSDT', percent: 3 } as const;
    const halted = { fault: 'symbol', symbol: 'BTCUSDT', status: 'TRADING_HALT' } as const;
    const faults = { 4: [jump], 6: [frozen], 8: [jump, frozen], 9: [], 11: [halted], 13: [] };
    expect(await follow(market, [...steps, 500, 500], faults)).toBeGreaterThan(10);
  });
});

test('a recording that plays again keeps the chain whole', { timeout: 60_000 }, async () => {
  const again = [...steps, ...Array.from({ length: 40 }, () => 1_000)];
  expect(await follow({ kind: 'recordings', files: [made] }, again, {})).toBeGreaterThan(50);
});
