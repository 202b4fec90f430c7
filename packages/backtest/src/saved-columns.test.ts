import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromColumns, SavedColumns, toColumns } from './saved-columns.ts';

const NAMES = ['text', 'figure', 'ts', 'flag'] as const;
const record = fc.record(
  {
    text: fc.oneof(fc.string(), fc.constantFrom('LONG', 'SHORT')),
    figure: fc.double({ noNaN: true, noDefaultInfinity: true }).map((figure) => figure + 0),
    ts: fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
    flag: fc.boolean(),
  },
  { requiredKeys: [] },
);

test('records come back from their columns as they were, through JSON', () => {
  const lists = fc.oneof(fc.array(record, { maxLength: 30 }), fc.array(record, { minLength: 100, maxLength: 120 }));
  fc.assert(
    fc.property(lists, (records) => {
      const saved = SavedColumns.parse(JSON.parse(JSON.stringify(toColumns(records, NAMES))));
      expect(fromColumns(saved)).toEqual(records);
    }),
  );
});

test('a constant, few texts and times are small', () => {
  const records = Array.from({ length: 1_000 }, (_, at) => ({
    ...{ text: at % 2 === 0 ? 'LONG' : 'SHORT', ts: 1_700_000_000_000 + 60_000 * at, flag: true },
  }));
  // Two, six and no characters a record.
  expect(JSON.stringify(toColumns(records, NAMES)).length).toBeLessThan(8_200);
});

describe('columns of a damaged file are refused', () => {
  test.each([
    ['another length', { rows: 2, columns: { a: { values: [1] } } }],
    ['steps of another length', { rows: 3, columns: { a: { first: 1, steps: [] } } }],
    ['no number of rows', { rows: -1, columns: {} }],
    ['too many rows', { rows: 1e15, columns: { a: { same: 1 } } }],
    ['an unknown kind', { rows: 1, columns: { a: { gzip: '' } } }],
  ])('%s', (_, saved) => expect(SavedColumns.safeParse(saved).success).toBe(false));
});
