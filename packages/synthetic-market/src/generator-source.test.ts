import { BookSync } from '@helios/binance/book-sync.ts';
import { parseFrame, type VenueMessage } from '@helios/binance/parse-frame.ts';
import { OrderBook } from '@helios/core/book/order-book.ts';
import type { VenueFrame } from '@helios/market-data/source.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { framesUntil } from './frames-until.ts';
import { createGeneratorSource, type GeneratorOptions } from './generator-source.ts';
import { KNOWN_SYMBOLS } from './market-profile.ts';

const START_MS = 1_700_000_012_345;

async function collect(options: Partial<GeneratorOptions>, seconds: number): Promise<VenueFrame[]> {
  const startMs = options.startMs ?? START_MS;
  const source = createGeneratorSource({ seed: 1, symbols: ['BTCUSDT'], startMs, ...options });
  const frames: VenueFrame[] = [];
  for await (const frame of framesUntil(source, startMs + seconds * 1_000)) frames.push(frame);
  return frames;
}

const texts = (frames: readonly VenueFrame[]): string[] => frames.map((frame) => `${frame.tsReceived} ${frame.text}`);

/** Processes one symbol's frames with the venue adapter; throws at the first frame that a real venue would not send. */
class Follower {
  readonly book = new OrderBook();
  private readonly sync = new BookSync();
  private updateId = 0;
  tickers = 0;
  maxLevels = 0;

  take(message: VenueMessage): void {
    if (message.kind === 'FAULT') throw new Error(message.detail);
    if (message.kind === 'DEPTH_SNAPSHOT') {
      expect(this.sync.onSnapshot(message).kind).toBe('RESET');
      this.book.reset(message);
    } else if (message.kind === 'DEPTH_UPDATE') {
      expect(this.sync.onUpdate(message).kind).toBe('APPLY');
      this.book.apply(message);
      this.updateId = message.lastUpdateId;
      expect(this.book.isCrossed).toBe(false);
      this.maxLevels = Math.max(this.maxLevels, this.book.depth.bids, this.book.depth.asks);
    } else if (message.kind === 'BOOK_TICKER') {
      this.tickers += 1;
      expect(message.updateId).toBe(this.updateId);
      expect([message.bid, message.ask]).toEqual([this.book.bestBid, this.book.bestAsk]);
    } else if (message.kind === 'TRADE') {
      expect(this.sync.isSynced || this.updateId === 0).toBe(true);
    }
  }
}

async function follow(options: Partial<GeneratorOptions>, seconds: number): Promise<Map<string, Follower>> {
  const followers = new Map<string, Follower>();
  for (const frame of await collect(options, seconds)) {
    const message = parseFrame(frame.text, frame.symbol);
    const symbol = 'symbol' in message ? message.symbol : 'none';
    const follower = followers.get(symbol) ?? new Follower();
    followers.set(symbol, follower);
    follower.take(message);
  }
  return followers;
}

describe('the same options', () => {
  it('give the same frames, byte for byte, from two sources and from one source twice', async () => {
    const options = { seed: 42, symbols: ['BTCUSDT', 'DOGEUSDT', 'NOBODYUSDT'] };
    const first = texts(await collect(options, 20));
    expect(first.length).toBeGreaterThan(600);
    expect(texts(await collect(options, 20))).toEqual(first);

    const source = createGeneratorSource({ ...options, startMs: START_MS });
    for (let round = 0; round < 2; round += 1) {
      const frames: VenueFrame[] = [];
      for await (const frame of framesUntil(source, START_MS + 20_000)) frames.push(frame);
      expect(texts(frames)).toEqual(first);
    }
  });

  it('differ for another seed, and for the same seed at another time', async () => {
    const depths = async (options: Partial<GeneratorOptions>): Promise<string[]> =>
      (await collect(options, 5)).map((frame) => /"b":\[.*$/.exec(frame.text)?.[0] ?? '').filter((text) => text !== '');
    const first = await depths({ seed: 1 });
    expect(await depths({ seed: 2 })).not.toEqual(first);
    expect(await depths({ seed: 1, startMs: START_MS + 60_000 })).not.toEqual(first);
  });

  it('give a symbol the same market, whatever other symbols exist', async () => {
    const own = (frames: readonly VenueFrame[]): (string | undefined)[] =>
      frames.filter((frame) => frame.symbol === 'BTCUSDT').map((frame) => frame.text);
    expect(own(await collect({ symbols: ['BTCUSDT', 'ETHUSDT'] }, 10))).toEqual(own(await collect({}, 10)));
  });
});

describe('the frames', () => {
  it('give an unbroken, uncrossed book that matches every book ticker, for any seed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 2_147_483_647 }),
        fc.uniqueArray(fc.constantFrom(...KNOWN_SYMBOLS, 'NOBODYUSDT', '1000PEPEUSDT'), { minLength: 1, maxLength: 3 }),
        fc.constantFrom(1, 4, 10, 50),
        async (seed, symbols, updatesPerSecond) => {
          const followers = await follow({ seed, symbols, updatesPerSecond }, 20);
          expect([...followers.keys()].sort()).toEqual([...symbols].sort());
          for (const follower of followers.values()) {
            expect(follower.tickers).toBeGreaterThan(5);
            expect(follower.maxLevels).toBeLessThanOrEqual(80);
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  it('come in time order, the snapshots first', async () => {
    const frames = await collect({ symbols: ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'], updatesPerSecond: 7 }, 30);
    for (const [index, frame] of frames.entries()) {
      expect(frame.tsReceived).toBeGreaterThanOrEqual(frames[index - 1]?.tsReceived ?? 0);
    }
    expect(frames.slice(0, 3).every((frame) => frame.text.startsWith('{"lastUpdateId"'))).toBe(true);
    expect(frames.slice(3).some((frame) => frame.text.startsWith('{"lastUpdateId"'))).toBe(false);
  });

  it('have one mark price per second, and trades in order of id and time at prices from the book', async () => {
    const frames = await collect({ seed: 3 }, 60);
    const book = new OrderBook();
    let marks = 0;
    let lastTrade = { tradeId: 0, tsEvent: 0 };
    for (const frame of frames) {
      const message = parseFrame(frame.text, frame.symbol);
      if (message.kind === 'DEPTH_SNAPSHOT') book.reset(message);
      if (message.kind === 'DEPTH_UPDATE') book.apply(message);
      if (message.kind === 'MARK_PRICE') marks += 1;
      if (message.kind !== 'TRADE') continue;
      expect(message.tradeId).toBeGreaterThan(lastTrade.tradeId);
      expect(message.tsEvent).toBeGreaterThanOrEqual(lastTrade.tsEvent);
      expect(message.tsEvent).toBeLessThanOrEqual(frame.tsReceived);
      const side = message.buyerIsMaker ? book.top(100).bids : book.top(100).asks;
      const standing = side.find(([price]) => price === message.price);
      expect(Number(message.qty)).toBeLessThanOrEqual(Number(standing?.[1] ?? 0));
      lastTrade = message;
    }
    expect(lastTrade.tradeId).toBeGreaterThan(0);
    expect(marks).toBe(59);
  });

  it('stay on the grid of the instrument', async () => {
    const source = createGeneratorSource({ seed: 5, symbols: KNOWN_SYMBOLS, startMs: START_MS });
    const instruments = new Map((await source.instruments()).map((instrument) => [instrument.symbol, instrument]));
    expect(instruments.size).toBe(KNOWN_SYMBOLS.length);
    for await (const frame of framesUntil(source, START_MS + 3_000)) {
      const message = parseFrame(frame.text, frame.symbol);
      if (message.kind !== 'DEPTH_UPDATE') continue;
      const instrument = instruments.get(message.symbol);
      for (const [price, qty] of [...message.bids, ...message.asks]) {
        expect(isMultiple(price, Number(instrument?.tick_size))).toBe(true);
        expect(isMultiple(qty, Number(instrument?.step_size))).toBe(true);
        expect(price.split('.')[1]?.length).toBe(instrument?.tick_size.split('.')[1]?.length);
      }
    }
  });

  it('begin at the given start price', async () => {
    const [snapshot] = await collect({ startPrices: { BTCUSDT: 31_234.5 } }, 1);
    const message = parseFrame(snapshot?.text ?? '', snapshot?.symbol);
    expect(message.kind === 'DEPTH_SNAPSHOT' ? Number(message.bids[0]?.[0]) : 0).toBeCloseTo(31_234.5, -1);
  });

  it('end on a stop', async () => {
    const stop = new AbortController();
    let count = 0;
    for await (const _ of createGeneratorSource({ seed: 1, symbols: ['BTCUSDT'], startMs: START_MS }).frames(
      stop.signal,
    )) {
      count += 1;
      if (count === 100) stop.abort();
    }
    expect(count).toBe(100);
  });

  it('follow market prices over a wide range without running out of ticks', async () => {
    const followers = await follow(
      { symbols: ['BTCUSDT', 'LOWUSDT'], startPrices: { BTCUSDT: 900_000, LOWUSDT: 0.0123 } },
      30,
    );
    for (const follower of followers.values()) expect(follower.book.mid).toBeGreaterThan(0);
  });
});

describe('invalid options', () => {
  it('are refused with the allowed range', () => {
    expect(() => createGeneratorSource({ seed: 1, symbols: [], startMs: 0 })).toThrow(/at least one symbol/);
    expect(() => createGeneratorSource({ seed: 1, symbols: ['X'], startMs: 0, updatesPerSecond: 0 })).toThrow(
      /1 to 50/,
    );
  });
});

function isMultiple(text: string, unit: number): boolean {
  const ratio = Number(text) / unit;
  return Math.abs(ratio - Math.round(ratio)) < 1e-6;
}
