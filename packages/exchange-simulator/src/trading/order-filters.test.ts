import { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import { expect, it } from 'vitest';
import { quantitySteps } from './order-filters.ts';

const grid = new ContractGrid('0.10', '0.5');
const codeOf = (text: string, isMarket = false): number => {
  const steps = quantitySteps(grid, text, isMarket);
  return typeof steps === 'number' ? steps : steps.code;
};

it.each([
  ['1.5', 3],
  ['+1.50', 3],
  ['0', -4003],
  ['.0', -4003],
  ['-0.5', -4003],
  ['0.3', -4023],
  ['0.05', -1111],
  ['1000000', 2_000_000],
  ['1000000.5', -4005],
])('a quantity of %s in steps of 0.5 is %i', (text, expected) => {
  expect(codeOf(text)).toBe(expected);
});

it('a MARKET order may be 100,000 at most', () => {
  expect([codeOf('100000', true), codeOf('100000.5', true)]).toEqual([200_000, -4005]);
});
