import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeGeneratedRecording } from '@helios/synthetic-market/write-recording.ts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MarketInput } from '../src/exchange-start.ts';
import type { FaultInput } from '../src/faults/fault.ts';
import type { RunningExchange } from '../src/start-exchange.ts';
import { LocalBook } from './local-book.ts';
import { connected } from './stream-client.ts';
import { DATA, get, HandClock, venueOn } from './venue-client.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-streams-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const made = join(folder, 'made.gz');
beforeAll(() => writeGeneratedRecording({ file: made, seed: 3, symbols: ['BTCUSDT'], seconds: 30 }));
const real = ['usdm_btcusdt_20240718.gz', 'usdm_btcusdt_20240719.gz'].map((name) => join(DATA, 'depth', name));

const markets: readonly { name: string; market: MarketInput; isHere: boolean }[] = [
  { name: 'the generator', market: { kind: 'generator', seed: 5, symbols: ['BTCUSDT'] }, isHere: true },
  { name: 'a made-up recording', market: { kind: 'recordings', files: [made] }, isHere: true },
  { name: 'a real recording', market: { kind: 'recordings', files: real }, isHere: real.every(existsSync) },
];

const depthOf = async (venue: RunningExchange) =>
  (await get(venue, '/fapi/v1/depth?symbol=BTCUSDT&limit=1000')).body as { lastUpdateId: number; bids: []; asks: [] };

interface Walk {
  readonly market: MarketInput;
  /** Steps of the clock, ms. */
  readonly stepsMs: readonly number[];
  /** The active faults from a step on. */
  readonly faultsAt?: Readonly<Record<number, readonly FaultInput[]>>;
  /** The step after which the book requests its snapshot. */
  readonly joinAt: number;
}

/**
 * Advances the clock and compares the books of the three speeds with REST whenever the ids are equal. At the end, without faults and
 * at a whole 500 ms, all ids must be equal. Resolves with the number of comparisons.
 */
async function follow({ market, stepsMs, faultsAt = {}, joinAt }: Walk): Promise<number> {
  const clock = new HandClock();
  const venue = await venueOn(clock, { market, streams: MANY_MESSAGES });
  const names = ['btcusdt@depth', 'btcusdt@depth@100ms', 'btcusdt@depth@500ms'];
  const client = await connected(`${venue.streamUrl}/public/stream?streams=${names.join('/')}`);
  const books = names.map((name) => new LocalBook(name));
  let compared = 0;
  const step = async (ms: number): Promise<typeof books> => {
    clock.ms += ms;
    await venue.advance();
    await client.drained();
    for (const book of books) book.take(client);
    const rest = await depthOf(venue);
    const there = books.filter(({ isSynced, lastId }) => isSynced && lastId === rest.lastUpdateId);
    for (const { book } of there) {
      const { bids, asks } = book.top(Math.min(rest.bids.length, rest.asks.length, 400));
      expect({ bids, asks }).toEqual({ bids: rest.bids.slice(0, bids.length), asks: rest.asks.slice(0, asks.length) });
      compared += 1;
    }
    return there;
  };
  for (const [at, ms] of stepsMs.entries()) {
    const faults = faultsAt[at];
    if (faults !== undefined) await venue.setFaults(faults);
    await step(ms);
    if (at === joinAt) for (const book of books) book.snapshot(await depthOf(venue));
  }
  await venue.setFaults([]);
  await step(2_000);
  expect(await step(500 - (clock.ms % 500))).toEqual(books);
  expect(books.map(({ gaps }) => gaps)).toEqual([0, 0, 0]);
  await venue.stop();
  return compared;
}

/** The test sends a ping at every step. */
const MANY_MESSAGES = { messagesPerSecond: 1_000 };
const steps = [130, 470, 180, 90, 730, 500, 1_000, 40, 460, 2_500, 130, 370, 5_000, 1_000, 500, 500, 1_500];

const FROZEN = { fault: 'freeze', symbol: 'BTCUSDT' } as const;
const JUMP = { fault: 'jump', symbol: 'BTCUSDT', percent: 3 } as const;
const HALTED = { fault: 'symbol', symbol: 'BTCUSDT', status: 'TRADING_HALT' } as const;
const AHEAD = { fault: 'clock', offset_ms: 12_345 } as const;

describe.each(markets)('$name', ({ market, isHere }) => {
  test.skipIf(!isHere)('a book of each speed equals REST at the same id', { timeout: 60_000 }, async () => {
    expect(await follow({ market, stepsMs: steps, joinAt: 2 })).toBeGreaterThan(10);
  });

  test.skipIf(!isHere)('a book stays equal through jumps, freezes and halts', { timeout: 60_000 }, async () => {
    const faultsAt = { 4: [JUMP], 6: [FROZEN], 8: [JUMP, FROZEN], 9: [], 11: [HALTED], 13: [] };
    expect(await follow({ market, stepsMs: steps, faultsAt, joinAt: 2 })).toBeGreaterThan(10);
  });

  test.skipIf(!isHere)(
    'a book equals REST for random steps, faults and snapshot times',
    { timeout: 120_000 },
    async () => {
      const faults = fc.subarray<FaultInput>([FROZEN, JUMP, HALTED, AHEAD, { ...JUMP, percent: -7.77 }]);
      const walks = fc.record({
        stepsMs: fc.array(fc.integer({ min: 1, max: 1_300 }), { minLength: 4, maxLength: 9 }),
        joinAt: fc.integer({ min: 0, max: 3 }),
        faultsAt: fc.dictionary(fc.constantFrom('1', '3', '5', '6'), faults),
      });
      const property = fc.asyncProperty(walks, async (walk) => {
        expect(await follow({ market, ...walk })).toBeGreaterThan(0);
      });
      await fc.assert(property, { numRuns: 6 });
    },
  );
});

test('a repeated recording keeps the update chain unbroken', { timeout: 60_000 }, async () => {
  const stepsMs = [...steps, ...Array.from({ length: 40 }, () => 1_000)];
  expect(await follow({ market: { kind: 'recordings', files: [made] }, stepsMs, joinAt: 2 })).toBeGreaterThan(50);
});
