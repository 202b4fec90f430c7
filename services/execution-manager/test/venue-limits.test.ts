import { expect, test } from 'vitest';
import { LiveTrader } from './live-trader.ts';

test('the limits of requests are those that the venue lists, not constants', async () => {
  const exchange = { limits: { weightPerMinute: 1_800 }, orderLimits: { perTenSeconds: 50, perMinute: 100 } };
  const trader = await LiveTrader.start({ exchange });
  const status = await trader.until('the listed limits', async () => {
    const shown = await trader.status();
    return shown?.orders_10s?.limit === 50 && shown;
  });
  expect(status).toMatchObject({ weight: { limit: 1_800 }, orders_1m: { limit: 100 } });
  expect(await trader.violations()).toEqual([]);
}, 60_000);
