import { Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  aCommand,
  aPosition,
  bookOf,
  closeEngineHarnesses,
  drawProjection,
  type EngineHarness,
  openEngineHarness,
  RUN,
} from './engine-harness.ts';

afterEach(closeEngineHarnesses);

const stateOf = (harness: EngineHarness) => harness.service.bus.getRecord(Records.fleetState);

test('the first start is ACTIVE, and a restart keeps the last state', async () => {
  const harness = await openEngineHarness();
  expect(await stateOf(harness)).toMatchObject({ state: 'ACTIVE', applied_commands: [] });
  await harness.command(aCommand('stop', 'c1'));
  const again = await harness.restart();
  const kept = { applied_commands: ['c1'], applied_actions: { c1: 'stop' } };
  expect(await stateOf(again)).toMatchObject({ state: 'REDUCING', ...kept });
  await again.book(bookOf(-0.8));
  expect(again.refusals[0]).toMatchObject({ decision: { refused_by: 'TRADING_STATE' } });
});

test('stop: no entries, exits continue; start: entries again', async () => {
  const harness = await openEngineHarness();
  await harness.command(aCommand('stop', 'c1'));
  await harness.positions([aPosition()]);
  await harness.book(bookOf(0, T0 + 100, { bid: 98 }));
  expect(harness.signals).toMatchObject([{ exit_reason: 'STOP_LOSS' }]);
  await harness.positions([]);
  await harness.book(bookOf(-0.8, T0 + 200));
  expect(harness.signals).toHaveLength(1);
  await harness.command(aCommand('start', 'c2'));
  expect(await stateOf(harness)).toMatchObject({ state: 'ACTIVE', applied_commands: ['c2', 'c1'] });
  await harness.book(bookOf(-0.8, T0 + 120_000));
  expect(harness.signals).toHaveLength(2);
});

test('flatten: every position is closed, then HALTED', async () => {
  const harness = await openEngineHarness();
  await harness.positions([aPosition(), aPosition({ side: 'SHORT', signal_id: 'entry-2', stop_loss: 110 })]);
  await harness.command(aCommand('flatten', 'c1'));
  expect(harness.signals.map(({ signal_id }) => signal_id)).toEqual(['entry-1-OPERATOR', 'entry-2-OPERATOR']);
  expect(await stateOf(harness)).toMatchObject({ state: 'REDUCING', flattening: true });
  await harness.positions([aPosition()]);
  expect(await stateOf(harness)).toMatchObject({ state: 'REDUCING' });
  await harness.positions([]);
  const halted = await stateOf(harness);
  expect(halted).toMatchObject({ state: 'HALTED', applied_commands: ['c1'] });
  expect(halted?.flattening).toBeUndefined();
});

test('flatten with nothing open is HALTED at once', async () => {
  const harness = await openEngineHarness();
  await harness.command(aCommand('flatten', 'c1'));
  expect(await stateOf(harness)).toMatchObject({ state: 'HALTED' });
  expect(harness.signals).toEqual([]);
});

test('a halt is HALTED at once, with author and reason; positions still close, and it survives a restart', async () => {
  const harness = await openEngineHarness();
  await harness.positions([aPosition()]);
  const reason = 'an order of another instance was found';
  await harness.command({ ...aCommand('halt', 'c1'), issued_by: 'execution-manager', reason });
  const halted = { state: 'HALTED', reason: `halt by execution-manager: ${reason}`, applied_actions: { c1: 'halt' } };
  expect(await stateOf(harness)).toMatchObject(halted);
  expect(harness.service.lines.find(({ message }) => message.startsWith('halt requested'))).toMatchObject({
    level: 'warn',
    fields: { issued_by: 'execution-manager', reason },
  });
  await harness.book(bookOf(0, T0 + 100, { bid: 98 }));
  expect(harness.signals).toMatchObject([{ exit_reason: 'STOP_LOSS' }]);
  const again = await harness.restart();
  expect(await stateOf(again)).toMatchObject(halted);
  await again.command({ ...aCommand('halt', 'c2'), issued_by: 'risk-manager', reason: 'later' });
  expect(await stateOf(again)).toMatchObject({ ...halted, applied_actions: { c2: 'halt' } });
  await again.command(aCommand('start', 'c3'));
  expect(await stateOf(again)).toMatchObject({ state: 'ACTIVE' });
});

test('a halt does not end a flatten: open positions still close', async () => {
  const harness = await openEngineHarness();
  await harness.positions([aPosition()]);
  await harness.command(aCommand('flatten', 'c1'));
  await harness.command({ ...aCommand('halt', 'c2'), reason: 'test' });
  expect(await stateOf(harness)).toMatchObject({ state: 'REDUCING', flattening: true });
  await harness.positions([]);
  expect(await stateOf(harness)).toMatchObject({ state: 'HALTED' });
});

test('a stop cancels neither a flatten nor a halt', async () => {
  const harness = await openEngineHarness();
  await harness.positions([aPosition()]);
  await harness.command(aCommand('flatten', 'c1'));
  await harness.command(aCommand('stop', 'c2'));
  expect(await stateOf(harness)).toMatchObject({ flattening: true, applied_commands: ['c2', 'c1'] });
  await harness.positions([]);
  await harness.command(aCommand('stop', 'c3'));
  expect(await stateOf(harness)).toMatchObject({ state: 'HALTED', applied_commands: ['c3', 'c2', 'c1'] });
});

test('a flatten after a restart closes an entry that had no answer yet', async () => {
  const harness = await openEngineHarness();
  await harness.book(bookOf(-0.8));
  const again = await harness.restart();
  const signal_id = harness.signals[0]?.signal_id ?? '';
  await again.command(aCommand('flatten', 'c1'));
  expect(await stateOf(again)).toMatchObject({ state: 'REDUCING', flattening: true });
  await again.positions([aPosition({ signal_id })]);
  await eventually('the exit', () => again.signals.some(({ exit_reason }) => exit_reason === 'OPERATOR'));
  await again.positions([]);
  await eventually('the halt', async () => (await stateOf(again))?.state === 'HALTED');
});

test('a flatten does not wait for an entry that is known or long over', async () => {
  const fake = createFakeRedis();
  await fake.bus('signal-engine').write((batch) => {
    batch.setField(Maps.lastEntries, 'BTCUSDT', { run: RUN, signal_id: 'entry-1', timestamp: T0 });
    batch.setField(Maps.lastEntries, 'ETHUSDT', { run: RUN, signal_id: 'entry-2', timestamp: T0 - 65_000 });
  });
  await fake.bus('decision-logger').write((batch) => batch.setField(Maps.openPositions, 'BTCUSDT:LONG', aPosition()));
  const harness = await openEngineHarness({ fake });
  await harness.command(aCommand('flatten', 'c1'));
  expect(await stateOf(harness)).toMatchObject({ flattening: true });
  await harness.positions([]);
  expect(await stateOf(harness)).toMatchObject({ state: 'HALTED' });
});

describe('a flatten after Redis was wiped and signal-engine restarted', () => {
  const wiped = async () => {
    const harness = await openEngineHarness({ projection: false });
    await harness.command(aCommand('flatten', 'c1'));
    expect(await stateOf(harness)).toMatchObject({ state: 'REDUCING', flattening: true });
    expect(harness.service.lines.some(({ message }) => message.startsWith('open positions are unknown'))).toBe(true);
    return harness;
  };
  const halted = (harness: EngineHarness) =>
    eventually('the halt', async () => (await stateOf(harness))?.state === 'HALTED');

  test('closes the positions of decision-logger once it has written its projection', async () => {
    const harness = await wiped();
    await harness.fake.bus('decision-logger').write((batch) => {
      batch.setField(Maps.openPositions, 'BTCUSDT:LONG', aPosition());
      drawProjection(batch);
    });
    await eventually('the exit', () => harness.signals.length > 0);
    expect(harness.signals).toMatchObject([{ signal_id: 'entry-1-OPERATOR' }]);
    expect(await stateOf(harness)).toMatchObject({ state: 'REDUCING', flattening: true });
    await harness.positions([]);
    await halted(harness);
  });

  test('halts when the ledger has no position, and not before', async () => {
    const harness = await wiped();
    await harness.positions([], { symbol: 'ETHUSDT' });
    expect(await stateOf(harness)).toMatchObject({ state: 'REDUCING', flattening: true });
    await harness.fake.bus('decision-logger').write((batch) => drawProjection(batch));
    await halted(harness);
    expect(harness.signals).toEqual([]);
  });
});

test('a flatten waits for an entry that decision-logger may still read, however long that is away', async () => {
  const harness = await openEngineHarness();
  await harness.book(bookOf(-0.8));
  const [entry] = harness.signals;
  const again = await harness.restart();
  again.clock.set(T0 + 60_000);
  // decision-logger is back and writes its projection before it reads the stream.
  await again.positions([]);
  await again.command(aCommand('flatten', 'c1'));
  expect(await stateOf(again)).toMatchObject({ state: 'REDUCING', flattening: true });
  await again.positions([aPosition({ signal_id: entry?.signal_id ?? '' })]);
  await eventually('the exit', () => again.signals.some(({ exit_reason }) => exit_reason === 'OPERATOR'));
  await again.positions([]);
  await eventually('the halt', async () => (await stateOf(again))?.state === 'HALTED');
});

test('a flatten that a crash interrupted continues', async () => {
  const harness = await openEngineHarness();
  await harness.positions([aPosition()]);
  await harness.command(aCommand('flatten', 'c1'));
  const again = await harness.restart();
  // Requested again with the same id: a reader that has it already drops it.
  expect(again.signals.map(({ signal_id }) => signal_id)).toEqual(['entry-1-OPERATOR']);
  await again.positions([]);
  expect(await stateOf(again)).toMatchObject({ state: 'HALTED' });
});

test('a command counts once, also after a restart', async () => {
  const harness = await openEngineHarness();
  await harness.command(aCommand('stop', 'c1'));
  await harness.command(aCommand('start', 'c2'));
  await harness.command(aCommand('stop', 'c1'));
  expect(await stateOf(harness)).toMatchObject({ state: 'ACTIVE' });
  const again = await harness.restart();
  await again.command(aCommand('stop', 'c1'));
  expect(await stateOf(again)).toMatchObject({ state: 'ACTIVE', applied_commands: ['c2', 'c1'] });
});

test.each([
  ['sent since is followed', T0, 'ACTIVE'],
  ['sent before is not', T0 + 3_600_000, 'REDUCING'],
])(
  'if the clock was set back and Redis ids still count from the old time, a start that was %s',
  async (_, issued_ts, state) => {
    const fake = createFakeRedis();
    const harness = await openEngineHarness({ fake });
    await harness.command(aCommand('stop', 'c1'));
    await harness.service.stop();
    const start = { ...aCommand('start', 'c2'), issued_ts };
    await fake.bus('dashboard-api').write((batch) => batch.append(Streams.operatorCommands, start));
    const earlier = vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000);
    const again = await openEngineHarness({ fake });
    earlier.mockRestore();
    expect(await stateOf(again)).toMatchObject({ state });
  },
);

test('a start that waited for over a minute is ignored', async () => {
  const fake = createFakeRedis();
  const harness = await openEngineHarness({ fake });
  await harness.command(aCommand('stop', 'c1'));
  await harness.service.stop();
  const sentMs = Date.now();
  const append = (id: string) =>
    fake.bus('dashboard-api').write((batch) => batch.append(Streams.operatorCommands, aCommand('start', id)));
  await append('late');
  const later = vi.spyOn(Date, 'now').mockReturnValue(sentMs + 61_000);
  const again = await openEngineHarness({ fake });
  later.mockRestore();
  expect(await stateOf(again)).toMatchObject({ state: 'REDUCING' });
  expect(again.service.lines.some(({ message }) => message.startsWith('start waited too long'))).toBe(true);
  await again.command(aCommand('start', 'now'));
  expect(await stateOf(again)).toMatchObject({ state: 'ACTIVE' });
});

test('a malformed command is dropped, the next one counts', async () => {
  const harness = await openEngineHarness();
  harness.fake.append('operator_commands', '{"action":"explode"}', 1_000);
  await harness.command(aCommand('stop', 'c1'));
  expect(await stateOf(harness)).toMatchObject({ state: 'REDUCING' });
  expect(harness.service.faults).toEqual([]);
});

test('a state that Redis has lost is rewritten unchanged', async () => {
  const harness = await openEngineHarness();
  await harness.command(aCommand('flatten', 'c1'));
  const before = await stateOf(harness);
  harness.fake.hashes.delete('fleet:state');
  await vi.waitFor(async () => expect(await stateOf(harness)).toEqual(before), { timeout: 5_000 });
  expect(before).toMatchObject({ state: 'HALTED', applied_commands: ['c1'] });
});
