import { expect, it } from 'vitest';
import {
  executionVerdict,
  knockedOut,
  matchedPrice,
  reducible,
  restVerdict,
  selfTradeVerdict,
  within,
} from './order-rules.ts';

it.each([
  ['GTC', 10, 0, 'ACCEPTED'],
  ['GTC', 10, 10, 'ACCEPTED'],
  ['IOC', 10, 3, 'ACCEPTED'],
  ['FOK', 10, 9, 'FOK_REJECTED'],
  ['FOK', 10, 10, 'ACCEPTED'],
  ['GTX', 10, 0, 'ACCEPTED'],
  ['GTX', 10, 1, 'GTX_REJECTED'],
  ['GTD', 10, 10, 'ACCEPTED'],
] as const)('%s of %i steps with %i to take at once is %s', (term, quantity, available, verdict) => {
  expect(executionVerdict(term, quantity, available)).toBe(verdict);
});

it('what a MARKET, IOC or FOK order could not take expires; the rest of the others waits', () => {
  expect(restVerdict(true, 'GTC')).toEqual({ kind: 'EXPIRE', reason: '9' });
  expect(restVerdict(false, 'IOC')).toEqual({ kind: 'EXPIRE', reason: '2' });
  for (const term of ['GTC', 'GTX', 'GTD'] as const) expect(restVerdict(false, term)).toEqual({ kind: 'REST' });
});

it.each([
  ['NONE', 'GTC', false, false],
  ['EXPIRE_TAKER', 'GTC', true, false],
  ['EXPIRE_MAKER', 'IOC', false, true],
  ['EXPIRE_BOTH', 'GTD', true, true],
  ['EXPIRE_BOTH', 'FOK', false, false],
  ['EXPIRE_BOTH', 'GTX', false, false],
] as const)(
  'self-trade prevention %s of a %s order ends taker %s, maker %s',
  (mode, term, expiresTaker, expiresMaker) => {
    expect(selfTradeVerdict(mode, term)).toEqual({ expiresTaker, expiresMaker });
  },
);

it('a price match counts levels from the best', () => {
  const asks = Array.from({ length: 6 }, (_, i) => ({ price: 101 + i, quantity: 1 }));
  const bids = Array.from({ length: 6 }, (_, i) => ({ price: 100 - i, quantity: 1 }));
  expect(matchedPrice('OPPONENT', bids, asks)).toBe(101);
  expect(matchedPrice('OPPONENT_5', bids, asks)).toBe(105);
  expect(matchedPrice('QUEUE', bids, asks)).toBe(100);
  expect(matchedPrice('QUEUE_5', bids, asks)).toBe(96);
  expect(matchedPrice('QUEUE_10', bids, asks)).toBeUndefined();
});

it('a limit holds for its own side', () => {
  expect([99, 100, 101].map(within('BUY', 100))).toEqual([true, true, false]);
  expect([99, 100, 101].map(within('SELL', 100))).toEqual([false, true, true]);
});

it('only the other side reduces a position', () => {
  expect([
    reducible(5, 'SELL'),
    reducible(5, 'BUY'),
    reducible(-5, 'BUY'),
    reducible(-5, 'SELL'),
    reducible(0, 'BUY'),
  ]).toEqual([5, 0, 5, 0, 0]);
});

it('reduce-only orders share a position by priority; who finds nothing left ends', () => {
  const of = (size: number) => knockedOut([4, 3, 2], size, (steps) => steps);
  expect(of(9)).toEqual([]);
  expect(of(8)).toEqual([]);
  expect(of(7)).toEqual([2]);
  expect(of(4)).toEqual([3, 2]);
  expect(of(0)).toEqual([4, 3, 2]);
});
