import { expect, test } from 'vitest';
import { LiveTrader } from './live-trader.ts';

const ORDER = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.002' } as const;

test('F6 an acknowledgement shows nothing executed, and no event tells the fill: Helios asks, and sends nothing twice', async () => {
  const trader = await LiveTrader.start();
  // The answer of the venue to a MARKET order that fills at once.
  const acknowledgement = await trader.venue.request<object>('POST', '/fapi/v1/order', ORDER);
  expect(acknowledgement).toMatchObject({ status: 'NEW', executedQty: '0.000', cumQty: '0.000' });
  await trader.venue.trade({ side: 'SELL', quantity: '0.002', reduce_only: true });
  await trader.until('the other hand has nothing', async () => (await trader.status())?.foreign_positions.length === 0);
  const before = (await trader.venue.ordersTaken()).size;

  await trader.venue.setFaults([{ fault: 'user-event', how: 'lost', event: 'ORDER_TRADE_UPDATE' }]);
  const entry = await trader.enter();
  expect(await trader.untilAnswered(entry)).toMatchObject({ answer: 'FILLED', purpose: 'ENTRY' });
  await trader.untilCovered();
  const exit = await trader.exit();
  expect(await trader.untilAnswered(exit, 40_000)).toMatchObject({ answer: 'FILLED', purpose: 'EXIT' });
  await trader.untilFlat(40_000);
  const taken = await trader.venue.ordersTaken();
  expect([taken.size - before, Math.max(...taken.values())]).toEqual([2, 1]);
  expect(await trader.violations()).toEqual([]);
}, 120_000);
