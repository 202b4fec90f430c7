import { describe, expect, test } from 'vitest';
import { estimatedBuyShare } from './estimated-buyers.ts';
import type { KlineColumns } from './kline-columns.ts';
import { trailingVolume } from './trailing-volume.ts';

/** Candles with these log moves from 100 on, and one volume. */
function candles(moves: readonly number[], volume = 1): KlineColumns {
  let price = 100;
  const close = Float64Array.from(moves, (move) => {
    price *= Math.exp(move);
    return price;
  });
  const none = new Float64Array(close.length);
  const volumes = new Float64Array(close.length).fill(volume);
  const prices = { open: close, high: close, low: close, close };
  return { openTs: none, ...prices, volume: volumes, quoteVolume: none, buyShare: none, length: close.length };
}

/** Moves of one standard deviation in turn, then the last one. */
const ending = (last: number) => candles([...Array.from({ length: 80 }, (_, n) => (n % 2 === 0 ? 1e-3 : -1e-3)), last]);

describe('the estimated share of buyers', () => {
  test('is the normal distribution function of the move in standard deviations', () => {
    expect(estimatedBuyShare(ending(0)).at(-1)).toBeCloseTo(0.5, 6);
    // The last move counts in its own deviation: √((59 + 1) / 60) = 1.
    expect(estimatedBuyShare(ending(1e-3)).at(-1)).toBeCloseTo(0.841345, 5);
    expect(estimatedBuyShare(ending(-1e-3)).at(-1)).toBeCloseTo(0.158655, 5);
    expect(estimatedBuyShare(ending(1)).at(-1)).toBeGreaterThan(0.999);
  });

  test('is unknown before an hour of moves, without volume and without a move', () => {
    expect(estimatedBuyShare(ending(0))[59]).toBeNaN();
    expect(estimatedBuyShare(ending(0))[60]).not.toBeNaN();
    expect(estimatedBuyShare({ ...ending(0), volume: new Float64Array(81) }).at(-1)).toBeNaN();
    expect(estimatedBuyShare(candles(Array.from({ length: 90 }, () => 0))).at(-1)).toBeNaN();
  });

  test('knows nothing of later candles', () => {
    const whole = ending(0.01);
    const shares = estimatedBuyShare(whole);
    const cut = estimatedBuyShare({ ...whole, length: 80 });
    expect(cut.subarray(0, 80)).toEqual(shares.subarray(0, 80));
  });
});

test('the trailing volume is the mean of the newest hour of candles', () => {
  const volume = Float64Array.from({ length: 200 }, (_, n) => n);
  const means = trailingVolume(volume);
  expect([means[0], means[1], means[59], means[60], means[199]]).toEqual([0, 0.5, 29.5, 30.5, 169.5]);
});
