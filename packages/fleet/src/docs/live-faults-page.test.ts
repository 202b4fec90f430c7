import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FAULT_LIST } from './fault-list.ts';
import { faultTests, testsOf } from './fault-tests.ts';
import { liveFaultsPage } from './live-faults-page.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
const TESTS = faultTests(ROOT);
const ROWS = liveFaultsPage()
  .split('\n')
  .filter((line) => /^\| F\d/.test(line));
const MAX_OPEN = 0;

describe('the table of faults', () => {
  test('has every row from F1 to F50 once, and none is open', () => {
    expect(ROWS.map((row) => row.split(' | ')[0])).toEqual(Array.from({ length: 50 }, (_, at) => `| F${at + 1}`));
    expect(ROWS.filter((row) => row.includes('| OPEN |')).length).toBeLessThanOrEqual(MAX_OPEN);
  });

  test('names every test whose title begins with an id, in the rows of its ids and in no other', () => {
    for (const { file, title, ids } of TESTS) {
      const naming = ROWS.filter((row) => row.includes(`\`${file}\` · ${title.replaceAll('|', '\\|')}`));
      expect(naming.map((row) => row.split(' ')[1])).toEqual(expect.arrayContaining([...ids]));
    }
    const known = FAULT_LIST.map((_, at) => `F${at + 1}`);
    expect(known).toEqual(expect.arrayContaining(TESTS.flatMap(({ ids }) => ids)));
  });

  test('misses no title that begins with an id', () => {
    for (const file of new Set(TESTS.map((one) => one.file))) {
      const text = readFileSync(join(ROOT, file), 'utf8');
      const begun = text.match(/['"`]F\d+(?=[ :,])/g) ?? [];
      expect(testsOf(file, text).length, file).toBeGreaterThanOrEqual(begun.length);
    }
  });
});

// In pieces: this file has no row of the table.
const EACH = `'${'$id'} $what: closed once'`;

test('a title has its ids, its text and what its body checks', () => {
  const text = `
const ROWS = [
  { id: 'F2', what: 'a late answer' },
  { ...{ id: 'F1', what: 'no answer' } },
];
test.each(ROWS)(
  ${EACH},
  async () => {
    expect(await trader.violations()).toEqual([]);
  },
);
test('other', async () => {
  expect((await venue.ordersTaken()).size).toBe(1);
});
`;
  const of = { file: 'a.test.ts', invariants: ['NO_DUPLICATE', 'COVERED', 'SAME_STATE', 'ONE_ANSWER'] };
  expect(testsOf('a.test.ts', text)).toEqual([
    { ...of, ids: ['F2'], title: 'a late answer: closed once' },
    { ...of, ids: ['F1'], title: 'no answer: closed once' },
  ]);
  expect(testsOf('a.test.ts', text.replace('other', `${'F'}16, ${'F'}17: two`)).at(0)).toEqual({
    ...{ file: 'a.test.ts', title: 'two', ids: ['F16', 'F17'], invariants: ['NO_DUPLICATE'] },
  });
});
