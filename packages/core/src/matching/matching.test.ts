import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bracketOf, bracketsOf, maintenanceOf, maxNotional } from './brackets.ts';
import { ContractGrid } from './contract-grid.ts';
import { FLAT, type Holding, tradeHolding, unrealised } from './holding.ts';
import { moneyOf, moneyText } from './money.ts';
import { countTrade, reachedQuantity } from './queue.ts';
import { walkLevels } from './walk-levels.ts';

const grid = new ContractGrid('0.10', '0.001');

it.each([
  ['0.10', '0.001', '91739.90', 917_399, '0.002', 2, '183.47980000'],
  ['0.00001', '1', '0.45855', 45_855, '2684', 2_684, '1230.74820000'],
  ['0.5', '0.01', '1.5', 3, '0.02', 2, '0.03000000'],
  ['1', '1', '7', 7, '3', 3, '21.00000000'],
])('tick %s and step %s: %s is %i ticks, %s × it is exact', (tick, step, price, ticks, quantity, steps, value) => {
  const of = new ContractGrid(tick, step);
  expect([of.ticksOf(price), of.stepsOf(quantity)]).toEqual([ticks, steps]);
  expect([of.priceText(ticks), of.quantityText(steps)]).toEqual([price, quantity]);
  expect(moneyText(of.value(ticks, steps))).toBe(value);
  expect(moneyText(of.value(ticks, -steps))).toBe(`-${value}`);
});

it.each(['91739.95', '1e5', '-1', '', '.1', 'NaN', '1.2.3', '9'.repeat(30)])('%j is no price on the grid', (text) => {
  expect(grid.ticksOf(text)).toBeUndefined();
});

it('trailing zeros leave a price on the grid', () => {
  expect(grid.ticksOf('91739.9000000')).toBe(917_399);
});

it('a captured round trip of the venue changes the wallet by PnL minus fees, to the last digit', () => {
  const bought = tradeHolding(FLAT, 2, grid.value(917_399, 2), moneyOf('0.09173990'));
  expect(grid.meanPrice(bought.holding.cost + bought.holding.openFees, 2, 5)).toBe('91785.76995');
  const sold = tradeHolding(bought.holding, -2, -grid.value(908_532, 2), moneyOf('0.09085320'));
  expect(moneyText(sold.realised)).toBe('-1.77340000');
  expect(sold.holding).toEqual(FLAT);
});

it('closing a part keeps the mean entry price; a reversal starts at its own price', () => {
  const long = tradeHolding(tradeHolding(FLAT, 10, grid.value(1_000, 10), 0n).holding, 10, grid.value(2_000, 10), 0n);
  expect(grid.meanPrice(long.holding.cost, 20, 2)).toBe('150.00');
  const less = tradeHolding(long.holding, -5, -grid.value(3_000, 5), 0n);
  expect([grid.meanPrice(less.holding.cost, 15, 2), moneyText(less.realised)]).toEqual(['150.00', '0.75000000']);
  const short = tradeHolding(less.holding, -20, -grid.value(1_000, 20), 0n);
  expect([short.holding.steps, grid.meanPrice(short.holding.cost, -5, 2)]).toEqual([-5, '100.00']);
  expect(moneyText(short.realised)).toBe('-0.75000000');
});

it('after any trades, realised PnL plus the value at a price equals all money that moved', () => {
  const trade = fc.record({
    ticks: fc.integer({ min: 1, max: 2_000_000 }),
    steps: fc.integer({ min: -5_000, max: 5_000 }).filter((steps) => steps !== 0),
    fee: fc.bigInt({ min: 0n, max: 10n ** 9n }),
  });
  fc.assert(
    fc.property(fc.array(trade, { minLength: 1, maxLength: 60 }), (trades) => {
      let holding: Holding = FLAT;
      let [realised, paid, steps] = [0n, 0n, 0];
      for (const one of trades) {
        const value = grid.value(one.ticks, one.steps);
        const result = tradeHolding(holding, one.steps, value, one.fee);
        holding = result.holding;
        realised += result.realised;
        paid += value;
        steps += one.steps;
        expect(holding.steps).toBe(steps);
        expect(holding.cost === 0n || holding.cost > 0n === steps > 0).toBe(true);
        expect(holding.openFees >= 0n).toBe(true);
      }
      const last = grid.value(777_777, steps);
      expect(realised + unrealised(holding, last)).toBe(last - paid);
      if (steps === 0) expect(holding).toEqual(FLAT);
    }),
  );
});

it('brackets join without a step, and give the documented maintenance margin', () => {
  const brackets = bracketsOf([
    { cap: moneyOf('50000'), rate: 4_000n, maxLeverage: 125 },
    { cap: moneyOf('250000'), rate: 5_000n, maxLeverage: 100 },
    { cap: moneyOf('1000000'), rate: 10_000n, maxLeverage: 50 },
  ]);
  expect(brackets.map(({ cum }) => moneyText(cum))).toEqual(['0.00000000', '50.00000000', '1300.00000000']);
  expect(moneyText(maintenanceOf(moneyOf('-300000'), brackets))).toBe('1700.00000000');
  for (const cap of ['50000', '250000'])
    expect(maintenanceOf(moneyOf(cap), brackets)).toBeLessThanOrEqual(maintenanceOf(moneyOf(cap) + 1n, brackets));
  expect(bracketOf(moneyOf('5000000'), brackets).maxLeverage).toBe(50);
  expect(moneyText(maxNotional(75, brackets))).toBe('250000.00000000');
});

it('a walk takes the best levels first, up to its limit', () => {
  const levels = [
    { price: 10, quantity: 5 },
    { price: 11, quantity: 5 },
    { price: 12, quantity: 5 },
  ];
  expect(walkLevels(levels, 7)).toEqual({
    taken: [
      { price: 10, quantity: 5 },
      { price: 11, quantity: 2 },
    ],
    left: 0,
  });
  expect(walkLevels(levels, 20, (price) => price <= 11)).toMatchObject({ left: 10 });
});

it('an order in a queue fills in parts, after the quantity ahead of it', () => {
  const place = { action: 'BUY', price: 100, queueAhead: 5, tradedAtLimit: 0 } as const;
  const queued = { ...place };
  const at = (price: number, quantity: number, buyerIsMaker = true) =>
    countTrade(queued, { price, quantity, buyerIsMaker });
  expect([at(101, 50), at(100, 3, false), reachedQuantity(queued, 10)]).toEqual(['NONE', 'AT', 0]);
  expect([at(100, 7), reachedQuantity(queued, 10)]).toEqual(['AT', 2]);
  expect([at(100, 100), reachedQuantity(queued, 10)]).toEqual(['AT', 10]);
  expect(at(99, 1)).toBe('THROUGH');
});
