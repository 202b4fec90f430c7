import { Channels, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { FleetState } from '@helios/shared/domain/fleet.ts';
import { aMode, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { afterEach, expect, test, vi } from 'vitest';
import { aCommand, bookOf, closeEngineHarnesses, type EngineHarness, openEngineHarness } from './engine-harness.ts';

afterEach(closeEngineHarnesses);

const live = aMode({ mode: 'live', network: 'testnet' });
const REASON = 'this version sends no orders';
const stateOf = (harness: EngineHarness) => harness.service.bus.getRecord(Records.fleetState);

/** A fleet:state from an earlier start or a person. */
async function withState(state: Omit<FleetState, 'changed_ts' | 'applied_commands'>) {
  const fake = createFakeRedis();
  const full = { ...state, changed_ts: T0 - 1, applied_commands: ['c0'] };
  await fake.bus('signal-engine').write((batch) => batch.setRecord(Records.fleetState, full));
  return openEngineHarness({ fake, mode: live });
}

test('the trading state is HALTED with its reason, and refuses every trigger', async () => {
  const harness = await openEngineHarness({ mode: live });
  expect(await stateOf(harness)).toMatchObject({ state: 'HALTED', reason: REASON, applied_commands: [] });
  await harness.book(bookOf(-0.8));
  expect(harness.signals).toEqual([]);
  expect(harness.refusals[0]).toMatchObject({ decision: { refused_by: 'TRADING_STATE' } });
});

test.each<[string, Omit<FleetState, 'changed_ts' | 'applied_commands'>]>([
  ['ACTIVE', { state: 'ACTIVE', reason: 'start by a former version' }],
  ['a flatten half done', { state: 'REDUCING', reason: 'flatten by dashboard', flattening: true }],
  ['HALTED for another reason', { state: 'HALTED', reason: 'flatten by dashboard' }],
])('%s, found at the start, becomes HALTED, and the applied commands stay known', async (_, state) => {
  const harness = await withState(state);
  const now = await stateOf(harness);
  expect(now).toMatchObject({ state: 'HALTED', reason: REASON, applied_commands: ['c0'] });
  expect(now?.flattening).toBeUndefined();
});

test('a restart keeps the state and its time', async () => {
  const harness = await withState({ state: 'HALTED', reason: REASON });
  expect(await stateOf(harness)).toMatchObject({ changed_ts: T0 - 1, applied_commands: ['c0'] });
});

test('no command changes it: start is refused and logged, stop and flatten change nothing', async () => {
  const harness = await openEngineHarness({ mode: live });
  for (const action of ['start', 'stop', 'flatten'] as const) {
    await harness.command(aCommand(action, action));
    const state = await stateOf(harness);
    expect(state).toMatchObject({ state: 'HALTED', reason: REASON });
    expect(state?.applied_commands[0]).toBe(action);
    expect(state?.flattening).toBeUndefined();
  }
  const told = harness.service.lines.filter(({ message }) => message.startsWith('start is refused'));
  expect(told).toMatchObject([{ fields: { command_id: 'start', reason: REASON } }]);
  await harness.book(bookOf(-0.8));
  expect(harness.signals).toEqual([]);
});

test('a state written by hand is not adopted, and is corrected after an outage', async () => {
  const harness = await openEngineHarness({ mode: live });
  const forged: FleetState = { state: 'ACTIVE', reason: 'a hand', changed_ts: T0, applied_commands: [] };
  await harness.fake.bus('signal-engine').write((batch) => {
    batch.setRecord(Records.fleetState, forged);
    batch.publish(Channels.fleetStateChanges, forged);
  });
  await harness.fake.settle();
  await harness.book(bookOf(-0.8));
  expect(harness.refusals.at(-1)).toMatchObject({ decision: { refused_by: 'TRADING_STATE' } });
  harness.fake.goDown();
  harness.fake.comeBack();
  await vi.waitFor(async () => expect(await stateOf(harness)).toMatchObject({ state: 'HALTED' }), { timeout: 5_000 });
});

test('a signal published by hand reaches no stream and changes nothing', async () => {
  const harness = await openEngineHarness({ mode: live });
  const byHand = { symbol: 'BTCUSDT', direction: 'LONG', entry_price: 100 } as const;
  await harness.fake.bus('decision-logger').write((batch) => batch.publish(Channels.tradingSignals, byHand));
  await harness.fake.settle();
  expect(harness.fake.stream(Streams.signals.name).messages).toEqual([]);
  expect(await stateOf(harness)).toMatchObject({ state: 'HALTED', reason: REASON });
});
