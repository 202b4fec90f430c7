import { Account } from '@helios/shared/domain/account.ts';
import type { OpenPosition } from '@helios/shared/domain/position.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { accountOf } from './account-of.ts';

const TIERS = [{ notionalCap: 1e6, rate: 0.025, amount: 0, maxLeverage: 125 }];
const long: OpenPosition = {
  run: 'r',
  symbol: 'BTCUSDT',
  side: 'LONG',
  quantity: 2,
  entry_price: 1_000,
  entry_ts: T0,
  entry_fee: 1,
  signal_id: 'e1',
  leverage: 5,
  margin: 400,
  simulated: true,
};
const short: OpenPosition = {
  ...long,
  symbol: 'ETHUSDT',
  side: 'SHORT',
  quantity: 10,
  entry_price: 100,
  margin: 200,
  funding: 3,
};
const marks = new Map([
  ['BTCUSDT', 950],
  ['ETHUSDT', 110],
]);

function account(mode: 'isolated' | 'crossed', positions = [long, short], known: ReadonlyMap<string, number> = marks) {
  const settings = defaultSettings({ risk: { margin_mode: mode } });
  return accountOf({
    run: 'r',
    nowMs: T0,
    realizedBalance: 10_000,
    positions,
    markOf: (symbol) => known.get(symbol),
    tiersOf: () => TIERS,
    settings,
  });
}

test('isolated margin equals figures computed by hand', () => {
  const read = Account.parse(account('isolated'));
  expect(read).toMatchObject({
    wallet_balance: 10_000 - 1 - 1 - 3,
    unrealized_pnl: -100 - 100,
    margin_balance: 9_795,
    initial_margin: 600,
    available_balance: 9_395,
    maintenance_margin: 0.025 * (1_900 + 1_100),
    margin_level: 'OK',
  });
  expect(read.free_margin_pct).toBeCloseTo((100 * 9_395) / 9_795, 9);
  expect(read.maintenance_ratio_pct).toBeCloseTo((100 * 75) / 9_795, 9);
  // 400 + 2 (P − 1,000) = 0.05 P; 200 − 10 (P − 100) = 0.25 P
  expect(read.positions[0]?.liquidation_price).toBeCloseTo(1_600 / 1.95, 9);
  expect(read.positions[1]?.liquidation_price).toBeCloseTo(1_200 / 10.25, 9);
});

test('crossed: every position can lose the whole account, and gains count as available', () => {
  const read = Account.parse(account('crossed'));
  expect(read).toMatchObject({ initial_margin: 1_900 / 5 + 1_100 / 5, available_balance: 9_995 - 600 - 200 });
  expect(read.positions[0]?.liquidation_price).toBeUndefined();
  // 9,995 − 100 − 47.5 − 10 (P − 100) = 0.25 P
  expect(read.positions[1]?.liquidation_price).toBeCloseTo((9_847.5 + 1_000) / 10.25, 9);
});

test('a position without a mark price leaves both figures unknown', () => {
  const read = Account.parse(account('isolated', [long, short], new Map([['BTCUSDT', 950]])));
  expect(read.free_margin_pct).toBeUndefined();
  expect(read.maintenance_ratio_pct).toBeUndefined();
  expect(read.margin_level).toBe('UNKNOWN');
});

test('a position opened without leverage gets its margin from the configured leverage', () => {
  const { leverage, margin, ...older } = long;
  expect(account('isolated', [older]).positions[0]).toMatchObject({ leverage: 5, margin: 400 });
  expect([leverage, margin]).toEqual([5, 400]);
});

test('the realised PnL of closed parts counts in the wallet, on either side', () => {
  const fill = { trade_id: 't1', price: 960, quantity: 1, fee: 0.5, slippage: 0, ts: T0 };
  const half = { ...long, quantity: 1, margin: 200, exit_fills: [fill] };
  // 10,000, minus 1 at entry, minus 0.5 and a loss of 40 on the closed half.
  expect(account('isolated', [half])).toMatchObject({
    wallet_balance: 9_958.5,
    unrealized_pnl: -50,
    initial_margin: 200,
  });
  const rest = { ...short, quantity: 5, margin: 100, exit_fills: [{ ...fill, price: 90, quantity: 5 }] };
  // 10,000, minus 1 at entry and 3 of funding, minus 0.5, plus a gain of 50.
  expect(account('isolated', [rest]).wallet_balance).toBe(10_045.5);
});
