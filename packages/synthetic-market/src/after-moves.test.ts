import { expect, it } from 'vitest';
import { afterMoves } from './after-moves.ts';

/** Two calm days; then an hour that moves by `drift` a minute, with size 1 around it, and half an hour of size `after`. */
function seriesWith(drift: number, after: number): number[] {
  const sides = (length: number, size: number) => Array.from({ length }, (_, at) => (at % 2 === 0 ? size : -size));
  return [...sides(2_880, 0.1), ...sides(60, 1).map((value) => value + drift), ...sides(30, after)];
}

it('compares volatility after a fall with that of the fall, and does not count it as a rise', () => {
  const returns = seriesWith(-0.5, 3);
  const figures = afterMoves(returns, -1);
  expect(figures.moves).toBe(1);
  // The fall crosses three standard deviations in its first minutes, so most of it is "after".
  expect(figures.volatility).toBeGreaterThan(1);
  expect(afterMoves(returns, 1)).toEqual({ moves: 0, volatility: undefined });
  expect(
    afterMoves(
      returns.map((value) => -value),
      1,
    ),
  ).toEqual(figures);
});

it('is absent for short, calm and constant series', () => {
  expect(afterMoves([], -1).volatility).toBeUndefined();
  expect(afterMoves(new Array(3_000).fill(0), -1)).toEqual({ moves: 0, volatility: undefined });
  expect(afterMoves(seriesWith(-0.5, 3).slice(-1_400), -1).moves).toBe(0);
});
