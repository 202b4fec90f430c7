import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeSources } from './merge-sources.ts';

interface Item {
  readonly tsMarket: number;
  readonly source: number;
  readonly n: number;
}

async function* batches(items: readonly Item[], size: number): AsyncGenerator<readonly Item[]> {
  for (let i = 0; i < items.length; i += size) {
    yield items.slice(i, i + size);
    yield [];
  }
}

test('yields every item once, in time order, each source in its own order, and the first source first at equal times', async () => {
  const times = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(fc.array(times, { maxLength: 5 }), fc.integer({ min: 1, max: 7 }), async (all, size) => {
      const sources = all.map((one, source) =>
        one.toSorted((a, b) => a - b).map((tsMarket, n): Item => ({ tsMarket, source, n })),
      );
      const merged: Item[] = [];
      for await (const some of mergeSources(sources.map((items) => batches(items, size)))) merged.push(...some);
      const expected = sources.flat().sort((a, b) => a.tsMarket - b.tsMarket || a.source - b.source || a.n - b.n);
      expect(merged).toEqual(expected);
    }),
  );
});

test('closes its sources when the reader stops early', async () => {
  let closed = 0;
  async function* endless(): AsyncGenerator<readonly Item[]> {
    try {
      for (let n = 0; ; n += 1) yield [{ tsMarket: n, source: 0, n }];
    } finally {
      closed += 1;
    }
  }
  for await (const some of mergeSources([endless(), endless()])) if (some.some(({ n }) => n === 3)) break;
  expect(closed).toBe(2);
});
