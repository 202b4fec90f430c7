/** An item with a time. */
export interface Timed {
  /** Epoch ms; never decreases within one source. */
  readonly tsMarket: number;
}

/** The batches of a source, with the rest of the current batch. */
interface Open<T> {
  readonly batches: AsyncIterator<readonly T[]>;
  batch: readonly T[];
  next: number;
}

/**
 * Merges sources, each in time order, into one in time order; at equal times the earlier source comes first. It yields available
 * items together: one async step per item would cost more than processing the item. It holds one batch per source.
 */
export async function* mergeSources<T extends Timed>(
  sources: readonly AsyncIterable<readonly T[]>[],
): AsyncGenerator<readonly T[]> {
  let open: Open<T>[] = sources.map((source) => ({ batches: source[Symbol.asyncIterator](), batch: [], next: 0 }));
  try {
    while (true) {
      for (const one of open) if (one.next >= one.batch.length) await refill(one);
      open = open.filter((one) => one.batch.length > 0);
      if (open.length === 0) return;
      yield mergeUntilOneRunsOut(open);
    }
  } finally {
    for (const one of open) await one.batches.return?.();
  }
}

function mergeUntilOneRunsOut<T extends Timed>(open: readonly Open<T>[]): T[] {
  const merged: T[] = [];
  for (let first = earliest(open); first !== undefined; first = earliest(open)) {
    takeWhileEarliest(first, open, merged);
    if (first.next >= first.batch.length) break;
  }
  return merged;
}

/** Loads the next non-empty batch; an empty one at the end. */
async function refill<T>(source: Open<T>): Promise<void> {
  source.next = 0;
  do {
    const result = await source.batches.next();
    if (result.done === true) {
      source.batch = [];
      return;
    }
    source.batch = result.value;
  } while (source.batch.length === 0);
}

function headTime<T extends Timed>(source: Open<T>): number {
  return source.batch[source.next]?.tsMarket ?? Number.POSITIVE_INFINITY;
}

function earliest<T extends Timed>(sources: readonly Open<T>[]): Open<T> | undefined {
  let best: Open<T> | undefined;
  for (const source of sources) if (best === undefined || headTime(source) < headTime(best)) best = source;
  return best;
}

function takeWhileEarliest<T extends Timed>(source: Open<T>, all: readonly Open<T>[], merged: T[]): void {
  const position = all.indexOf(source);
  let before = Number.POSITIVE_INFINITY;
  let behind = Number.POSITIVE_INFINITY;
  all.forEach((other, i) => {
    if (i < position) before = Math.min(before, headTime(other));
    if (i > position) behind = Math.min(behind, headTime(other));
  });
  while (true) {
    const item = source.batch[source.next];
    if (item === undefined || item.tsMarket >= before || item.tsMarket > behind) return;
    source.next += 1;
    merged.push(item);
  }
}
