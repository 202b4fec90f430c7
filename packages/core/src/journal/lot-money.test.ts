import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aFlow } from '../testing/live-answers.ts';
import { T0 } from '../testing/simulated-orders.ts';
import { fundingPaid, lotMoney, walletChange } from './lot-money.ts';

const fill = (trade_id: string, price: number, quantity: number, fee: number) => ({
  trade_id,
  price,
  quantity,
  fee,
  slippage: 0,
  ts: T0,
});
const symbol = 'BTCUSDT';
// 0.1 + 0.2 and the like have no exact double: only decimals give the venue's digits.
const entries = [fill('1', 100.1, 0.1, 0.004004), fill('2', 100.2, 0.2, 0.008016)];
const exits = [fill('3', 101.3, 0.3, 0.012156)];

it('is Σ exits − Σ entries by hand while the venue has reported nothing, sign by side', () => {
  // 30.39 − (10.01 + 20.04) = 0.34; fees 0.024176.
  const long = { gross_pnl: 0.34, fees: 0.024176, funding: 0, realized_pnl: 0.315824 };
  expect(lotMoney({ symbol, side: 'LONG', entries, exits }, [])).toEqual(long);
  expect(lotMoney({ symbol, side: 'SHORT', entries, exits }, [])).toMatchObject({
    gross_pnl: -0.34,
    realized_pnl: -0.364176,
  });
});

it('takes the figures of the venue once it has them: fee and PnL by trade, funding and clearance by time', () => {
  const flows = [
    aFlow('COMMISSION', '-0.00400401', { trade_id: '1' }),
    aFlow('REALIZED_PNL', '0.33999999', { trade_id: '3' }),
    aFlow('FUNDING_FEE', '-0.00100000'),
    aFlow('FUNDING_FEE', '0.00030000', { ts_event: T0 + 1 }),
    aFlow('INSURANCE_CLEAR', '-0.5'),
  ];
  expect(lotMoney({ symbol, side: 'LONG', entries, exits }, flows)).toEqual({
    gross_pnl: 0.33999999,
    fees: 0.52417601,
    funding: 0.0007,
    realized_pnl: -0.18487602,
  });
  expect(fundingPaid(symbol, flows)).toBe(0.0007);
});

it('counts a fee in another asset as its fill says, and no PnL of the venue before each exit fill has one', () => {
  const flows = [
    aFlow('COMMISSION', '-0.00001', { trade_id: '1', asset: 'BNB' }),
    aFlow('REALIZED_PNL', '0.1', { trade_id: '3' }),
  ];
  const two = { symbol, side: 'LONG' as const, entries, exits: [fill('3', 101.3, 0.1, 0), fill('4', 101.3, 0.2, 0)] };
  expect(lotMoney(two, flows)).toMatchObject({ gross_pnl: 0.34, fees: 0.01202 });
});

it('explains the wallet of each asset to the last digit when fees are paid in BNB', () => {
  const flows = [
    aFlow('COMMISSION', '-0.00000667', { trade_id: '1', asset: 'BNB' }),
    aFlow('COMMISSION', '-0.00001336', { trade_id: '2', asset: 'BNB' }),
    // No BNB was left.
    aFlow('COMMISSION', '-0.01215601', { trade_id: '3' }),
    aFlow('REALIZED_PNL', '0.33999999', { trade_id: '3' }),
    aFlow('FUNDING_FEE', '-0.00100000'),
  ];
  const money = lotMoney({ symbol, side: 'LONG', entries, exits }, flows);
  // USDT: 0.33999999 − 0.01215601 − 0.001; the fees of the fills in BNB, 0.01202 by value, are in realized_pnl only.
  expect(money).toMatchObject({ other_fees: { BNB: '0.00002003' }, wallet_pnl: 0.32684398, realized_pnl: 0.31482398 });
  const sums = walletChange(flows);
  expect([sums['USDT'], sums['BNB']]).toEqual([
    { units: 32684398n, scale: 8 },
    { units: -2003n, scale: 8 },
  ]);
  expect(lotMoney({ symbol, side: 'LONG', entries, exits }, [])).not.toHaveProperty('wallet_pnl');
});

it('explains an assumed exit by trades of the venue that nobody knows', () => {
  const lot = { symbol, side: 'LONG' as const, entries, exits: [fill('x-gone', 101, 0.3, 0)] };
  expect(lotMoney(lot, [])).toMatchObject({ gross_pnl: 0.25, fees: 0.01202 });
  const flows = [
    aFlow('REALIZED_PNL', '0.12345678', { trade_id: '77' }),
    aFlow('COMMISSION', '-0.01', { trade_id: '77' }),
  ];
  expect(lotMoney(lot, flows)).toMatchObject({ gross_pnl: 0.12345678, fees: 0.02202, realized_pnl: 0.10143678 });
});

it('for any income the sums per asset are exact', () => {
  const amount = fc.tuple(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), fc.constantFrom('USDT', 'BNB'));
  fc.assert(
    fc.property(fc.array(amount, { maxLength: 50 }), (rows) => {
      const text = (units: bigint) => {
        const digits = (units < 0n ? -units : units).toString().padStart(9, '0');
        return `${units < 0n ? '-' : ''}${digits.slice(0, -8)}.${digits.slice(-8)}`;
      };
      const flows = rows.map(([units, asset], i) => aFlow('TRANSFER', text(units), { asset, flow_id: String(i) }));
      const sums = walletChange(flows);
      for (const asset of ['USDT', 'BNB']) {
        const expected = rows.filter(([, of]) => of === asset).reduce((sum, [units]) => sum + units, 0n);
        expect(sums[asset]?.units ?? 0n).toBe(expected);
      }
    }),
  );
});
