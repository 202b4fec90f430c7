import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Fault } from '../src/faults/fault.ts';

test('the documentation lists the faults that there are, and no others', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/local-exchange.md'), 'utf8');
  const table = page.slice(page.indexOf('| fault |'));
  const told = table
    .split('\n')
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([a-z-]+)`/g)].map(([, name]) => name));
  const known = Fault.options.flatMap(({ shape }) => [...shape.fault.values]);
  expect(told.toSorted()).toEqual(known.toSorted());
});
