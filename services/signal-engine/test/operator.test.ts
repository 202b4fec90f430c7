import { Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { aCommand, aPosition, bookOf, closeWorlds, drawImage, openWorld, RUN, type World } from './engine-world.ts';

afterEach(closeWorlds);

const stateOf = (world: World) => world.service.bus.getRecord(Records.fleetState);

test('the first start is ACTIVE, a restart keeps the last state', async () => {
  const world = await openWorld();
  expect(await stateOf(world)).toMatchObject({ state: 'ACTIVE', applied_commands: [] });
  await world.command(aCommand('stop', 'c1'));
  const again = await world.restart();
  const kept = { applied_commands: ['c1'], applied_actions: { c1: 'stop' } };
  expect(await stateOf(again)).toMatchObject({ state: 'REDUCING', ...kept });
  await again.book(bookOf(-0.8));
  expect(again.refusals[0]).toMatchObject({ decision: { refused_by: 'TRADING_STATE' } });
});

test('stop: no entries, exits go on; start: entries again', async () => {
  const world = await openWorld();
  await world.command(aCommand('stop', 'c1'));
  await world.positions([aPosition()]);
  await world.book(bookOf(0, T0 + 100, { bid: 98 }));
  expect(world.signals).toMatchObject([{ exit_reason: 'STOP_LOSS' }]);
  await world.positions([]);
  await world.book(bookOf(-0.8, T0 + 200));
  expect(world.signals).toHaveLength(1);
  await world.command(aCommand('start', 'c2'));
  expect(await stateOf(world)).toMatchObject({ state: 'ACTIVE', applied_commands: ['c2', 'c1'] });
  await world.book(bookOf(-0.8, T0 + 120_000));
  expect(world.signals).toHaveLength(2);
});

test('flatten: every position is left, then HALTED', async () => {
  const world = await openWorld();
  await world.positions([aPosition(), aPosition({ side: 'SHORT', signal_id: 'entry-2', stop_loss: 110 })]);
  await world.command(aCommand('flatten', 'c1'));
  expect(world.signals.map(({ signal_id }) => signal_id)).toEqual(['entry-1-OPERATOR', 'entry-2-OPERATOR']);
  expect(await stateOf(world)).toMatchObject({ state: 'REDUCING', flattening: true });
  await world.positions([aPosition()]);
  expect(await stateOf(world)).toMatchObject({ state: 'REDUCING' });
  await world.positions([]);
  const halted = await stateOf(world);
  expect(halted).toMatchObject({ state: 'HALTED', applied_commands: ['c1'] });
  expect(halted?.flattening).toBeUndefined();
});

test('flatten with nothing open is HALTED at once', async () => {
  const world = await openWorld();
  await world.command(aCommand('flatten', 'c1'));
  expect(await stateOf(world)).toMatchObject({ state: 'HALTED' });
  expect(world.signals).toEqual([]);
});

test('a stop takes neither a flatten nor a halt back', async () => {
  const world = await openWorld();
  await world.positions([aPosition()]);
  await world.command(aCommand('flatten', 'c1'));
  await world.command(aCommand('stop', 'c2'));
  expect(await stateOf(world)).toMatchObject({ flattening: true, applied_commands: ['c2', 'c1'] });
  await world.positions([]);
  await world.command(aCommand('stop', 'c3'));
  expect(await stateOf(world)).toMatchObject({ state: 'HALTED', applied_commands: ['c3', 'c2', 'c1'] });
});

test('a flatten after a restart closes an entry that was still on its way', async () => {
  const world = await openWorld();
  await world.book(bookOf(-0.8));
  const again = await world.restart();
  const signal_id = world.signals[0]?.signal_id ?? '';
  await again.command(aCommand('flatten', 'c1'));
  expect(await stateOf(again)).toMatchObject({ state: 'REDUCING', flattening: true });
  await again.positions([aPosition({ signal_id })]);
  await eventually('the exit', () => again.signals.some(({ exit_reason }) => exit_reason === 'OPERATOR'));
  await again.positions([]);
  await eventually('the halt', async () => (await stateOf(again))?.state === 'HALTED');
});

test('a flatten waits for no entry that is known or long over', async () => {
  const fake = createFakeRedis();
  await fake.bus('signal-engine').write((batch) => {
    batch.setField(Maps.lastEntries, 'BTCUSDT', { run: RUN, signal_id: 'entry-1', timestamp: T0 });
    batch.setField(Maps.lastEntries, 'ETHUSDT', { run: RUN, signal_id: 'entry-2', timestamp: T0 - 65_000 });
  });
  await fake.bus('decision-logger').write((batch) => batch.setField(Maps.openPositions, 'BTCUSDT:LONG', aPosition()));
  const world = await openWorld({ fake });
  await world.command(aCommand('flatten', 'c1'));
  expect(await stateOf(world)).toMatchObject({ flattening: true });
  await world.positions([]);
  expect(await stateOf(world)).toMatchObject({ state: 'HALTED' });
});

describe('a flatten after Redis was wiped and signal-engine started anew', () => {
  const wiped = async () => {
    const world = await openWorld({ image: false });
    await world.command(aCommand('flatten', 'c1'));
    expect(await stateOf(world)).toMatchObject({ state: 'REDUCING', flattening: true });
    expect(world.service.lines.some(({ message }) => message.startsWith('what is open is not known'))).toBe(true);
    return world;
  };
  const halted = (world: World) => eventually('the halt', async () => (await stateOf(world))?.state === 'HALTED');

  test('closes what decision-logger shows once it has drawn its ledger', async () => {
    const world = await wiped();
    await world.fake.bus('decision-logger').write((batch) => {
      batch.setField(Maps.openPositions, 'BTCUSDT:LONG', aPosition());
      drawImage(batch);
    });
    await eventually('the exit', () => world.signals.length > 0);
    expect(world.signals).toMatchObject([{ signal_id: 'entry-1-OPERATOR' }]);
    expect(await stateOf(world)).toMatchObject({ state: 'REDUCING', flattening: true });
    await world.positions([]);
    await halted(world);
  });

  test('halts where the ledger holds nothing, and not before', async () => {
    const world = await wiped();
    await world.positions([], { symbol: 'ETHUSDT' });
    expect(await stateOf(world)).toMatchObject({ state: 'REDUCING', flattening: true });
    await world.fake.bus('decision-logger').write((batch) => drawImage(batch));
    await halted(world);
    expect(world.signals).toEqual([]);
  });
});

test('a flatten waits for an entry that decision-logger may still read, however long it is away', async () => {
  const world = await openWorld();
  await world.book(bookOf(-0.8));
  const [entry] = world.signals;
  const again = await world.restart();
  again.clock.set(T0 + 60_000);
  // decision-logger is back and tells what its ledger holds, before it reads the stream.
  await again.positions([]);
  await again.command(aCommand('flatten', 'c1'));
  expect(await stateOf(again)).toMatchObject({ state: 'REDUCING', flattening: true });
  await again.positions([aPosition({ signal_id: entry?.signal_id ?? '' })]);
  await eventually('the exit', () => again.signals.some(({ exit_reason }) => exit_reason === 'OPERATOR'));
  await again.positions([]);
  await eventually('the halt', async () => (await stateOf(again))?.state === 'HALTED');
});

test('a flatten that a crash interrupted goes on', async () => {
  const world = await openWorld();
  await world.positions([aPosition()]);
  await world.command(aCommand('flatten', 'c1'));
  const again = await world.restart();
  // Asked for again under the same id: whoever has it already drops it.
  expect(again.signals.map(({ signal_id }) => signal_id)).toEqual(['entry-1-OPERATOR']);
  await again.positions([]);
  expect(await stateOf(again)).toMatchObject({ state: 'HALTED' });
});

test('a command counts once, also after a restart', async () => {
  const world = await openWorld();
  await world.command(aCommand('stop', 'c1'));
  await world.command(aCommand('start', 'c2'));
  await world.command(aCommand('stop', 'c1'));
  expect(await stateOf(world)).toMatchObject({ state: 'ACTIVE' });
  const again = await world.restart();
  await again.command(aCommand('stop', 'c1'));
  expect(await stateOf(again)).toMatchObject({ state: 'ACTIVE', applied_commands: ['c2', 'c1'] });
});

test.each([
  ['sent since is followed', T0, 'ACTIVE'],
  ['sent before is not', T0 + 3_600_000, 'REDUCING'],
])('where the clock was set back and Redis counts on, a start that was %s', async (_, issued_ts, state) => {
  const fake = createFakeRedis();
  const world = await openWorld({ fake });
  await world.command(aCommand('stop', 'c1'));
  await world.service.stop();
  const start = { ...aCommand('start', 'c2'), issued_ts };
  await fake.bus('dashboard-api').write((batch) => batch.append(Streams.operatorCommands, start));
  const earlier = vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000);
  const again = await openWorld({ fake });
  earlier.mockRestore();
  expect(await stateOf(again)).toMatchObject({ state });
});

test('a start that waited for over a minute is not followed', async () => {
  const fake = createFakeRedis();
  const world = await openWorld({ fake });
  await world.command(aCommand('stop', 'c1'));
  await world.service.stop();
  const sentMs = Date.now();
  const append = (id: string) =>
    fake.bus('dashboard-api').write((batch) => batch.append(Streams.operatorCommands, aCommand('start', id)));
  await append('late');
  const later = vi.spyOn(Date, 'now').mockReturnValue(sentMs + 61_000);
  const again = await openWorld({ fake });
  later.mockRestore();
  expect(await stateOf(again)).toMatchObject({ state: 'REDUCING' });
  expect(again.service.lines.some(({ message }) => message.startsWith('start has waited too long'))).toBe(true);
  await again.command(aCommand('start', 'now'));
  expect(await stateOf(again)).toMatchObject({ state: 'ACTIVE' });
});

test('a malformed command is dropped, the next one counts', async () => {
  const world = await openWorld();
  world.fake.append('operator_commands', '{"action":"explode"}', 1_000);
  await world.command(aCommand('stop', 'c1'));
  expect(await stateOf(world)).toMatchObject({ state: 'REDUCING' });
  expect(world.service.faults).toEqual([]);
});

test('a state that Redis has lost is written anew, as it was', async () => {
  const world = await openWorld();
  await world.command(aCommand('flatten', 'c1'));
  const before = await stateOf(world);
  world.fake.hashes.delete('fleet:state');
  await vi.waitFor(async () => expect(await stateOf(world)).toEqual(before), { timeout: 5_000 });
  expect(before).toMatchObject({ state: 'HALTED', applied_commands: ['c1'] });
});
