import type { Book } from '@helios/shared/domain/market-data.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { takerFill } from '../execution/taker-fill.ts';
import { imbalance } from './imbalance.ts';
import { levelCount, priceAt, priceDecimalsOf, qtyAt } from './level-numbers.ts';
import { copyOfBook, UnitBook } from './unit-book.ts';
import { levelTexts } from './unit-levels.ts';

const MAX_UNITS = 999_999_999_999_999;
const unit = fc.oneof(fc.integer({ min: 1, max: 5_000_000 }), fc.maxSafeInteger().map(toUnits));
const level = fc.tuple(unit, unit);
const scale = fc.integer({ min: 0, max: 15 });
const side = fc.array(level, { maxLength: 20 });

/** A book of whole numbers, and the plain one with the same texts. */
const pairOfBooks = fc.record({ bids: side, asks: side, priceScale: scale, qtyScale: scale }).map((made) => {
  const { bids, asks, priceScale, qtyScale } = made;
  const units = { priceScale, qtyScale, values: [...bids, ...asks].flat(), asksFrom: 2 * bids.length };
  const stamps = { symbol: 'BTCUSDT', ts_event: 1_700_000_000_123, ts_init: 0, last_update_id: 7 };
  const plain: Book = { type: 'book', ...stamps, bids: levelTexts('bids', units), asks: levelTexts('asks', units) };
  return { plain, book: new UnitBook({ ...stamps, units }) };
});

function toUnits(whole: number): number {
  return 1 + (Math.abs(whole) % MAX_UNITS);
}

test('the numbers of a unit book equal the numbers of its texts, at any scale', () => {
  fc.assert(
    fc.property(pairOfBooks, fc.integer({ min: 1, max: 25 }), ({ plain, book }, depth) => {
      for (const name of ['bids', 'asks'] as const) {
        expect(levelCount(book, name)).toBe(levelCount(plain, name));
        for (const [i, [price, qty]] of plain[name].entries()) {
          expect([priceAt(book, name, i), qtyAt(book, name, i)]).toEqual([Number(price), Number(qty)]);
          expect([priceAt(plain, name, i), qtyAt(plain, name, i)]).toEqual([Number(price), Number(qty)]);
        }
        expect(priceAt(book, name, plain[name].length)).toBeNaN();
        expect(qtyAt(plain, name, plain[name].length)).toBeNaN();
      }
      expect(imbalance(book, depth)).toBe(imbalance(plain, depth));
      if (plain.bids.length > 0) expect(priceDecimalsOf(book)).toBe(priceDecimalsOf(plain));
    }),
  );
});

test('a unit book shows the texts of the plain book, in JSON too, and so do its copies', () => {
  fc.assert(
    fc.property(pairOfBooks, ({ plain, book }) => {
      const { type, symbol, ts_event, ts_init, last_update_id, bids, asks } = book;
      expect({ type, symbol, ts_event, ts_init, last_update_id, bids, asks }).toEqual(plain);
      expect(book.bids).toBe(bids);
      for (const changes of [{}, { ts_event: 5 }, { seq: 3 }, { seq: undefined }]) {
        expect(JSON.stringify(copyOfBook(book, changes))).toBe(JSON.stringify(rebuilt({ ...plain, ...changes })));
      }
    }),
  );
});

test('an order that takes from a unit book fills as on the plain one', () => {
  fc.assert(
    fc.property(pairOfBooks, fc.double({ min: 1e-6, max: 1e9, noNaN: true }), ({ plain, book }, quantity) => {
      for (const action of ['BUY', 'SELL'] as const) {
        const order = { action, quantity, decidedPrice: priceAt(plain, action === 'BUY' ? 'asks' : 'bids', 0) };
        expect(takerFill(order, book, 1)).toEqual(takerFill(order, plain, 1));
      }
    }),
  );
});

/** The keys in the order of the ingestor. */
function rebuilt({ type, symbol, ts_event, ts_init, seq, last_update_id, bids, asks }: Book): Book {
  return { type, symbol, ts_event, ts_init, ...(seq !== undefined && { seq }), last_update_id, bids, asks };
}
