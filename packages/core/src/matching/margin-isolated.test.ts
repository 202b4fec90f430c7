import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isolatedWalletAfter } from './margin-isolated.ts';
import { moneyOf, moneyText } from './money.ts';

it.each([
  // 6,000 / 20
  ['opening', '0', 0, 100, '6000', '300.00000000'],
  ['adding to a short', '300', -100, -50, '-3000', '450.00000000'],
  // a third goes back
  ['closing a third of a long', '450', 150, -50, '-3000', '300.00000000'],
  ['closing all', '450', 150, -150, '-9000', '0.00000000'],
  // 50 of 200 steps open: a quarter of 12,000 / 20
  ['reversing', '450', 150, -200, '-12000', '150.00000000'],
])('%s', (_, wallet, heldSteps, steps, value, after) => {
  expect(
    moneyText(isolatedWalletAfter(moneyOf(wallet), { heldSteps, steps, value: moneyOf(value), leverage: 20 })),
  ).toBe(after);
});

it('never becomes negative, and a closed position keeps nothing', () => {
  const fill = fc.record({
    steps: fc.integer({ min: -99, max: 99 }).filter((n) => n !== 0),
    price: fc.bigInt(1n, 9n ** 9n),
  });
  fc.assert(
    fc.property(fc.array(fill, { maxLength: 40 }), (fills) => {
      let [wallet, heldSteps] = [0n, 0];
      for (const { steps, price } of [...fills, { steps: 0, price: 1n }]) {
        const last = steps === 0 ? -heldSteps : steps;
        if (last === 0) continue;
        wallet = isolatedWalletAfter(wallet, { heldSteps, steps: last, value: price * BigInt(last), leverage: 7 });
        heldSteps += last;
        expect(wallet >= 0n && (heldSteps !== 0 || wallet === 0n)).toBe(true);
      }
      expect([wallet, heldSteps]).toEqual([0n, 0]);
    }),
  );
});
