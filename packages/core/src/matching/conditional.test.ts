import { expect, test } from 'vitest';
import { callbackOf, isTooFarApart, stepTrigger, type Trigger } from './conditional.ts';
import { moneyOf } from './money.ts';

const at = moneyOf;

test.each([
  ['STOP', 'SELL', '100.00', '100.01', 'WAITS'],
  ['STOP', 'SELL', '100.00', '100.00', 'TRIGGERED'],
  ['STOP', 'SELL', '100.00', '99', 'TRIGGERED'],
  ['STOP', 'BUY', '100.00', '99.99', 'WAITS'],
  ['STOP', 'BUY', '100.00', '100', 'TRIGGERED'],
  ['STOP', 'BUY', '100.00', '101', 'TRIGGERED'],
  ['TAKE_PROFIT', 'SELL', '100.00', '99.99', 'WAITS'],
  ['TAKE_PROFIT', 'SELL', '100.00', '100.00', 'TRIGGERED'],
  ['TAKE_PROFIT', 'SELL', '100.00', '100.01', 'TRIGGERED'],
  ['TAKE_PROFIT', 'BUY', '100.00', '100.01', 'WAITS'],
  ['TAKE_PROFIT', 'BUY', '100.00', '100.00', 'TRIGGERED'],
  ['TAKE_PROFIT', 'BUY', '100.00', '99.99', 'TRIGGERED'],
  ['STOP', 'SELL', '100.00', '100.00000001', 'WAITS'],
  ['STOP', 'BUY', '74960.75', '74960.74999999', 'WAITS'],
] as const)('%s %s at %s meets %s: %s', (kind, side, trigger, price, expected) => {
  expect(stepTrigger({ kind, side, price: at(trigger) }, at(price)).kind).toBe(expected);
});

/** The steps of a trailing stop along prices. */
function walked(side: 'BUY' | 'SELL', activation: string, rate: string, prices: readonly string[]): string[] {
  let trigger: Trigger = {
    kind: 'TRAILING',
    side,
    activation: at(activation),
    callback: callbackOf(rate) ?? -1n,
    best: undefined,
  };
  return prices.map((price) => {
    const step = stepTrigger(trigger, at(price));
    trigger = step.trigger;
    return step.kind;
  });
}

test('a trailing sell waits for its activation, follows the highest price and triggers at the callback exactly', () => {
  const prices = ['99.9', '98', '100', '104', '103', '102.96000001', '102.96'];
  expect(walked('SELL', '100', '1', prices)).toEqual([
    ...['WAITS', 'WAITS', 'ACTIVATED', 'WAITS', 'WAITS', 'WAITS', 'TRIGGERED'],
  ]);
});

test('a trailing buy follows the lowest price', () => {
  const prices = ['101', '100', '90', '90.08', '90.09'];
  expect(walked('BUY', '100', '0.1', prices)).toEqual(['WAITS', 'ACTIVATED', 'WAITS', 'WAITS', 'TRIGGERED']);
});

test('a trailing stop that is not active never triggers', () => {
  expect(walked('SELL', '100', '20', ['99', '50', '1'])).toEqual(['WAITS', 'WAITS', 'WAITS']);
});

test('a callback rate is 0.1 to 20 per cent in steps of 0.1', () => {
  expect(['0.1', '1', '1.0', '2.50', '10', '20', '20.0'].map(callbackOf)).toEqual([
    1n,
    10n,
    10n,
    25n,
    100n,
    200n,
    200n,
  ]);
  for (const bad of ['0', '0.0', '20.1', '100', '0.15', '-1', '1e1', '', '1.', 'x'])
    expect(callbackOf(bad), bad).toBeUndefined();
});

test('price protection holds a trigger back only beyond its threshold', () => {
  expect(isTooFarApart(at('105'), at('100'), 500n)).toBe(false);
  expect(isTooFarApart(at('105.00000001'), at('100'), 500n)).toBe(true);
  expect(isTooFarApart(at('95'), at('100'), 500n)).toBe(false);
  expect(isTooFarApart(at('94.99999999'), at('100'), 500n)).toBe(true);
});
