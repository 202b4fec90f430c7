import { FEATURE_NAMES, FEATURE_SET, SEQUENCE } from '@helios/shared/domain/features.ts';
import { TooFewRows } from '../recipe/fold-parts.ts';
import type { CompactRow } from './compact-row.ts';
import { type FeatureShape, type TrainingSet, trainingSetOf } from './training-set.ts';

/** Bounds the memory at about a gigabyte. */
const MAX_ROWS = 400_000;
/** Fewer rows cannot tell anything from luck. */
const MIN_ROWS = 200;

/** The features that this version trains on. */
export const OWN_SHAPE: FeatureShape = {
  featureSet: FEATURE_SET,
  names: FEATURE_NAMES,
  columns: SEQUENCE.columns,
  steps: SEQUENCE.rows,
};

/** Gathers rows of several sources. Each decision counts once: a ledger may hold it again. */
export class CollectedRows {
  readonly #rows = new Map<string, CompactRow>();
  #duplicates = 0;
  #tooClose = 0;
  readonly #apartMs: number;

  /** @param apartMs minimum distance of two candidates of a symbol, ms */
  constructor(apartMs: number) {
    this.#apartMs = apartMs;
  }

  /** Number of rows that were there before. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** Number of rows that `set` left out because another one of their symbol came shortly before. */
  get tooClose(): number {
    return this.#tooClose;
  }

  /** Throws TooFewRows, which also says when there are too many. */
  add(row: CompactRow): void {
    const key = `${row.symbol} ${row.ts} ${row.id}`;
    if (this.#rows.has(key)) this.#duplicates += 1;
    else this.#rows.set(key, row);
    if (this.#rows.size > MAX_ROWS) {
      throw new TooFewRows(`The data hold more than ${MAX_ROWS} candidates.`, 'Take a part of them: --from, --to.');
    }
  }

  /** The rows as columns. Throws TooFewRows for fewer than 200, and for one class only. */
  set(): TrainingSet {
    const all = [...this.#rows.values()];
    const rows = apartFrom(all, this.#apartMs);
    this.#tooClose = all.length - rows.length;
    const gains = rows.filter(({ netBp }) => netBp > 0).length;
    const advice = 'Name more data, or check that the strategy finds candidates in them: npm run backtest.';
    if (rows.length < MIN_ROWS) {
      throw new TooFewRows(`There are ${rows.length} candidates; a training needs ${MIN_ROWS}.`, advice);
    }
    if (gains === 0 || gains === rows.length) {
      const what = gains === 0 ? 'none of them ends with a net gain' : 'all of them end with a net gain';
      throw new TooFewRows(`There are ${rows.length} candidates, but ${what}: there is nothing to tell apart.`, advice);
    }
    return trainingSetOf(rows, OWN_SHAPE);
  }
}

/** Of each symbol the first row, then each that is at least `apartMs` later than the one before. */
function apartFrom(rows: readonly CompactRow[], apartMs: number): CompactRow[] {
  const lastTs = new Map<string, number>();
  return rows
    .toSorted((a, b) => a.ts - b.ts)
    .filter(({ symbol, ts }) => {
      const isApart = ts - (lastTs.get(symbol) ?? Number.NEGATIVE_INFINITY) >= apartMs;
      if (isApart) lastTs.set(symbol, ts);
      return isApart;
    });
}
