import type { Account } from '@helios/shared/domain/account.ts';
import type { OpenPosition } from '@helios/shared/domain/position.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountOf } from './account-of.ts';
import { nextReduction } from './margin-reduction.ts';

const TIERS = [{ notionalCap: Number.POSITIVE_INFINITY, rate: 0.025, amount: 0, maxLeverage: 125 }];
const COST_RATE = 0.001;
type Mode = 'isolated' | 'crossed';

const settingsOf = (mode: Mode) => defaultSettings({ risk: { margin_mode: mode } });
const position = (symbol: string, quantity: number, fields: Partial<OpenPosition> = {}): OpenPosition => ({
  run: 'r',
  symbol,
  side: 'LONG',
  quantity,
  entry_price: 100,
  entry_ts: T0,
  entry_fee: 0,
  signal_id: symbol,
  leverage: 5,
  margin: (quantity * 100) / 5,
  simulated: true,
  ...fields,
});

function accountWith(
  mode: Mode,
  balance: number,
  positions: readonly OpenPosition[],
  marks: Record<string, number>,
): Account {
  return accountOf({
    run: 'r',
    nowMs: T0,
    realizedBalance: balance,
    positions,
    markOf: (symbol) => marks[symbol],
    tiersOf: () => TIERS,
    settings: settingsOf(mode),
  });
}

const termsOf = (mode: Mode, step: string | undefined = '0.01') => ({
  limits: settingsOf(mode).risk,
  costRate: COST_RATE,
  stepOf: () => step,
});

/** The account after a part of a position was closed at its mark price, with costs. */
function after(mode: Mode, balance: number, open: readonly OpenPosition[], marks: Record<string, number>) {
  const reduction = nextReduction(accountWith(mode, balance, open, marks), termsOf(mode));
  if (reduction === undefined) return undefined;
  const { position: row, quantity } = reduction;
  const price = row.mark_price;
  const paid = quantity * price * COST_RATE;
  const gain = (row.side === 'LONG' ? 1 : -1) * (price - row.entry_price) * quantity;
  const left = open.flatMap((each) => {
    if (each.symbol !== row.symbol) return each;
    const rest = each.quantity - quantity;
    return rest > 1e-9 ? position(each.symbol, rest, { side: each.side }) : [];
  });
  return {
    reduction,
    left,
    balance: balance + gain - paid,
    account: accountWith(mode, balance + gain - paid, left, marks),
  };
}

describe('the next reduction', () => {
  it('is undefined while both ladders are OK, nothing is open, or a figure is unknown', () => {
    expect(
      nextReduction(accountWith('isolated', 10_000, [position('AUSDT', 10)], { AUSDT: 100 }), termsOf('isolated')),
    ).toBeUndefined();
    expect(nextReduction(accountWith('isolated', 0, [], {}), termsOf('isolated'))).toBeUndefined();
    expect(
      nextReduction(accountWith('isolated', 1_000, [position('AUSDT', 45)], {}), termsOf('isolated')),
    ).toBeUndefined();
  });

  it('frees exactly the missing margin, as computed by hand', () => {
    // 45 × 100 at leverage 5 locks 900 of 1,000: 10 % is free. The aim is 31 %: 210 of 900 − 4.5 × 0.69 is 0.2341 of
    // 45.
    const account = accountWith('isolated', 1_000, [position('AUSDT', 45)], { AUSDT: 100 });
    expect(account).toMatchObject({ free_margin_pct: 10, margin_level: 'CRITICAL' });
    expect(nextReduction(account, termsOf('isolated'))).toMatchObject({
      rule: 'FREE_MARGIN',
      quantity: 10.54,
      value: 10,
      limit: 15,
      position: { symbol: 'AUSDT' },
    });
  });

  it('takes first the position that lost the largest share of its margin', () => {
    const open = [position('AUSDT', 20), position('BUSDT', 10), position('CUSDT', 18, { side: 'SHORT' })];
    const account = accountWith('isolated', 1_000, open, { AUSDT: 99, BUSDT: 97, CUSDT: 102 });
    expect(nextReduction(account, termsOf('isolated'))?.position.symbol).toBe('BUSDT');
  });

  it('restores the maintenance ratio too, if only that is critical', () => {
    // Crossed: 100 × 100 at 2.5 % needs 247.5 of a margin balance of 300 − 100: more than 80 %.
    const account = accountWith('crossed', 300, [position('AUSDT', 100, { leverage: 100, margin: 100 })], {
      AUSDT: 99,
    });
    expect(account.maintenance_ratio_pct).toBeGreaterThan(80);
    const reduction = nextReduction(account, {
      ...termsOf('crossed'),
      limits: { ...settingsOf('crossed').risk, warning_margin_ratio: 2, critical_margin_ratio: 1 },
    });
    expect(reduction).toMatchObject({ rule: 'MAINTENANCE_RATIO', limit: 80, position: { symbol: 'AUSDT' } });
    expect(reduction?.quantity).toBeGreaterThan(50);
  });

  it.each(['isolated', 'crossed'] as const)(
    'restores %s accounts above the warning, one position at a time',
    (mode) => {
      const one = fc.record({
        quantity: fc.integer({ min: 1, max: 60 }),
        side: fc.constantFrom('LONG' as const, 'SHORT' as const),
        mark: fc.integer({ min: 90, max: 110 }),
      });
      let critical = 0;
      fc.assert(
        fc.property(
          fc.array(one, { minLength: 1, maxLength: 4 }),
          fc.integer({ min: 500, max: 3_000 }),
          (some, start) => {
            let open: readonly OpenPosition[] = some.map(({ quantity, side }, i) =>
              position(`S${i}USDT`, quantity, { side }),
            );
            const marks = Object.fromEntries(some.map(({ mark }, i) => [`S${i}USDT`, mark]));
            let balance = start;
            // An account without money cannot be restored.
            fc.pre(accountWith(mode, balance, open, marks).margin_balance > 100);
            if (accountWith(mode, balance, open, marks).margin_level === 'CRITICAL') critical += 1;
            for (let i = 0; i <= some.length; i += 1) {
              const next = after(mode, balance, open, marks);
              if (next === undefined) break;
              const { reduction } = next;
              expect(reduction.quantity).toBeGreaterThan(0);
              expect(reduction.quantity).toBeLessThanOrEqual(reduction.position.quantity);
              expect(Math.abs(reduction.quantity * 100 - Math.round(reduction.quantity * 100))).toBeLessThan(1e-6);
              [open, balance] = [next.left, next.balance];
            }
            expect(accountWith(mode, balance, open, marks).margin_level).toBe('OK');
          },
        ),
        { numRuns: 300 },
      );
      expect(critical).toBeGreaterThan(20);
    },
  );
});
