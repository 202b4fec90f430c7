import type { TrainingSet } from '../rows/training-set.ts';
import { clusteredEstimate, dayOf } from '../statistics/cluster-bootstrap.ts';

/** What candidates earn before fees, basis points, by calibrated probability: mean, and lower end of its 95 % interval. */
export interface EdgeCurve {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly low: readonly number[];
}

interface Group {
  /** In order of their probability. */
  readonly places: readonly number[];
  readonly meanBp: number;
}

const GROUPS = 10;

/** What the edge of a row is measured by. */
export type EdgeRows = Pick<TrainingSet, 'netBp' | 'costBp' | 'ts'>;

/** Result of the order of a row before fees and funding, basis points. Spread and slippage are in its prices. */
export const grossBpOf = ({ netBp, costBp }: EdgeRows, row: number): number => (netBp[row] ?? 0) + (costBp[row] ?? 0);

/**
 * Mean result of each tenth of the rows by probability; neighbours that do not rise, or that share a probability, become one group
 * (pool adjacent violators). Undefined where a group has too few days for an interval.
 * @param rows none of which the trees or the LSTM learned
 * @param probabilities one for each of `rows`
 */
export function edgeCurve(
  set: EdgeRows,
  rows: readonly number[],
  probabilities: ArrayLike<number>,
): EdgeCurve | undefined {
  const grossOf = (place: number) => grossBpOf(set, rows[place] ?? 0);
  const probabilityOf = (place: number | undefined) => (place === undefined ? undefined : probabilities[place]);
  const order = [...rows.keys()].sort((a, b) => (probabilities[a] ?? 0) - (probabilities[b] ?? 0) || a - b);
  const groups: Group[] = [];
  for (let n = 0; n < GROUPS; n += 1) {
    let places: readonly number[] = order.slice((order.length * n) / GROUPS, (order.length * (n + 1)) / GROUPS);
    if (places.length === 0) continue;
    for (let last = groups.at(-1); last !== undefined; last = groups.at(-1)) {
      // A flat piece of the calibration: its rows differ in time alone, so they have one result.
      const isTied = probabilityOf(last.places.at(-1)) === probabilityOf(places[0]);
      if (!isTied && last.meanBp < meanOf(places, grossOf)) break;
      places = [...last.places, ...places];
      groups.pop();
    }
    groups.push({ places, meanBp: meanOf(places, grossOf) });
  }
  const lows = groups.map(({ places }, n) => lowerEnd(set, rows, places, `edge:${n}`));
  const low = lows.filter((value) => value !== undefined);
  if (low.length < Math.max(1, groups.length)) return undefined;
  return {
    // Rounding must not carry a mean beyond its own rows: the points would not ascend.
    x: groups.map(({ places }) =>
      Math.min(
        Math.max(
          meanOf(places, (place) => probabilities[place] ?? 0),
          probabilityOf(places[0]) ?? 0,
        ),
        probabilityOf(places.at(-1)) ?? 1,
      ),
    ),
    ...{ y: groups.map(({ meanBp }) => meanBp), low },
  };
}

/** Lower end of the 95 % interval of the mean, by days. */
function lowerEnd(set: EdgeRows, rows: readonly number[], places: readonly number[], label: string) {
  const gross = places.map((place) => grossBpOf(set, rows[place] ?? 0));
  const days = places.map((place) => dayOf(set.ts[rows[place] ?? 0] ?? 0));
  const mean = (counts: Float64Array) => {
    let [sum, total] = [0, 0];
    for (const [n, value] of gross.entries()) {
      sum += value * (counts[n] ?? 0);
      total += counts[n] ?? 0;
    }
    return total === 0 ? undefined : sum / total;
  };
  return clusteredEstimate(days, mean, label).low;
}

const meanOf = (places: readonly number[], of: (place: number) => number) =>
  places.reduce((sum, place) => sum + of(place), 0) / places.length;
