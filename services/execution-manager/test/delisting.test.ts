import type { Execution } from '@helios/shared/domain/execution.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, test } from 'vitest';
import { type ExecutionHarness, openExecution, SYMBOL } from './execution-harness.ts';

const HOUR_MS = 3_600_000;

const finalOf = ({ executions }: ExecutionHarness, id: string): readonly Execution[] =>
  executions.filter(({ signal_id, answer }) => signal_id === id && !['OPEN', 'PARTIALLY_FILLED'].includes(answer));

const differences = async (live: ExecutionHarness): Promise<string> =>
  ((await live.status())?.differences ?? []).join();

async function withPosition(): Promise<ExecutionHarness> {
  const live = await openExecution();
  await live.ready();
  await live.enter();
  await eventually('the position is covered', async () => (await live.positions())[0]?.cover?.state === 'COVERED');
  return live;
}

test('F40 a refusal by a halted symbol makes Helios read its status: no further entry is sent until it trades', async () => {
  const live = await openExecution();
  await live.ready();
  await live.setFaults([{ fault: 'symbol', symbol: SYMBOL, status: 'TRADING_HALT' }]);
  const denied = await eventually(
    'an entry is denied by the status',
    async () => {
      const entry = await live.enter();
      await eventually('the entry is answered', () => finalOf(live, entry).length > 0);
      return finalOf(live, entry).find(({ answer }) => answer === 'DENIED');
    },
    20_000,
  );
  expect(denied).toMatchObject({ denial: { code: 'SYMBOL_NOT_TRADING' } });
  expect((await live.account()).positions).toEqual([]);
  expect((await live.status())?.can_enter).toBe(true);
}, 60_000);

test('F41 a position in a symbol whose delisting is announced is closed an hour before', async () => {
  const before = await withPosition();
  const deliveryTs = Date.now() + HOUR_MS + 15_000;
  await before.setFaults([{ fault: 'symbol', symbol: SYMBOL, status: 'TRADING', delivery_ts: deliveryTs }]);
  // The status is read at the start, then every three minutes.
  const live = await before.restart();
  await eventually('the alarm', async () => (await differences(live)).includes('its position stays'), 12_000);
  expect((await live.account()).positions).toHaveLength(1);
  await eventually('it is closed', async () => (await live.account()).positions.length === 0, 30_000);
  expect(Date.now()).toBeGreaterThanOrEqual(deliveryTs - HOUR_MS);
  await eventually('the answer', () => live.executions.some(({ purpose }) => purpose === 'EXIT'));
  expect(live.executions.filter(({ purpose, answer }) => purpose === 'EXIT' && answer === 'FILLED')).toMatchObject([
    { signal: { exit_reason: 'SESSION_END' } },
  ]);
  await eventually('no stop is left', async () => (await live.account()).open_algo_orders.length === 0);
  const alarm = `until ${new Date(deliveryTs).toISOString()}; its position is closed`;
  await eventually('the alarm stays', async () => (await differences(live)).includes(alarm));
}, 90_000);

test('F41 while a settling symbol takes no order the stop stays, and the close is tried again until it passes', async () => {
  const before = await withPosition();
  await before.setFaults([{ fault: 'symbol', symbol: SYMBOL, status: 'SETTLING' }]);
  const live = await before.restart();
  await eventually('closes are refused', async () => ((await live.status())?.rejects['-4108'] ?? 0) >= 2, 20_000);
  expect(await live.account()).toMatchObject({ positions: [{ symbol: SYMBOL }], open_algo_orders: [{}] });
  expect(await differences(live)).toContain('SETTLING');
  await live.setFaults([]);
  await eventually('it is closed', async () => (await live.account()).positions.length === 0, 20_000);
}, 90_000);
