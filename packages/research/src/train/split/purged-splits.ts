import { foldsOf, type MarketWindow } from '../../walk-forward/folds.ts';
import type { TrainingSet } from '../rows/training-set.ts';

/** Rows to learn from, and rows to judge by. */
export interface PurgedSplit {
  readonly name: string;
  readonly training: readonly number[];
  readonly test: readonly number[];
}

/**
 * A walk-forward over the rows: each test holds as many rows as the others, and each training only rows whose outcome ended more
 * than `embargoMs` before the test begins. Source: López de Prado 2018, chapters 7 and 12.
 */
export function walkForward(set: TrainingSet, count: number, embargoMs: number): PurgedSplit[] {
  const tsAt = (place: number) => (place >= set.count ? Number.POSITIVE_INFINITY : (set.ts[place] ?? 0));
  return foldsOf({ fromTs: 0, toTs: set.count }, count, 0).map(({ test }, n) => {
    const window = { fromTs: tsAt(test.fromTs), toTs: tsAt(test.toTs) };
    const tested = rowsIn(set, window);
    const training = indices(set).filter((row) => (set.endTs[row] ?? 0) + embargoMs < window.fromTs);
    return { name: `walk-forward ${n + 1}`, training, test: tested };
  });
}

/**
 * Combinatorial purged cross-validation: of `groups` equal parts each pair is once the test, all others are the training. Rows whose
 * outcome comes within `embargoMs` of a test part are left out. Source: López de Prado 2018, section 12.4.
 */
export function combinatorialSplits(set: TrainingSet, groups: number, embargoMs: number): PurgedSplit[] {
  const bound = (part: number) =>
    part === groups ? Number.POSITIVE_INFINITY : (set.ts[Math.round((set.count * part) / groups)] ?? 0);
  const windows = Array.from({ length: groups }, (_, n) => ({ fromTs: bound(n), toTs: bound(n + 1) }));
  return windows.flatMap((first, a) =>
    windows.slice(a + 1).map((second, b) => {
      const test = [...rowsIn(set, first), ...rowsIn(set, second)];
      const training = awayFrom(set, [first, second], embargoMs);
      return { name: `cpcv ${a + 1}+${a + b + 2}`, training, test };
    }),
  );
}

/**
 * Cuts rows, which are in order of time, into parts by `shares`, with the embargo between neighbours: a row whose outcome reaches
 * into the next part is in none.
 */
export function partsByTime(
  set: TrainingSet,
  rows: readonly number[],
  shares: readonly number[],
  embargoMs: number,
): number[][] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  let before = 0;
  const bounds = shares.map((share) => {
    const row = rows[Math.round((rows.length * before) / total)];
    before += share;
    return row === undefined ? Number.POSITIVE_INFINITY : (set.ts[row] ?? 0);
  });
  return shares.map((_, part) => {
    const [from = 0, next = Number.POSITIVE_INFINITY] = [bounds[part], bounds[part + 1]];
    return rows.filter((row) => (set.ts[row] ?? 0) >= from && (set.endTs[row] ?? 0) + embargoMs < next);
  });
}

/** Of `rows` those whose outcome lies outside the time of `others`, by the embargo on both sides. */
export function outside(set: TrainingSet, rows: readonly number[], others: readonly number[], embargoMs: number) {
  const [fromTs, toTs] = spanOf(set, others);
  return rows.filter((row) => (set.endTs[row] ?? 0) + embargoMs < fromTs || (set.ts[row] ?? 0) > toTs + embargoMs);
}

function awayFrom(set: TrainingSet, windows: readonly MarketWindow[], embargoMs: number): number[] {
  return windows.reduce<number[]>((left, window) => outside(set, left, rowsIn(set, window), embargoMs), indices(set));
}

/** From the first decision to the end of the last outcome. */
function spanOf(set: TrainingSet, rows: readonly number[]): [number, number] {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of rows) {
    from = Math.min(from, set.ts[row] ?? from);
    to = Math.max(to, set.endTs[row] ?? to);
  }
  return [from, to];
}

function rowsIn(set: TrainingSet, { fromTs, toTs }: MarketWindow): number[] {
  return indices(set).filter((row) => (set.ts[row] ?? 0) >= fromTs && (set.ts[row] ?? 0) < toTs);
}

const indices = ({ count }: TrainingSet) => Array.from({ length: count }, (_, row) => row);
