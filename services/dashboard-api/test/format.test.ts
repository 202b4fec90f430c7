import { GATE_UNITS, RISK_UNITS } from '@helios/shared/domain/units.ts';
import { expect, it } from 'vitest';

// The page's own file; it is JavaScript without types.
const format = await import(new URL('../public/format.js', import.meta.url).href);
const units = await import(new URL('../public/units.js', import.meta.url).href);

it('the page and the domain have the same unit of each gate and rule', () => {
  expect(units.GATE_UNITS).toEqual(GATE_UNITS);
  expect(units.RISK_UNITS).toEqual(RISK_UNITS);
});

it.each([
  ['QUANTITY_BELOW_MINIMUM', 'BTC'],
  ['NOTIONAL_BELOW_MINIMUM', 'USDT'],
  ['STOP_LOSS_ON_WRONG_SIDE', 'USDT'],
  ['STRATEGY_POSITION_OPEN', undefined],
  ['DAILY_LOSS', '%'],
  ['LOW_PROFIT_SYMBOL', 'USDT'],
  ['MAX_OPEN_POSITIONS', ''],
  ['STOP_MISSING', undefined],
])('a denial by %s counts in %s', (code, unit) => {
  expect(units.denialUnit(code, 'BTCUSDT')).toBe(unit);
});

it.each([
  [64_000.123, '64,000.12'],
  [28.17, '28.1700'],
  [0.5, '0.500000'],
  [0.012345, '0.012345'],
  [0.000012345, '0.000012345'],
  [1.2e-8, '0.000000012'],
  [0, '0.000000'],
])('a price of %d reads %s', (value, text) => {
  expect(format.price(value)).toBe(text);
});

it.each([
  [9.9, '+9.90'],
  [-0.048, '−0.0480'],
  [0.0012, '+0.001200'],
  [9.9e-10, '+0.00000000099'],
  [-1.234567e-7, '−0.000000123'],
  [0, '0.00'],
])('a gain of %d reads %s', (value, text) => {
  expect(format.money(value)).toBe(text);
});

it('amounts and quantities keep their significant digits', () => {
  expect([format.amount(0.1), format.amount(12), format.amount(1e-11)]).toEqual(['0.1000', '12.00', '0.00000000001']);
  expect([format.short(1e10), format.short(1.2345e-8)]).toEqual(['10,000,000,000', '0.00000001235']);
  expect(format.amount(undefined)).toBe('–');
});
