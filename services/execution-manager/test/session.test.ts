import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, test } from 'vitest';
import { openExecution, RUN, SYMBOL } from './execution-harness.ts';

const finalOf = (executions: readonly { signal_id: string; answer: string }[], id: string) =>
  executions.filter(({ signal_id, answer }) => signal_id === id && !['OPEN', 'PARTIALLY_FILLED'].includes(answer));

test('an entry is filled and covered by a stop on the venue, and an exit closes both', async () => {
  const live = await openExecution();
  await live.ready();
  const entry = await live.enter();
  await eventually('the entry is filled', () => finalOf(live.executions, entry).length > 0);
  expect(finalOf(live.executions, entry)).toMatchObject([{ answer: 'FILLED', run: RUN, symbol: SYMBOL }]);
  await eventually('the stop rests', async () => (await live.account()).open_algo_orders.length === 1);
  const [stop] = (await live.account()).open_algo_orders;
  expect(Number(stop?.quantity)).toBe(0.01);
  await eventually('the position is covered', async () => (await live.positions())[0]?.cover?.state === 'COVERED');
  expect(live.updates.at(-1)).toMatchObject({ symbol: SYMBOL, positions: [{ signal_id: entry, simulated: false }] });

  const exit = await live.exit();
  await eventually('the exit is filled', () => finalOf(live.executions, exit).length > 0);
  expect(finalOf(live.executions, exit)).toMatchObject([{ answer: 'FILLED', purpose: 'EXIT' }]);
  await eventually('nothing is open', async () => {
    const { positions, open_orders, open_algo_orders } = await live.account();
    return positions.length + open_orders.length + open_algo_orders.length === 0;
  });
  expect(await live.positions()).toEqual([]);
  expect(live.faults).toEqual([]);
}, 60_000);
