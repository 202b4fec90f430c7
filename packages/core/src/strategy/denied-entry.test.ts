import { expect, it } from 'vitest';
import { Exposure } from './exposure.ts';

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
  const exposure = new Exposure();
  exposure.enter('entry-1', T0);
  exposure.update(update());
  exposure.update(update('entry-0'));
  expect(exposure.pendingEntry).toBe('entry-1');
  expect(exposure.exposures).toBe(1);
  exposure.update(update('entry-1'));
  expect(exposure.pendingEntry).toBeUndefined();
  expect(exposure.flat).toBe(true);
});
