import type { Level } from '@helios/shared/domain/market-data.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BookSide } from './book-side.ts';
import { OrderBook } from './order-book.ts';
import { levelTexts } from './unit-levels.ts';

/** A naive book: a map per side, sorted on request. */
class NaiveBook {
  readonly bids = new Map<number, Level>();
  readonly asks = new Map<number, Level>();

  apply(bids: readonly Level[], asks: readonly Level[]): void {
    for (const [side, levels] of [
      [this.bids, bids],
      [this.asks, asks],
    ] as const) {
      for (const level of levels) {
        if (Number(level[1]) === 0) side.delete(Number(level[0]));
        else side.set(Number(level[0]), level);
      }
    }
  }

  top(count: number): { bids: Level[]; asks: Level[] } {
    const sorted = (side: Map<number, Level>, sign: number) =>
      [...side].sort((a, b) => sign * (a[0] - b[0])).map(([, level]) => level);
    return { bids: sorted(this.bids, -1).slice(0, count), asks: sorted(this.asks, 1).slice(0, count) };
  }
}

const price = fc.integer({ min: 1, max: 60 }).map((ticks) => (100 + ticks / 10).toFixed(2));
const qty = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('0', '0.000') },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 99_999 }).map((steps) => (steps / 1_000).toFixed(3)) },
);
const side = fc.array(fc.tuple(price, qty), { maxLength: 12 });
const updates = fc.array(fc.tuple(side, side), { maxLength: 40 });

describe('OrderBook', () => {
  test('equals a naive book after every update', () => {
    fc.assert(
      fc.property(updates, (sequence) => {
        const book = new OrderBook();
        const oracle = new NaiveBook();
        for (const [bids, asks] of sequence) {
          book.apply({ bids, asks });
          oracle.apply(bids, asks);
          expect(book.top(20)).toEqual(oracle.top(20));
          expect(book.depth).toEqual({ bids: oracle.bids.size, asks: oracle.asks.size });
          const [bid] = oracle.top(1).bids;
          const [ask] = oracle.top(1).asks;
          expect(book.bestBid).toEqual(bid);
          expect(book.bestAsk).toEqual(ask);
          expect(book.isCrossed).toBe(bid !== undefined && ask !== undefined && Number(bid[0]) >= Number(ask[0]));
        }
      }),
    );
  });

  test('is replaced completely by a snapshot, in any order of its levels', () => {
    const book = new OrderBook();
    book.apply({ bids: [['99', '1']], asks: [['200', '1']] });
    book.reset({
      bids: [
        ['10.0', '1'],
        ['12.0', '2'],
      ],
      asks: [
        ['14.0', '3'],
        ['13.0', '4'],
      ],
    });
    expect(book.top(5)).toEqual({
      bids: [
        ['12.0', '2'],
        ['10.0', '1'],
      ],
      asks: [
        ['13.0', '4'],
        ['14.0', '3'],
      ],
    });
    expect(book.mid).toBe(12.5);
  });

  test('equals a naive book too while most of its levels are unsorted', () => {
    fc.assert(
      fc.property(updates, fc.integer({ min: 4, max: 16 }), (sequence, maxSorted) => {
        const sides = { bids: new BookSide('bids', maxSorted), asks: new BookSide('asks', maxSorted) };
        for (const one of Object.values(sides)) one.clear(2, 3);
        const oracle = new NaiveBook();
        for (const [bids, asks] of sequence) {
          sides.bids.applyTexts(bids);
          sides.asks.applyTexts(asks);
          oracle.apply(bids, asks);
          for (const count of [1, 3, 20, 100]) {
            const top = { bids: sides.bids.top(count), asks: sides.asks.top(count) };
            expect(top).toEqual(oracle.top(count));
          }
          expect(sides.bids.size).toBe(oracle.bids.size);
          expect(sides.bids.best).toEqual(oracle.top(1).bids[0]);
          expect(sides.asks.bestUnits).toBe(oracle.top(1).asks.map(([price]) => Math.round(Number(price) * 100))[0]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('equals a naive book for whole numbers, texts and other decimals in turn', () => {
    const number = (max: number) => fc.integer({ min: 0, max });
    const levels = fc.array(
      fc.tuple(
        number(40).map((tick) => tick + 1),
        number(3),
      ),
      { maxLength: 12 },
    );
    const change = fc.record({
      bids: levels,
      asks: levels,
      priceScale: fc.nat(4),
      qtyScale: fc.nat(4),
      isUnits: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const book = new OrderBook();
        const oracle = new NaiveBook();
        for (const { bids, asks, priceScale, qtyScale, isUnits } of changes) {
          const units = { priceScale, qtyScale, values: [...bids, ...asks].flat(), asksFrom: 2 * bids.length };
          const texts = { bids: levelTexts('bids', units), asks: levelTexts('asks', units) };
          book.apply(isUnits ? { ...texts, units } : texts);
          oracle.apply(texts.bids, texts.asks);
          expect(book.top(20)).toEqual(oracle.top(20));
          expect(book.depth).toEqual({ bids: oracle.bids.size, asks: oracle.asks.size });
          const [bid, ask] = [oracle.top(1).bids[0], oracle.top(1).asks[0]];
          expect([book.bestBid, book.bestAsk]).toEqual([bid, ask]);
          expect(book.isCrossed).toBe(bid !== undefined && ask !== undefined && Number(bid[0]) >= Number(ask[0]));
          for (const [price] of texts.bids) expect(book.at('bids', price)).toEqual(oracle.bids.get(Number(price)));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('returns every text as received, however it is written', () => {
    const book = new OrderBook();
    book.apply({ bids: [['100.10', '1.000']], asks: [['100.20', '2.000']] });
    book.apply({ bids: [['0100.1', '03']], asks: [['100.200', '0.0000000000000000001']] });
    expect(book.top(5)).toEqual({ bids: [['0100.1', '03']], asks: [['100.200', '0.0000000000000000001']] });
    book.apply({ bids: [['100.10', '1.000']], asks: [['100.15', '4']] });
    expect(book.top(5).bids).toEqual([['100.10', '1.000']]);
    expect(book.top(5).asks[0]).toEqual(['100.15', '4']);
    expect(book.mid).toBe((100.1 + 100.15) / 2);
  });

  test('holds thousands of levels', () => {
    const book = new OrderBook();
    const bids = Array.from({ length: 5_000 }, (_, i): Level => [String(i + 1), '1']);
    book.apply({ bids, asks: [] });
    expect(book.depth.bids).toBe(5_000);
    expect(book.bestBid).toEqual(['5000', '1']);
    expect(book.bestAsk).toBeUndefined();
    expect(book.mid).toBeUndefined();
    expect(book.isCrossed).toBe(false);
  });
});
