import { Maps } from '@helios/shared/contracts/catalog.ts';
import { expect, test } from 'vitest';
import { LiveTrader } from './live-trader.ts';

test('F21 a restart adopts its position and its stop: nothing is sent twice, nothing is closed, and the next exit closes', async () => {
  const trader = await LiveTrader.withPosition();
  const before = await trader.venue.account();
  const shownBefore = await trader.positions();
  await trader.restart();
  await trader.untilReady();
  await trader.untilCovered();
  const after = await trader.venue.account();
  expect([after.positions, after.open_algo_orders]).toMatchObject([before.positions, before.open_algo_orders]);
  expect(await trader.positions()).toMatchObject([{ signal_id: shownBefore[0]?.signal_id, quantity: 0.01 }]);
  expect((await trader.venue.ordersTaken()).size).toBe(1);
  expect(await trader.untilAnswered(await trader.exit())).toMatchObject({ answer: 'FILLED' });
  await trader.untilFlat();
  expect(await trader.violations()).toEqual([]);
}, 60_000);

test('F22 a restart on an empty Redis adopts the position of the venue, and covers it', async () => {
  const trader = await LiveTrader.withPosition();
  await trader.quit();
  await trader.fake.bus('execution-manager').write((batch) => {
    batch.setMap(Maps.openPositions, {});
    batch.setMap(Maps.openOrders, {});
  });
  await trader.launch();
  await trader.untilCovered();
  const { positions, open_algo_orders } = await trader.venue.account();
  expect([positions.length, open_algo_orders.length]).toEqual([1, 1]);
  // The adoption itself is on record as a fill that the venue does not know.
  expect(await trader.violations()).toEqual([{ code: 'FILL_INVENTED', what: expect.stringMatching(/-adopted$/) }]);
}, 60_000);

test('F22 Redis that loses everything while a position is open has it again within seconds', async () => {
  const trader = await LiveTrader.withPosition();
  const [before] = await trader.positions();
  trader.fake.hashes.clear();
  await trader.until('the position is shown again', async () => {
    const [shown] = await trader.positions();
    return shown !== undefined && shown.signal_id === before?.signal_id;
  });
}, 60_000);

test('F1 an entry that is delivered again after a kill is looked for at the venue, and not sent again', async () => {
  const trader = await LiveTrader.start();
  await trader.venue.setFaults([{ fault: 'hang', path: '/fapi/v1/order', method: 'POST', after: true, times: 1 }]);
  const entry = await trader.enter();
  await trader.until('the order is at the venue', async () => (await trader.venue.ordersTaken()).size === 1);
  await trader.restart();
  await trader.untilAnswered(entry);
  expect([...(await trader.venue.ordersTaken()).values()]).toEqual([1]);
}, 60_000);

test('F21 a restored position stays in Redis although nothing changes it', async () => {
  const trader = await LiveTrader.withPosition();
  const [before] = await trader.positions();
  await trader.restart();
  await trader.untilReady();
  for (let looks = 0; looks < 40; looks += 1) {
    expect(await trader.positions()).toMatchObject([{ signal_id: before?.signal_id }]);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}, 60_000);
