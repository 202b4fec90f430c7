import type { Level } from '@helios/shared/domain/market-data.ts';
import { describe, expect, it } from 'vitest';
import { takerFill } from './taker-fill.ts';

const levels = (best: number, step: number): Level[] =>
  Array.from({ length: 20 }, (_, i) => [(best + i * step).toFixed(1), '0.300']);
/** Twenty levels of 0.3 a side, 10 apart. */
const book = { asks: levels(64_000, 10), bids: levels(63_999, -10) };
const buy = (quantity: number) => ({ action: 'BUY', quantity, decidedPrice: 64_000 }) as const;
const sell = (quantity: number) => ({ action: 'SELL', quantity, decidedPrice: 63_999 }) as const;

describe('a taker order', () => {
  it('fills at exactly the price of the first level if it fits into it', () => {
    expect(takerFill(buy(0.3), book, 0)).toEqual({ price: 64_000, slippage: 0 });
    expect(takerFill(sell(0.3), book, 0)).toEqual({ price: 63_999, slippage: 0 });
  });

  it('pays the average of the levels that it walks through', () => {
    // 0.3 at 64,000, 0.3 at 64,010, 0.15 at 64,020.
    expect(takerFill(buy(0.75), book, 0)).toEqual({ price: 64_008, slippage: 6 });
    expect(takerFill(sell(0.75), book, 0)).toEqual({ price: 63_991, slippage: 6 });
    // The whole visible side: 64,095 on average.
    expect(takerFill(buy(6), book, 0)).toEqual({ price: 64_095, slippage: 570 });
  });

  it('of 25 on a book of 6 fills 19 behind the last level, four times the visible span away, and reports it', () => {
    const filled = takerFill(buy(25), book, 0);
    const behind = 64_190 * (1 + 4 * (64_190 / 64_000 - 1));
    expect(filled.beyond_book_qty).toBe(19);
    expect(filled.price).toBeCloseTo((6 * 64_095 + 19 * behind) / 25, 6);
    expect(filled.slippage).toBeCloseTo((filled.price - 64_000) * 25, 4);
    expect(takerFill(sell(25), book, 0)).toMatchObject({ beyond_book_qty: 19 });
  });

  it('beyond a flat book pays half a percent more than the last level', () => {
    const flat = { asks: [['100', '1']] as Level[], bids: [['99', '1']] as Level[] };
    expect(takerFill({ action: 'BUY', quantity: 2, decidedPrice: 100 }, flat, 0)).toEqual({
      price: 100.25,
      slippage: 0.5,
      beyond_book_qty: 1,
    });
    const sold = takerFill({ action: 'SELL', quantity: 1e9, decidedPrice: 99 }, flat, 0);
    expect(sold.price).toBeGreaterThan(0);
    expect(sold.price).toBeLessThan(99 / 1.0049);
  });

  it('never fills better than the price of its decision, whatever the book is then', () => {
    expect(takerFill({ action: 'BUY', quantity: 0.3, decidedPrice: 64_005 }, book, 0).price).toBe(64_005);
    expect(takerFill({ action: 'SELL', quantity: 0.6, decidedPrice: 63_990 }, book, 0).price).toBe(63_989.5);
  });

  it('pays the configured slippage on top, with and without a book', () => {
    expect(takerFill(buy(0.3), book, 0.5)).toEqual({ price: 64_003.2, slippage: 0.96 });
    expect(takerFill(sell(0.3), undefined, 1)).toEqual({ price: 63_992.6001, slippage: 1.91997 });
  });
});
