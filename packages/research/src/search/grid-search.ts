import { candidateAt, type SearchCandidate } from './candidate.ts';
import { type Dimension, sizeOf } from './dimension.ts';

/** Number of combinations of the smallest grid: two values of each range. */
export function smallestGrid(dimensions: readonly Dimension[]): number {
  return pointsOf(dimensions, 2).reduce((product, points) => product * points, 1);
}

/** Every combination of evenly spaced values: as many of each range as `limit` combinations allow. */
export function gridCandidates(dimensions: readonly Dimension[], limit: number): SearchCandidate[] {
  let points = pointsOf(dimensions, 2);
  for (let values = 3; ; values += 1) {
    const finer = pointsOf(dimensions, values);
    const isSame = finer.every((count, n) => count === points[n]);
    if (isSame || finer.reduce((product, count) => product * count, 1) > limit) break;
    points = finer;
  }
  let places: number[][] = [[]];
  for (const [n, count] of points.entries()) {
    const own = Array.from({ length: count }, (_, index) => placeIn(dimensions[n], index, count));
    places = places.flatMap((before) => own.map((place) => [...before, place]));
  }
  const byKey = new Map(places.map((at) => candidateAt(dimensions, at)).map((candidate) => [candidate.key, candidate]));
  return [...byKey.values()];
}

/** Lists are taken whole, and so are ranges with a named step. */
function pointsOf(dimensions: readonly Dimension[], values: number): number[] {
  return dimensions.map((dimension) => {
    const isListed = dimension.kind === 'CHOICE' || dimension.step !== undefined;
    return isListed ? sizeOf(dimension) : Math.min(values, sizeOf(dimension));
  });
}

function placeIn(dimension: Dimension | undefined, index: number, count: number): number {
  if (dimension?.kind === 'CHOICE') return (index + 0.5) / count;
  return count === 1 ? 0.5 : index / (count - 1);
}
