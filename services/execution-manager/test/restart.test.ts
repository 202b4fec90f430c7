import { Maps, Streams } from '@helios/shared/contracts/catalog.ts';
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
  // Its fills are those of the venue, which the answers to the entry have already.
  expect((await trader.violations()).map(({ code }) => code)).toEqual(['FILL_TWICE']);
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

test('F22 Redis is lost together with a kill between the fill and the stop: the position is adopted by its trades, and covered', async () => {
  const trader = await LiveTrader.start();
  // The kill comes before the stop is placed.
  await trader.venue.setFaults([{ fault: 'hang', path: '/fapi/v1/algoOrder', method: 'POST' }]);
  await trader.enter();
  await trader.until('the venue has it', async () => (await trader.venue.account()).positions.length === 1);
  await trader.quit();
  expect((await trader.venue.account()).open_algo_orders).toEqual([]);
  await loseRedis(trader);
  await trader.venue.setFaults([]);
  const fromTs = Date.now();
  await trader.launch();
  await trader.until('a stop rests', async () => (await trader.venue.account()).open_algo_orders.length === 1);
  expect(Date.now() - fromTs).toBeLessThan(2_000);
  const covered = await trader.untilCovered();
  expect(covered).toMatchObject({ symbol: 'BTCUSDT', side: 'LONG', quantity: 0.01 });
  expect(await trader.untilAnswered(await trader.exit())).toMatchObject({ answer: 'FILLED' });
  await trader.untilFlat();
  const broken = await trader.violations([{ fromTs: 0, toTs: fromTs }]);
  // The answer to the entry is lost with Redis; its fills are all on record, and none is made up.
  expect(broken).toEqual([{ code: 'NO_FINAL_ANSWER', what: expect.stringContaining('test-1') }]);
}, 60_000);

test('F22 of a position that is ours only in part, the part of ours is covered and the rest is shown', async () => {
  const trader = await LiveTrader.start();
  await trader.venue.setFaults([{ fault: 'hang', path: '/fapi/v1/algoOrder', method: 'POST' }]);
  await trader.enter();
  await trader.until('the venue has it', async () => (await trader.venue.account()).positions.length === 1);
  await trader.quit();
  await trader.venue.trade({ side: 'BUY', quantity: '0.005' });
  await loseRedis(trader);
  await trader.venue.setFaults([]);
  await trader.launch();
  await trader.untilCovered();
  const { open_algo_orders } = await trader.venue.account();
  expect(open_algo_orders.map(({ quantity }) => Number(quantity))).toEqual([0.01]);
  expect((await trader.status())?.foreign_positions).toEqual(['BTCUSDT 0.005']);
  await trader.tradingState('REDUCING', true);
  const isLeft = async () =>
    (await trader.venue.account()).positions.map(({ quantity }) => Number(quantity)).join() === '0.005';
  await trader.until('only the part of the other hand is left', isLeft);
}, 60_000);

test('F22 a position opened by hand is not touched after Redis is lost', async () => {
  const trader = await LiveTrader.start();
  await trader.quit();
  await trader.venue.trade({ side: 'BUY', quantity: '0.005' });
  await loseRedis(trader);
  const placed = (await trader.venue.ordersTaken()).size;
  await trader.launch();
  await trader.until('it is shown', async () => (await trader.status())?.foreign_positions.join() === 'BTCUSDT 0.005');
  await trader.tradingState('REDUCING', true);
  const beganTs = Date.now();
  await trader.untilProvenFlat(beganTs);
  expect((await trader.venue.ordersTaken()).size).toBe(placed);
  expect(await trader.positions()).toEqual([]);
}, 60_000);

/** Redis comes back empty; what the fleet itself writes at a start is there. */
async function loseRedis(trader: LiveTrader): Promise<void> {
  await trader.fake.bus('execution-manager').write((batch) => {
    batch.setMap(Maps.openPositions, {});
    batch.setMap(Maps.openOrders, {});
  });
  for (const { name } of [Streams.executions, Streams.orderIntents, Streams.signals])
    trader.fake.stream(name).messages = [];
}
