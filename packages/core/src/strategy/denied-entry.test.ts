import { expect, it } from 'vitest';
import { Holdings } from './holdings.ts';

const T0 = 1_700_000_000_000;
const update = (denied_signal_id?: string) => ({
  run: 'r',
  symbol: 'BTCUSDT',
  ts_event: T0,
  positions: [],
  orders: [],
  ...(denied_signal_id !== undefined && { denied_signal_id }),
});

it('an entry that was denied is on its way no longer, another one still is', () => {
  const holdings = new Holdings();
  holdings.enter('entry-1', T0);
  holdings.update(update());
  holdings.update(update('entry-0'));
  expect(holdings.pendingEntry).toBe('entry-1');
  expect(holdings.exposures).toBe(1);
  holdings.update(update('entry-1'));
  expect(holdings.pendingEntry).toBeUndefined();
  expect(holdings.flat).toBe(true);
});
