import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BTC, bookOf } from '../../test/strategy-harness.ts';
import { gridOfTick } from '../price/price-grid.ts';
import { SymbolState } from './symbol-state.ts';

const params = defaultSettings();

/** The replacement of the ATR after mids of 100 that move by ±`moveBp` in turn, `everyMs` apart. */
function standIn(moveBp: number, everyMs: number): number {
  const state = new SymbolState(BTC, params);
  for (let i = 0; i <= 30; i += 1) {
    const bid = 100 * (1 + (i % 2 === 0 ? 0 : moveBp / 10_000));
    const book = bookOf(0, { ts: T0 + i * everyMs });
    state.onBook({ ...book, bids: [[bid.toFixed(6), '1']], asks: [[(bid + 1e-6).toFixed(6), '1']] });
  }
  return state.stopAtr ?? Number.NaN;
}

describe('the replacement of an ATR without data', () => {
  test('is the mean range of a minute’s random walk with the volatility of the sampled seconds', () => {
    // 1 bp a second: σ of the sample √(30/29) bp, times √60 a minute, times √(8/π) for the range.
    expect(standIn(1, 1_000)).toBeCloseTo(0.01 * Math.sqrt((30 / 29) * 60 * (8 / Math.PI)), 3);
  });

  test('is the same for the same walk at any distance of the books', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 60_000 }), (everyMs) => {
        const once = standIn(1, 1_000);
        expect(standIn(Math.sqrt(everyMs / 1_000), everyMs) / once).toBeCloseTo(1, 2);
      }),
    );
  });
});

test('the tick of the instrument outlives a session, its prices do not', () => {
  const state = new SymbolState(BTC, params);
  state.market.rememberTick('0.25');
  state.onBook(bookOf(0, { ts: T0 }));
  state.endSession();
  state.onBook(bookOf(0, { ts: T0 + 120_000 }));
  expect(state.market.grid).toEqual(gridOfTick('0.25'));
  expect(state.market.unbrokenSince).toBe(T0 + 120_000);
});
