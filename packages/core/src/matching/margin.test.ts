import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { liquidationPrice } from '../risk/liquidation.ts';
import { bracketsOf, maintenanceOf } from './brackets.ts';
import { accountMargin, isCrossLiquidated, isIsolatedLiquidated, type MarginPosition } from './margin.ts';
import { bankruptcyPrice, legsLiquidationPrice, positionLiquidationPrice } from './margin-liquidation.ts';
import { divided, moneyOf, moneyText } from './money.ts';

const ROWS = [
  { cap: moneyOf('50000'), rate: 4_000n, maxLeverage: 125 },
  { cap: moneyOf('600000'), rate: 5_000n, maxLeverage: 100 },
  { cap: moneyOf('3000000'), rate: 6_500n, maxLeverage: 75 },
];
/** `cum`: 0, 50,000 × 0.1 % = 50, and 50 + 600,000 × 0.15 % = 950. */
const brackets = bracketsOf(ROWS);
const UNIT = 100_000_000n;

/** A position of a decimal quantity at an entry price and a mark price. */
function position(quantity: string, entry: string, mark: string, more: Partial<MarginPosition> = {}): MarginPosition {
  const amount = moneyOf(quantity);
  const worth = (price: string) => (amount * moneyOf(price)) / UNIT;
  return {
    ...{ symbol: 'BTCUSDT', side: 'BOTH', isIsolated: false, leverage: 20, brackets, isolatedWallet: 0n },
    ...{ quantity: amount, cost: worth(entry), notional: worth(mark), bidNotional: 0n, askNotional: 0n },
    ...more,
  };
}

const texts = (amounts: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(amounts).flatMap(([k, v]) => (typeof v === 'bigint' ? [[k, moneyText(v)]] : [])));

describe('an account', () => {
  it('crossed long: 0.5 BTC bought at 60,000, mark 61,000, leverage 20, wallet 5,000', () => {
    const account = accountMargin(moneyOf('5000'), [position('0.5', '60000', '61000')]);
    // notional 30,500; initial 30,500 / 20 = 1,525; maintenance 30,500 × 0.4 % = 122; PnL 0.5 × 1,000 = 500
    // available 5,000 + 500 − 1,525 = 3,975; withdrawable without the profit: 5,000 − 1,525 = 3,475
    expect(texts({ ...account })).toEqual({
      wallet: '5000.00000000',
      crossWallet: '5000.00000000',
      unrealised: '500.00000000',
      crossUnrealised: '500.00000000',
      marginBalance: '5500.00000000',
      positionInitial: '1525.00000000',
      openOrderInitial: '0.00000000',
      maintenance: '122.00000000',
      crossMaintenance: '122.00000000',
      free: '3975.00000000',
      available: '3975.00000000',
      maxWithdraw: '3475.00000000',
    });
  });

  it('a loss lowers both the available and the withdrawable money', () => {
    const account = accountMargin(moneyOf('5000'), [position('-0.5', '60000', '61000')]);
    // PnL −500; available 5,000 − 500 − 1,525 = 2,975
    expect([account.unrealised, account.available, account.maxWithdraw].map(moneyText)).toEqual([
      '-500.00000000',
      '2975.00000000',
      '2975.00000000',
    ]);
  });

  it.each([
    // max(|10,000 + 2,000|, |10,000 − 4,000|) / 20 − 10,000 / 20 = 600 − 500
    ['the bids exceed', '10000', '2000', '4000', '100.00000000'],
    // max(|10,000|, |10,000 − 8,000|): a sell order that only reduces costs nothing
    ['a sell that reduces is free', '10000', '0', '8000', '0.00000000'],
    // |10,000 − 25,000| = 15,000: only what lies beyond the flip costs more
    ['a sell that reverses', '10000', '0', '25000', '250.00000000'],
    // |−10,000 − 6,000| = 16,000
    ['the asks of a short', '-10000', '1000', '6000', '300.00000000'],
    // flat: max(3,000, 5,000) / 20
    ['without a position the larger side counts', '0', '3000', '5000', '250.00000000'],
  ])('open orders: %s', (_, notional, bids, asks, margin) => {
    const row = position('0', '1', '1', {
      ...{ notional: moneyOf(notional), cost: moneyOf(notional) },
      ...{ bidNotional: moneyOf(bids), askNotional: moneyOf(asks) },
    });
    expect(moneyText(accountMargin(0n, [row]).openOrderInitial)).toBe(margin);
  });

  it('hedge mode: only orders that open a side need margin', () => {
    const orders = { bidNotional: moneyOf('4000'), askNotional: moneyOf('6000') };
    const long = position('0.1', '60000', '60000', { side: 'LONG', ...orders });
    const short = position('-0.1', '60000', '60000', { side: 'SHORT', ...orders });
    // LONG: 4,000 / 20 = 200; SHORT: 6,000 / 20 = 300
    expect(accountMargin(0n, [long, short]).positions.map((one) => moneyText(one.openOrderInitial))).toEqual([
      '200.00000000',
      '300.00000000',
    ]);
  });

  it('an isolated wallet leaves the crossed money, and its position does not touch it', () => {
    const isolated = { isIsolated: true, isolatedWallet: moneyOf('1500') };
    const account = accountMargin(moneyOf('5000'), [
      position('0.5', '60000', '58000', { ...isolated, symbol: 'A' }),
      position('0.1', '60000', '60000', { symbol: 'B' }),
    ]);
    // cross wallet 5,000 − 1,500; the isolated loss of 1,000 stays outside; crossed initial 6,000 / 20 = 300
    expect(texts({ ...account })).toMatchObject({
      crossWallet: '3500.00000000',
      crossUnrealised: '0.00000000',
      unrealised: '-1000.00000000',
      marginBalance: '4000.00000000',
      available: '3200.00000000',
      maintenance: '140.00000000',
      crossMaintenance: '24.00000000',
    });
  });
});

describe('the liquidation price', () => {
  const priceOf = (wallet: string, rows: readonly MarginPosition[], mark: string, at = 0) => {
    const account = accountMargin(moneyOf(wallet), rows);
    const row = account.positions[at];
    const price = row && positionLiquidationPrice(account, row, moneyOf(mark));
    return price === undefined ? undefined : moneyText(price);
  };

  it('equals one that the venue showed for an isolated short', () => {
    // Seen on mainnet: 32 sold at 0.16395, wallet 0.88304001, rate 0.5 %:
    // (5.2464 + 0.88304001) / (32 × 1.005) = 6.12944001 / 32.16 = 0.19059204
    const short = position('-32', '0.16395', '0.16465933', {
      ...{ isIsolated: true, isolatedWallet: moneyOf('0.88304001') },
      brackets: bracketsOf([{ cap: moneyOf('10000'), rate: 5_000n, maxLeverage: 75 }]),
    });
    expect(priceOf('100', [short], '0.16465933')).toBe('0.19059204');
  });

  it('crossed long of one bracket: 0.5 at 60,000 with a wallet of 5,000', () => {
    // (30,000 − 5,000 − 0) / (0.5 × (1 − 0.004)) = 25,000 / 0.498 = 50,200.80321285
    expect(priceOf('5000', [position('0.5', '60000', '61000')], '61000')).toBe('50200.80321285');
  });

  it('crossed short that reaches the second bracket', () => {
    // 0.8 sold at 60,000 = 48,000, wallet 5,000; at the price the notional is above 50,000, so rate 0.5 % and cum 50:
    // (48,000 + 5,000 + 50) / (0.8 × 1.005) = 53,050 / 0.804 = 65,982.58706468
    expect(priceOf('5000', [position('-0.8', '60000', '60000')], '60000')).toBe('65982.58706468');
  });

  it('crossed: another symbol’s loss and maintenance come off', () => {
    const other = position('1', '3000', '2900', { symbol: 'ETHUSDT' });
    // collateral 5,000 − 100 − 2,900 × 0.4 % = 4,888.4; (30,000 − 4,888.4) / 0.498 = 50,424.89959839
    expect(priceOf('5000', [position('0.5', '60000', '61000'), other], '61000')).toBe('50424.89959839');
  });

  it('hedge mode: both crossed sides share one price', () => {
    const rows = [
      position('0.5', '60000', '60000', { side: 'LONG' }),
      position('-0.2', '61000', '60000', { side: 'SHORT' }),
    ];
    // Σcost = 30,000 − 12,200 = 17,800; slope = 0.5 − 0.2 − 0.7 × 0.004 = 0.2972; (17,800 − 5,000) / 0.2972
    expect([priceOf('5000', rows, '60000', 0), priceOf('5000', rows, '60000', 1)]).toEqual([
      '43068.64064603',
      '43068.64064603',
    ]);
  });

  it('hedge mode: each isolated side has its own', () => {
    const isolated = { isIsolated: true, isolatedWallet: moneyOf('1500') };
    const rows = [
      position('0.5', '60000', '60000', { side: 'LONG', ...isolated }),
      position('-0.5', '60000', '60000', { side: 'SHORT', ...isolated }),
    ];
    // LONG (30,000 − 1,500) / 0.498 = 57,228.91566265; SHORT (30,000 + 1,500) / 0.502 = 62,749.00398406
    expect([priceOf('3000', rows, '60000', 0), priceOf('3000', rows, '60000', 1)]).toEqual([
      '57228.91566265',
      '62749.00398406',
    ]);
  });

  it('a long with more money than it can lose has none', () => {
    expect(priceOf('40000', [position('0.5', '60000', '60000')], '60000')).toBeUndefined();
  });

  it('the bankruptcy price leaves nothing', () => {
    // long (30,000 − 1,500) / 0.5; short (30,000 + 1,500) / 0.5
    expect(moneyText(bankruptcyPrice(moneyOf('1500'), position('0.5', '60000', '1')))).toBe('57000.00000000');
    expect(moneyText(bankruptcyPrice(moneyOf('1500'), position('-0.5', '60000', '1')))).toBe('63000.00000000');
  });
});

const row = fc.record({
  isLong: fc.boolean(),
  quantity: fc.bigInt({ min: 100_000n, max: 40n * UNIT }),
  entry: fc.bigInt({ min: 100n * UNIT, max: 100_000n * UNIT }),
  leverage: fc.integer({ min: 2, max: 75 }),
});

it('equals the fleet’s own estimate, whatever the bracket', () => {
  const tiers = brackets.map(({ cap, rate, cum, maxLeverage }) => ({
    ...{ notionalCap: Number(cap) / 1e8, rate: Number(rate) / 1e6, amount: Number(cum) / 1e8, maxLeverage },
  }));
  fc.assert(
    fc.property(row, ({ isLong, quantity, entry, leverage }) => {
      const signed = isLong ? quantity : -quantity;
      const cost = (signed * entry) / UNIT;
      const collateral = (cost < 0n ? -cost : cost) / BigInt(leverage);
      const exact = legsLiquidationPrice(collateral, [{ quantity: signed, cost, brackets }], entry);
      const estimate = liquidationPrice(
        {
          ...{ side: isLong ? 'LONG' : 'SHORT', quantity: Number(quantity) / 1e8 },
          ...{ entryPrice: Number(entry) / 1e8, collateral: Number(collateral) / 1e8 },
        },
        tiers,
      );
      expect(Number(exact) / 1e8 / (estimate ?? 0)).toBeCloseTo(1, 6);
    }),
  );
});

it('just before its liquidation price a position stands, just behind it is liquidated', () => {
  fc.assert(
    fc.property(row, fc.boolean(), ({ isLong, quantity, entry, leverage }, isIsolated) => {
      const signed = isLong ? quantity : -quantity;
      const cost = (signed * entry) / UNIT;
      const wallet = (cost < 0n ? -cost : cost) / BigInt(leverage);
      const at = (price: bigint) =>
        accountMargin(wallet, [
          position('0', '1', '1', {
            ...{ quantity: signed, cost, notional: (signed * price) / UNIT, isIsolated },
            isolatedWallet: isIsolated ? wallet : 0n,
          }),
        ]);
      const gone = (price: bigint) => {
        const account = at(price);
        return isIsolated ? account.positions.some(isIsolatedLiquidated) : isCrossLiquidated(account);
      };
      const now = at(entry);
      const first = now.positions[0];
      const price = first && positionLiquidationPrice(now, first, entry);
      if (price === undefined) throw new Error('no liquidation price');
      const away = divided(price, 1_000_000n) + 2n;
      const [safe, deadly] = isLong ? [price + away, price - away] : [price - away, price + away];
      expect([gone(safe), gone(deadly)]).toEqual([false, true]);
    }),
  );
});

it('a flat account has no maintenance margin, and is never liquidated', () => {
  expect(maintenanceOf(0n, brackets)).toBe(0n);
  expect(isCrossLiquidated(accountMargin(0n, [position('0', '1', '1', { bidNotional: moneyOf('9') })]))).toBe(false);
});
