import { Maps } from '@helios/shared/contracts/catalog.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, test } from 'vitest';
import { type ExecutionHarness, openExecution } from './execution-harness.ts';

const finalOf = ({ executions }: ExecutionHarness, id: string): readonly Execution[] =>
  executions.filter(({ signal_id, answer }) => signal_id === id && !['OPEN', 'PARTIALLY_FILLED'].includes(answer));

/** An entry that is filled and covered. */
async function withPosition(): Promise<{ live: ExecutionHarness; entry: string }> {
  const live = await openExecution();
  await live.ready();
  const entry = await live.enter();
  await eventually('the position is covered', async () => (await live.positions())[0]?.cover?.state === 'COVERED');
  return { live, entry };
}

test('F21 a restart adopts its position and its stop: nothing is sent twice, and nothing is closed', async () => {
  const { live, entry } = await withPosition();
  const before = await live.account();
  const again = await live.restart();
  await again.ready();
  await eventually('the position is covered', async () => (await again.positions())[0]?.cover?.state === 'COVERED');
  expect(await again.account()).toMatchObject({
    positions: before.positions,
    open_algo_orders: before.open_algo_orders.map(({ client_algo_id }) => ({ client_algo_id })),
  });
  expect(await again.positions()).toMatchObject([{ signal_id: entry, quantity: 0.01 }]);
  expect((await again.ordersTaken()).size).toBe(1);
  const exit = await again.exit();
  await eventually('the exit is filled', () => finalOf(again, exit).length > 0);
  expect(finalOf(again, exit)).toMatchObject([{ answer: 'FILLED' }]);
}, 60_000);

test('F22 a restart on an empty Redis adopts the position of the venue, and covers it', async () => {
  const { live } = await withPosition();
  await live.fake.bus('execution-manager').write((batch) => {
    batch.setMap(Maps.openPositions, {});
    batch.setMap(Maps.openOrders, {});
  });
  const again = await live.restart();
  await eventually('the position is shown', async () => (await again.positions()).length === 1);
  await eventually('it is covered', async () => (await again.positions())[0]?.cover?.state === 'COVERED');
  const { positions, open_algo_orders } = await again.account();
  expect([positions.length, open_algo_orders.length]).toEqual([1, 1]);
}, 60_000);

test('an entry that is delivered again after a kill is looked for at the venue, and not sent again', async () => {
  const live = await openExecution();
  await live.ready();
  await live.setFaults([{ fault: 'hang', path: '/fapi/v1/order', method: 'POST', after: true, times: 1 }]);
  const entry = await live.enter();
  await eventually('the order is at the venue', async () => (await live.ordersTaken()).size === 1);
  const again = await live.restart();
  await eventually('the entry is answered', () => finalOf(live, entry).length + finalOf(again, entry).length > 0);
  expect([...(await again.ordersTaken()).values()]).toEqual([1]);
}, 60_000);

test('Redis that loses everything while a position is open has it again within seconds', async () => {
  const { live, entry } = await withPosition();
  live.fake.hashes.clear();
  await eventually('the position is shown again', async () => (await live.positions())[0]?.signal_id === entry);
  expect(live.faults).toEqual([]);
}, 60_000);

test('a restored position stays in Redis although nothing changes it', async () => {
  const { live, entry } = await withPosition();
  const again = await live.restart();
  await again.ready();
  for (let looks = 0; looks < 40; looks += 1) {
    expect(await again.positions()).toMatchObject([{ signal_id: entry }]);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}, 60_000);
