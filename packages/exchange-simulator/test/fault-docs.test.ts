import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Fault } from '../src/faults/fault.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/local-exchange.md'), 'utf8');

test('the documentation lists exactly the existing faults', () => {
  const table = page.slice(page.indexOf('| fault |'));
  const documented = table
    .split('\n')
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([a-z-]+)`/g)].map(([, name]) => name));
  const known = Fault.options.flatMap(({ shape }) => [...shape.fault.values]);
  expect(documented.toSorted()).toEqual(known.toSorted());
});

test('the documentation states the limits of a jump, and they are enforced', () => {
  const [, above, most] = /prices `percent` away \(above −(\d+), at most ([\d,]+)\)/.exec(page) ?? [];
  const takes = (percent: number) => Fault.safeParse({ fault: 'jump', symbol: 'BTCUSDT', percent }).success;
  const [low, high] = [-Number(above), Number(most?.replace(',', ''))];
  expect([low, high]).toEqual([-100, 1_000]);
  expect([takes(low), takes(low + 0.1), takes(high), takes(high + 0.1)]).toEqual([false, true, true, false]);
});
