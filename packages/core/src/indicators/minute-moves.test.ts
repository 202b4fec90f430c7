import { Rng } from '@helios/synthetic-market/rng.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MinuteMoves } from './minute-moves.ts';

const T0 = Date.UTC(2026, 0, 1);

/** Closes of a random walk. */
function walk(count: number, seed: string, start = 100): number[] {
  const rng = new Rng(seed);
  let price = start;
  return Array.from({ length: count }, () => {
    price *= Math.exp(rng.normal() / 1_000);
    return price;
  });
}

function fed(closes: readonly number[], skip: (n: number) => boolean = () => false): MinuteMoves {
  const moves = new MinuteMoves();
  closes.forEach((close, n) => {
    if (!skip(n)) moves.update(close, T0 + n * 60_000);
  });
  return moves;
}

/** Sample standard deviation of the newest returns, in two passes. */
function sigmaOf(closes: readonly number[]): number {
  const returns = closes.slice(1).map((close, n) => Math.log(close / (closes[n] ?? Number.NaN)));
  const newest = returns.slice(-1_440);
  const mean = newest.reduce((sum, x) => sum + x, 0) / newest.length;
  return Math.sqrt(newest.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (newest.length - 1));
}

describe('moves in units of their own volatility', () => {
  test('are cold before half a day of returns', () => {
    expect(fed(walk(720, 'a')).over(60)).toBeUndefined();
    expect(fed(walk(721, 'a')).over(60)).toBeDefined();
  });

  test('agree with a calculation in two passes, also after weeks', () => {
    const closes = walk(30_000, 'b');
    const moves = fed(closes);
    const sigma = sigmaOf(closes);
    expect((moves.sigma ?? 0) / sigma).toBeCloseTo(1, 9);
    const move = Math.log((closes.at(-1) ?? 0) / (closes.at(-61) ?? 0));
    expect(moves.over(60)).toBeCloseTo(move / (sigma * Math.sqrt(60)), 9);
  });

  test('do not depend on the scale of the price', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (scale) => {
        const [one, other] = [fed(walk(900, 'c')), fed(walk(900, 'c', 100 * scale))];
        expect(other.over(60)).toBeCloseTo(one.over(60) ?? Number.NaN, 6);
      }),
      { numRuns: 20 },
    );
  });

  test('give the range of a minute from the volatility of the last hour', () => {
    const closes = walk(2_000, 'e');
    expect(fed(closes.slice(0, 60)).hourRange).toBeUndefined();
    const squares = closes.slice(-60).map((close, n) => Math.log(close / (closes.at(n - 61) ?? Number.NaN)) ** 2);
    const sigma = Math.sqrt(squares.reduce((sum, x) => sum + x, 0) / 60);
    const range = sigma * Math.sqrt(8 / Math.PI) * (closes.at(-1) ?? Number.NaN);
    expect(fed(closes).hourRange).toBeCloseTo(range, 9);
    expect(fed([...closes, ...new Array<number>(61).fill(100)]).hourRange).toBeUndefined();
    // A gap of ten minutes: 59 returns, then 60.
    expect(fed(closes, (n) => n > 1_930 && n < 1_940).hourRange).toBeUndefined();
    expect(fed(closes, (n) => n > 1_929 && n < 1_939).hourRange).toBeDefined();
  });

  test('bridge five missing minutes, and start again after a longer gap', () => {
    const closes = walk(1_000, 'd');
    expect(fed(closes, (n) => n >= 980 && n < 984).over(60)).toBeDefined();
    const after = fed(closes, (n) => n >= 950 && n < 960);
    expect(after.over(60)).toBeUndefined();
    expect(after.over(30)).toBeDefined();
  });

  test('of a price that never moved are unknown', () => {
    expect(fed(Array.from({ length: 900 }, () => 100)).over(60)).toBeUndefined();
  });
});
