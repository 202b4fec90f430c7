import type { Account } from '@helios/shared/domain/account.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { clusterNotional } from './cluster.ts';
import { withPendingEntries } from './pending-entries.ts';

const { risk } = defaultSettings();
const row = {
  symbol: 'BTCUSDT',
  side: 'LONG',
  quantity: 1,
  entry_price: 100,
  mark_price: 110,
  mark_known: true,
  notional: 110,
  unrealized_pnl: 10,
  margin_mode: 'ISOLATED',
  leverage: 5,
  margin: 20,
  maintenance_margin: 1,
} as const;
const account: Account = {
  run: 'r',
  wallet_balance: 1_000,
  unrealized_pnl: 10,
  margin_balance: 1_010,
  available_balance: 505,
  initial_margin: 20,
  maintenance_margin: 1,
  free_margin_pct: 50,
  maintenance_ratio_pct: 0.1,
  margin_level: 'OK',
  positions: [row],
  simulated: false,
  updated_ts: T0,
};
const entry = (symbol: string, quantity: number) => ({
  intent: { symbol, side: 'LONG', quantity, leverage: 5 } as const,
  price: 100,
});

test('a pending entry uses margin and counts as open', () => {
  const after = withPendingEntries(account, [entry('ETHUSDT', 10)], risk);
  expect(after).toMatchObject({ available_balance: 305, initial_margin: 220, margin_balance: 1_010 });
  expect(after.free_margin_pct).toBeCloseTo(30.198, 3);
  expect(after.positions[1]).toMatchObject({ symbol: 'ETHUSDT', notional: 1_000, margin: 200 });
  expect(withPendingEntries(account, [entry('ETHUSDT', 11)], risk).margin_level).toBe('WARNING');
});

test('only the part of an entry counts that the account does not show yet', () => {
  expect(withPendingEntries(account, [entry('BTCUSDT', 1)], risk)).toBe(account);
  expect(withPendingEntries(account, [entry('BTCUSDT', 1.5)], risk).positions[1]).toMatchObject({ quantity: 0.5 });
});

test('what is unknown stays unknown', () => {
  const { free_margin_pct: _, ...unknown } = account;
  const after = withPendingEntries(unknown, [entry('ETHUSDT', 1)], risk);
  expect(after.free_margin_pct).toBeUndefined();
  expect(after.margin_level).toBe('UNKNOWN');
});

test('coins on the same side count together if they correlate, or if that is unknown', () => {
  const positions = [
    { ...row, symbol: 'A' },
    { ...row, symbol: 'B' },
    { ...row, symbol: 'C' },
    { ...row, symbol: 'D', side: 'SHORT' as const },
  ];
  const correlations: Record<string, number> = { A: 0.7, B: 0.69 };
  const of = (side: 'LONG' | 'SHORT') =>
    clusterNotional({ ...account, positions }, { symbol: 'C', side }, (other) => correlations[other], 0.7);
  expect(of('LONG')).toBe(220);
  expect(of('SHORT')).toBe(110);
});
