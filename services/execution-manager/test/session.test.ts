import { expect, test } from 'vitest';
import { LiveTrader } from './live-trader.ts';
import { RUN } from './other-services.ts';

test('an entry is filled and covered by a stop on the venue, and an exit closes both', async () => {
  const trader = await LiveTrader.start();
  const entry = await trader.enter();
  const filled = await trader.untilAnswered(entry);
  expect(filled).toMatchObject({ answer: 'FILLED', purpose: 'ENTRY', run: RUN, symbol: 'BTCUSDT' });
  await trader.untilCovered();
  expect((await trader.venue.account()).open_algo_orders).toMatchObject([{ quantity: '0.010' }]);
  expect(trader.updates.at(-1)).toMatchObject({
    symbol: 'BTCUSDT',
    positions: [{ signal_id: entry, simulated: false }],
  });

  expect(await trader.untilAnswered(await trader.exit())).toMatchObject({ answer: 'FILLED', purpose: 'EXIT' });
  await trader.untilFlat();
  expect(await trader.violations()).toEqual([]);
}, 60_000);
