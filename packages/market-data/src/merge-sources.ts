/** Something with a place in time. */
export interface Timed {
  /** Epoch ms; never falls within one source. */
  readonly tsMarket: number;
}

/** A source's batches with the part that was not handed out yet. */
interface Open<T> {
  readonly batches: AsyncIterator<readonly T[]>;
  batch: readonly T[];
  next: number;
}

/**
 * Merges sources, each in time order, into one in time order; at the same time the earlier source goes first. What is at hand is
 * given out together: a step for each item alone would cost more than to work through it. One batch of each source is held.
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

/** Next batch that is not empty; an empty one at the end. */
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
