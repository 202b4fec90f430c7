import { normalCdf } from '@helios/backtest/statistics/normal.ts';
import type { Rng } from '@helios/synthetic-market/rng.ts';
import { candidateAt, type SearchCandidate } from './candidate.ts';
import { type ChoiceDimension, type Dimension, indexAt } from './dimension.ts';

/** A candidate with its score; undefined where it is invalid or has too few trades: worse than any score. */
export interface ScoredCandidate {
  readonly candidate: SearchCandidate;
  readonly score: number | undefined;
}

/** Share of the candidates that count as good, and their greatest number. */
const GOOD_SHARE = 0.15;
const MAX_GOOD = 25;
/** Draws from the good ones, of which the most promising one is proposed. */
const DRAWS = 24;

/**
 * A candidate that is likely among the good ones and unlikely among the others, by the tree-structured Parzen estimator. Each
 * setting is estimated alone; the draw with the greatest ratio of both densities maximises the expected improvement.
 * Source: Bergstra, Bardenet, Bengio & Kégl, "Algorithms for hyper-parameter optimization", NIPS 2011, section 4.
 */
export function tpeCandidate(
  dimensions: readonly Dimension[],
  history: readonly ScoredCandidate[],
  rng: Rng,
): SearchCandidate {
  const ranked = history.toSorted(
    (a, b) => (b.score ?? Number.NEGATIVE_INFINITY) - (a.score ?? Number.NEGATIVE_INFINITY) || 0,
  );
  const count = Math.min(MAX_GOOD, Math.max(1, Math.ceil(GOOD_SHARE * ranked.length)));
  const placesOf = (scored: readonly ScoredCandidate[], n: number) =>
    scored.map(({ candidate }) => candidate.places[n] ?? 0);
  const places = dimensions.map((dimension, n) => {
    const good = densityOf(dimension, placesOf(ranked.slice(0, count), n));
    const rest = densityOf(dimension, placesOf(ranked.slice(count), n));
    let [best, promise] = [0, Number.NEGATIVE_INFINITY];
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const place = good.draw(rng);
      const ratio = Math.log(good.at(place)) - Math.log(rest.at(place));
      if (ratio > promise) [best, promise] = [place, ratio];
    }
    return best;
  });
  return candidateAt(dimensions, places);
}

interface Density {
  draw(rng: Rng): number;
  at(place: number): number;
}

function densityOf(dimension: Dimension, places: readonly number[]): Density {
  return dimension.kind === 'CHOICE' ? shares(dimension, places) : parzen(places);
}

/** Shares of listed values, each counted once more than it was seen. */
function shares(dimension: ChoiceDimension, places: readonly number[]): Density {
  const counts = dimension.texts.map(() => 1);
  for (const place of places) counts[indexAt(dimension, place)] = (counts[indexAt(dimension, place)] ?? 0) + 1;
  const total = places.length + counts.length;
  return {
    draw(rng) {
      let left = rng.uniform() * total;
      for (const [index, count] of counts.entries()) {
        left -= count;
        if (left < 0) return (index + 0.5) / counts.length;
      }
      return 1 - 0.5 / counts.length;
    },
    at: (place) => (counts[indexAt(dimension, place)] ?? 1) / total,
  };
}

/**
 * Normal densities around each place and a wide one around the middle, all cut off at 0 and 1. Each is as wide as the distance to its
 * farther neighbour, within bounds.
 */
function parzen(places: readonly number[]): Density {
  const centres = [...places, 0.5].toSorted((a, b) => a - b);
  const least = 1 / Math.min(100, centres.length + 1);
  const middle = centres.indexOf(0.5);
  const kernels = centres.map((centre, n) => {
    const [before = 0, after = 1] = [centres[n - 1], centres[n + 1]];
    const width = n === middle ? 1 : Math.min(1, Math.max(least, centre - before, after - centre));
    return { centre, width, inside: normalCdf((1 - centre) / width) - normalCdf(-centre / width) };
  });
  return {
    draw(rng) {
      const { centre, width } = kernels[rng.below(kernels.length)] ?? { centre: 0.5, width: 1 };
      for (;;) {
        const place = centre + width * rng.normal();
        if (place >= 0 && place <= 1) return place;
      }
    },
    at(place) {
      const density = kernels.reduce(
        (sum, { centre, width, inside }) => sum + Math.exp(-0.5 * ((place - centre) / width) ** 2) / (width * inside),
        0,
      );
      return density / (kernels.length * Math.sqrt(2 * Math.PI));
    },
  };
}
