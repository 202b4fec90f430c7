import type { Execution } from '@helios/shared/domain/execution.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, test } from 'vitest';
import { type ExecutionHarness, openExecution } from './execution-harness.ts';

const finalOf = ({ executions }: ExecutionHarness, id: string): readonly Execution[] =>
  executions.filter(({ signal_id, answer }) => signal_id === id && !['OPEN', 'PARTIALLY_FILLED'].includes(answer));

const isNothingOpen = async (live: ExecutionHarness): Promise<boolean> => {
  const { positions, open_orders, open_algo_orders } = await live.account();
  return positions.length + open_orders.length + open_algo_orders.length === 0;
};

async function withPosition(): Promise<{ live: ExecutionHarness; entry: string }> {
  const live = await openExecution();
  await live.ready();
  const entry = await live.enter();
  await eventually('the position is covered', async () => (await live.positions())[0]?.cover?.state === 'COVERED');
  return { live, entry };
}

test('F23 while Redis is away the stop stays, a fall closes the position, and Redis has all of it afterwards', async () => {
  const { live } = await withPosition();
  live.fake.goDown();
  await live.setFaults([{ fault: 'jump', symbol: 'BTCUSDT', percent: -5 }]);
  await eventually('the venue closed the position', () => isNothingOpen(live), 20_000);
  live.fake.comeBack();
  const closing = () => live.executions.filter(({ purpose }) => purpose === 'EXIT');
  await eventually('the final answer', () => closing().some(({ answer }) => answer === 'FILLED'));
  expect(closing().at(-1)).toMatchObject({ signal: { exit_reason: 'STOP_LOSS' } });
  expect(closing().filter(({ execution_id }) => execution_id.endsWith('#END'))).toHaveLength(1);
  await eventually('no position is shown', async () => (await live.positions()).length === 0);
  expect(live.faults).toEqual([]);
}, 60_000);

test('F44 an entry that waited in the stream for too long expires without an order', async () => {
  const live = await openExecution({ settings: { signals: { signal_max_age_ms: 1_000 } } });
  await live.ready();
  const entry = await live.enter({ timestamp: Date.now() - 5_000, ts_init: Date.now() - 5_000 });
  await eventually('the entry is answered', () => finalOf(live, entry).length > 0);
  expect(finalOf(live, entry)).toMatchObject([{ answer: 'EXPIRED' }]);
  expect((await live.ordersTaken()).size).toBe(0);
}, 60_000);

test('F48 a flatten closes everything and is proven by a query; a second one changes nothing', async () => {
  const { live } = await withPosition();
  await eventually('no proof is left', async () => (await live.status())?.flat_ts === undefined);
  const beganTs = Date.now();
  await live.setState({ state: 'REDUCING', flattening: true });
  await live.setState({ state: 'REDUCING', flattening: true });
  await eventually('the proof', async () => ((await live.status())?.flat_ts ?? 0) > beganTs, 20_000);
  expect(await isNothingOpen(live)).toBe(true);
  // The entry and one close.
  expect([...(await live.ordersTaken()).values()]).toEqual([1, 1]);
  const exits = live.executions.filter(({ purpose }) => purpose === 'EXIT');
  expect(exits).toMatchObject([{ answer: 'FILLED', signal: { exit_reason: 'OPERATOR' } }]);
}, 60_000);

test('F48 Stop while an entry is in flight: its fill is covered, and nothing more enters', async () => {
  const live = await openExecution();
  await live.ready();
  await live.setFaults([{ fault: 'slow', ms: 1_500, path: '/fapi/v1/order', method: 'POST', times: 1, after: true }]);
  const entry = await live.enter();
  await eventually('the order is at the venue', async () => (await live.ordersTaken()).size === 1);
  await live.setState({ state: 'REDUCING' });
  await eventually('the entry is answered', () => finalOf(live, entry).length > 0);
  await eventually('its position is covered', async () => (await live.positions())[0]?.cover?.state === 'COVERED');
  const late = await live.enter();
  await eventually('the late entry is answered', () => finalOf(live, late).length > 0);
  expect(finalOf(live, late)).toMatchObject([{ answer: 'DENIED', denial: { code: 'TRADING_STATE' } }]);
}, 60_000);

test('F45 a second process on the same Redis enters nothing until the first one has ended', async () => {
  const live = await openExecution();
  await live.ready();
  const second = await openExecution({ venue: live.venue, fake: live.fake });
  await eventually('the second one says why', () =>
    second.lines.find(({ message }) => message.startsWith('this process may not enter')),
  );
  await live.stop();
  await eventually('it takes over', () =>
    second.lines.find(({ message }) => message.startsWith('this process may enter')),
  );
}, 60_000);

test('an exit published by hand closes nothing, unless the settings accept it', async () => {
  const { live } = await withPosition();
  const refused = await live.exit({ origin: 'EXTERNAL' });
  await eventually('the exit is answered', () => finalOf(live, refused).length > 0);
  expect(finalOf(live, refused)).toMatchObject([{ answer: 'DENIED', denial: { code: 'EXTERNAL_SIGNAL' } }]);
  expect((await live.positions()).length).toBe(1);
}, 60_000);

test('F25 a position opened by hand is shown and counted, and never touched', async () => {
  const live = await openExecution();
  await live.ready();
  await live.byHand('POST', '/fapi/v1/order', { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.05' });
  await eventually('it is counted', async () => (await live.status())?.foreign_positions.length === 1, 40_000);
  const entry = await live.enter();
  await eventually('the entry is answered', () => finalOf(live, entry).length > 0);
  expect(finalOf(live, entry)).toMatchObject([{ answer: 'DENIED', denial: { code: 'FOREIGN_POSITION' } }]);
  await live.setState({ state: 'REDUCING', flattening: true });
  const beganTs = Date.now();
  await eventually('the proof', async () => ((await live.status())?.flat_ts ?? 0) > beganTs, 40_000);
  expect((await live.account()).positions).toMatchObject([{ symbol: 'BTCUSDT' }]);
}, 120_000);

test('F26 a liquidation by the venue is booked, halts trading, and blocks entries until Start', async () => {
  const live = await openExecution({ settings: { trading: { leverage: 100 } } });
  await live.ready();
  await live.enter({}, 0.5);
  await eventually('a position', async () => (await live.positions()).length === 1);
  await live.setFaults([
    { fault: 'stop-hidden' },
    { fault: 'stop-stuck' },
    { fault: 'jump', symbol: 'BTCUSDT', percent: -30 },
  ]);
  await eventually('the venue closed it', async () => (await live.account()).positions.length === 0, 20_000);
  await eventually('the answer', () => live.executions.some(({ purpose }) => purpose === 'EXIT'), 20_000);
  const exits = live.executions.filter(({ purpose }) => purpose === 'EXIT');
  expect(exits).toMatchObject([{ answer: 'FILLED', signal: { exit_reason: 'LIQUIDATION' } }]);
  await eventually('the halt', () => live.commands.find(({ action }) => action === 'halt'));
  expect(live.commands[0]).toMatchObject({
    issued_by: 'execution-manager',
    reason: expect.stringMatching(/^FORCED_CLOSE/),
  });
  expect((await live.status())?.can_enter).toBe(false);
}, 60_000);

test('F45 an order of another instance of Helios halts trading', async () => {
  const live = await openExecution();
  await live.ready();
  await live.byHand('POST', '/fapi/v1/order', {
    ...{ symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.01', price: '50000' },
    newClientOrderId: `he-${'0'.repeat(24)}-e1-zz`,
  });
  const halt = await eventually('the halt', () => live.commands.find(({ action }) => action === 'halt'), 40_000);
  expect(halt).toMatchObject({ issued_by: 'execution-manager', reason: expect.stringMatching(/^FOREIGN_INSTANCE/) });
}, 60_000);

test('F50 F37 an account in hedge mode cannot enter, and the reason says what to do', async () => {
  const live = await openExecution();
  await live.byHand('POST', '/fapi/v1/positionSide/dual', { dualSidePosition: 'true' });
  await eventually(
    'the reason',
    async () => {
      const reasons = (await live.status())?.blocked_by ?? [];
      return reasons.some(({ reason }) => /ONE_WAY_MODE.*hedge mode/.test(reason));
    },
    20_000,
  );
  expect((await live.status())?.can_enter).toBe(false);
}, 60_000);
