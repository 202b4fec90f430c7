import { Channels, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { FleetState, RememberedState } from '@helios/shared/domain/fleet.ts';
import type { LiveStatus } from '@helios/shared/domain/live-status.ts';
import { aLiveStatus, aMode, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { afterEach, expect, test, vi } from 'vitest';
import {
  aCommand,
  aPosition,
  bookOf,
  closeEngineHarnesses,
  type EngineHarness,
  eager,
  openEngineHarness,
  RUN,
} from './engine-harness.ts';

afterEach(closeEngineHarnesses);

const live = aMode({ mode: 'live', network: 'testnet' });
const ACTIVE: FleetState = {
  state: 'ACTIVE',
  reason: 'start by a test',
  changed_ts: T0 - 1,
  applied_commands: [],
  run: RUN,
};
/** In live a cold gate refuses. */
const withoutWarmth = defaultSettings({
  signals: { ...eager.signals, volume_gate: false, vwap_gate: false, edge_gate: 'off' },
  trend: { enabled: false },
  regime: { enabled: false },
});
const kept = (state: FleetState): RememberedState => ({ kind: 'KEPT', state });
const stateOf = (harness: EngineHarness) => harness.service.bus.getRecord(Records.fleetState);

const writeStatus = (harness: Pick<EngineHarness, 'fake'>, status: Partial<LiveStatus>) =>
  harness.fake
    .bus('execution-manager')
    .write((batch) => batch.setRecord(Records.liveStatus, aLiveStatus({ run: RUN, ...status })));

/** signal-engine in live, with this status of the account. */
async function withAccount(
  status: Partial<LiveStatus>,
  trading?: RememberedState,
  settings = eager,
): Promise<EngineHarness> {
  const fake = createFakeRedis();
  await writeStatus({ fake }, status);
  return openEngineHarness({ fake, mode: live, settings, ...(trading && { trading }) });
}

test('the first live start is HALTED, and refuses every trigger', async () => {
  const harness = await withAccount({});
  expect(await stateOf(harness)).toMatchObject({ state: 'HALTED', reason: 'first live start: press Start to trade' });
  await harness.book(bookOf(-0.8));
  expect(harness.signals).toEqual([]);
  expect(harness.refusals[0]).toMatchObject({ decision: { refused_by: 'TRADING_STATE' } });
});

test('a restart keeps the last state', async () => {
  const harness = await withAccount({}, kept(ACTIVE));
  expect(await stateOf(harness)).toMatchObject({ state: 'ACTIVE', reason: 'start by a test' });
});

test.each<[string, Partial<LiveStatus>, RegExp]>([
  [
    'the account cannot enter',
    { can_enter: false, blocked_by: [{ code: 'USER_STREAM', reason: 'no user stream' }] },
    /^USER_STREAM: no user stream$/,
  ],
  ['the status is old', { updated_ts: T0 - 10_000 }, /execution-manager has reported nothing/],
  ['the status is of another run', { run: 'live:testnet:other' }, /execution-manager has reported nothing/],
])('Start is refused with its reason while %s', async (_, status, reason) => {
  const harness = await withAccount(status);
  await harness.command(aCommand('start', 's1'));
  expect(await stateOf(harness)).toMatchObject({ state: 'HALTED', applied_commands: ['s1'] });
  const refused = harness.service.lines.filter(({ message }) => message === 'start is refused');
  expect(refused).toMatchObject([{ fields: { command_id: 's1', reason: expect.stringMatching(reason) } }]);
});

test('Start works once the account is ready: HALTED alone is no reason against it', async () => {
  const harness = await withAccount({
    can_enter: false,
    blocked_by: [{ code: 'TRADING_STATE', reason: 'trading is HALTED' }],
  });
  await harness.command(aCommand('start', 's1'));
  expect(await stateOf(harness)).toMatchObject({ state: 'ACTIVE', reason: 'start by a test' });
});

test('a flatten ends only after a query of the venue that began after it', async () => {
  const harness = await withAccount({ flat_ts: T0 - 1 }, kept(ACTIVE));
  await harness.command(aCommand('flatten', 'f1'));
  expect(await stateOf(harness)).toMatchObject({ state: 'REDUCING', flattening: true });
  // execution-manager closes: it knows the orders and stops that no signal closes.
  expect(harness.signals).toEqual([]);
  await harness.command(aCommand('flatten', 'f2'));
  expect(await stateOf(harness)).toMatchObject({ flattening: true });
  const { changed_ts = 0 } = (await stateOf(harness)) ?? {};
  await writeStatus(harness, { flat_ts: changed_ts + 1 });
  await harness.positions([]);
  expect(await stateOf(harness)).toMatchObject({
    state: 'HALTED',
    reason: expect.stringMatching(/everything is closed$/),
  });
});

test('a proof of the venue ends no flatten while a position is still known', async () => {
  const harness = await withAccount({}, kept(ACTIVE));
  await harness.positions([aPosition({ simulated: false })]);
  await harness.command(aCommand('flatten', 'f1'));
  await writeStatus(harness, { flat_ts: T0 + 100 });
  await harness.positions([aPosition({ simulated: false, quantity: 0.005 })]);
  expect(await stateOf(harness)).toMatchObject({ flattening: true });
  await harness.positions([]);
  expect(await stateOf(harness)).toMatchObject({ state: 'HALTED' });
});

test('until the account is compared with the venue, positions are unknown and a flatten waits', async () => {
  const harness = await withAccount({ reconciled_ts: undefined, flat_ts: T0 + 100 }, kept(ACTIVE));
  await harness.command(aCommand('flatten', 'f1'));
  await harness.positions([]);
  expect(await stateOf(harness)).toMatchObject({ state: 'REDUCING', flattening: true });
});

test('an entry that Redis lost is sent again once it is too old to be executed, so that its symbol gets free', async () => {
  const harness = await withAccount({}, kept(ACTIVE), withoutWarmth);
  await harness.book(bookOf(-0.8));
  expect(harness.signals).toHaveLength(1);
  const readAll = async () => {
    for (let looks = 0; looks < 3; looks += 1) {
      await vi.waitFor(() => harness.fake.settle());
      await new Promise((resolve) => setTimeout(resolve, 1_100));
    }
  };
  await readAll();
  expect(harness.signals).toHaveLength(1);
  harness.clock.advance(21_000);
  await vi.waitFor(() => expect(harness.signals).toHaveLength(2), { timeout: 10_000 });
  expect(harness.signals[1]?.signal_id).toBe(harness.signals[0]?.signal_id);
}, 20_000);

test('a state written by hand is not adopted, and is corrected after an outage', async () => {
  const harness = await withAccount({});
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

test('a signal published by hand reaches no stream through signal-engine', async () => {
  const harness = await withAccount({});
  const byHand = { symbol: 'BTCUSDT', direction: 'LONG', entry_price: 100 } as const;
  await harness.fake.bus('decision-logger').write((batch) => batch.publish(Channels.tradingSignals, byHand));
  await harness.fake.settle();
  expect(harness.fake.stream(Streams.signals.name).messages).toEqual([]);
});
