import { Records } from '@helios/shared/contracts/catalog.ts';
import type { FleetState, RememberedState } from '@helios/shared/domain/fleet.ts';
import type { LedgerTrouble } from '@helios/shared/domain/known-ledger.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { afterEach, describe, expect, test } from 'vitest';
import {
  aCommand,
  bookOf,
  closeEngineHarnesses,
  drawProjection,
  type EngineHarness,
  lockStep,
  openEngineHarness,
  RUN,
} from './engine-harness.ts';

afterEach(closeEngineHarnesses);

const stateOf = (harness: EngineHarness) => harness.service.bus.getRecord(Records.fleetState);
const stateAt = (state: FleetState['state'], changed_ts: number, fields: Partial<FleetState> = {}): FleetState => ({
  state,
  reason: `${state} by a test`,
  changed_ts,
  run: RUN,
  applied_commands: [],
  ...fields,
});
const kept = (state: FleetState): RememberedState => ({ kind: 'KEPT', state });

/** A start with the state `shown` in Redis, and `trading` in the ledger. */
async function startOn(shown: FleetState | undefined, trading: RememberedState | undefined): Promise<EngineHarness> {
  const fake = createFakeRedis();
  if (shown) await fake.bus('signal-engine').write((batch) => batch.setRecord(Records.fleetState, shown));
  return openEngineHarness({ fake, projection: trading !== undefined, ...(trading && { trading }) });
}

async function refusedByState(harness: EngineHarness): Promise<boolean> {
  await harness.book(bookOf(-0.8));
  return harness.signals.length === 0 && harness.refusals.length > 0;
}

describe('a start on a Redis that was wiped', () => {
  test.each(['HALTED', 'REDUCING'] as const)('is %s if the ledger has that state', async (state) => {
    const harness = await startOn(undefined, kept(stateAt(state, T0 - 5_000)));
    expect(await stateOf(harness)).toEqual(stateAt(state, T0 - 5_000));
    expect(await refusedByState(harness)).toBe(true);
  });

  test('is ACTIVE if the ledger has that state, and if the ledger is new', async () => {
    expect(await stateOf(await startOn(undefined, kept(stateAt('ACTIVE', T0 - 5_000))))).toMatchObject({
      reason: 'ACTIVE by a test',
    });
    expect(await stateOf(await startOn(undefined, { kind: 'FIRST_START' }))).toMatchObject({
      state: 'ACTIVE',
      reason: 'first start: trading is simulated',
    });
  });

  test('is HALTED with advice if a ledger of an earlier version has no state', async () => {
    const harness = await startOn(undefined, { kind: 'LOST' });
    const halted = await stateOf(harness);
    expect(halted).toMatchObject({ state: 'HALTED', reason: expect.stringContaining('press Start') });
    expect(halted?.unsure).toBeUndefined();
    expect(await refusedByState(harness)).toBe(true);
    await harness.command(aCommand('start', 'c1'));
    expect(await stateOf(harness)).toMatchObject({ state: 'ACTIVE' });
  });

  test('is HALTED while decision-logger publishes no ledger, then takes the state of the ledger', async () => {
    const harness = await startOn(undefined, undefined);
    expect(await stateOf(harness)).toMatchObject({ state: 'HALTED', unsure: true });
    expect(await refusedByState(harness)).toBe(true);
    const active = kept(stateAt('ACTIVE', T0 - 5_000));
    await harness.fake.bus('decision-logger').write((batch) => drawProjection(batch, active));
    await eventually('the ledger’s state', async () => (await stateOf(harness))?.state === 'ACTIVE');
    expect(await stateOf(harness)).toEqual(stateAt('ACTIVE', T0 - 5_000));
  });

  test('follows Start and Stop before the ledger is published', async () => {
    for (const [action, state] of [
      ['start', 'ACTIVE'],
      ['stop', 'REDUCING'],
    ] as const) {
      const harness = await startOn(undefined, undefined);
      await harness.command(aCommand(action, 'c1'));
      const word = await stateOf(harness);
      expect(word).toMatchObject({ state, reason: `${action} by a test` });
      expect(word?.unsure).toBeUndefined();
      await harness.fake
        .bus('decision-logger')
        .write((batch) => drawProjection(batch, kept(stateAt('ACTIVE', T0 - 5_000))));
      const again = await harness.restart();
      expect(await stateOf(again)).toMatchObject({ state });
    }
  });

  test('waits for the ledger, so the first frame of a replay has its state', async () => {
    const fake = createFakeRedis();
    const opening = openEngineHarness({ fake, projection: false, mode: lockStep, ledgerWaitMs: 20_000 });
    await eventually('the start', () => fake.hashes.has('fleet:mode'));
    await fake.bus('decision-logger').write((batch) => drawProjection(batch));
    const harness = await opening;
    await harness.book(bookOf(-0.8, T0, { seq: 1 }));
    expect(harness.signals).toHaveLength(1);
  });
});

describe('if Redis and the ledger differ', () => {
  test.each([
    ['Redis went back behind a halt', 'ACTIVE', T0 - 9_000, 'HALTED', T0 - 5_000, 'HALTED'],
    ['Redis went back behind a start', 'HALTED', T0 - 9_000, 'ACTIVE', T0 - 5_000, 'HALTED'],
    ['the ledger missed a start', 'ACTIVE', T0 - 5_000, 'HALTED', T0 - 9_000, 'ACTIVE'],
    ['the ledger missed a halt', 'HALTED', T0 - 5_000, 'ACTIVE', T0 - 9_000, 'HALTED'],
  ] as const)('%s', async (_, shown, shownTs, remembered, rememberedTs, expected) => {
    const harness = await startOn(stateAt(shown, shownTs), kept(stateAt(remembered, rememberedTs)));
    const state = await stateOf(harness);
    expect(state?.state).toBe(expected);
    // The ledger stores a state that is newer than its own.
    expect(state?.changed_ts).toBeGreaterThanOrEqual(rememberedTs);
  });

  test('a ledger published late stops what an older Redis state allows', async () => {
    const harness = await startOn(stateAt('ACTIVE', T0 - 9_000), undefined);
    expect(await stateOf(harness)).toMatchObject({ state: 'ACTIVE' });
    const halted = kept(stateAt('HALTED', T0 - 5_000));
    await harness.fake.bus('decision-logger').write((batch) => drawProjection(batch, halted));
    await eventually('the halt', async () => (await stateOf(harness))?.state === 'HALTED');
    expect(await refusedByState(harness)).toBe(true);
  });

  test('a start by an operator counts, although the clock was set back since the halt', async () => {
    const harness = await startOn(undefined, kept(stateAt('HALTED', T0 + 3_600_000)));
    await harness.command(aCommand('start', 'c1'));
    expect(await stateOf(harness)).toMatchObject({ state: 'ACTIVE', changed_ts: T0 + 3_600_001 });
    await harness.positions([]);
    expect(await stateOf(harness)).toMatchObject({ state: 'ACTIVE' });
  });

  test('the state of another run is ignored', async () => {
    const foreign = stateAt('ACTIVE', T0, { run: 'another' });
    const harness = await startOn(foreign, kept(stateAt('HALTED', T0 - 5_000)));
    expect(await stateOf(harness)).toMatchObject({ state: 'HALTED', run: RUN });
  });
});

describe('a state written into the key by hand', () => {
  const byHand = (harness: EngineHarness, state: FleetState) =>
    harness.service.bus.write((batch) => batch.setRecord(Records.fleetState, state));
  const told = (harness: EngineHarness) =>
    harness.service.lines.filter(({ message }) => message.includes('overwritten by hand'));

  test.each([
    ['HALTED', 0],
    ['HALTED', 60_000],
    ['REDUCING', 60_000],
  ] as const)('%s is ignored and replaced, stamped %d ms later', async (state, laterMs) => {
    const harness = await openEngineHarness();
    const before = (await stateOf(harness)) as FleetState;
    const typed = { ...before, state, changed_ts: before.changed_ts + laterMs };
    const ledger = harness.fake.bus('decision-logger').write((batch) => {
      if (laterMs > 0) drawProjection(batch, kept(typed));
    });
    await Promise.all([byHand(harness, typed), ledger]);
    await eventually('our own', async () => (await stateOf(harness))?.state === 'ACTIVE');
    const after = (await stateOf(harness)) as FleetState;
    expect(after).toEqual({ ...before, changed_ts: laterMs === 0 ? before.changed_ts : typed.changed_ts + 1 });
    expect(told(harness)).toMatchObject([{ level: 'warn', fields: { state: 'ACTIVE', shown: state } }]);
    await harness.book(bookOf(-0.8));
    expect(harness.signals).toHaveLength(1);
    expect(await stateOf(harness)).toEqual(after);
  });

  test('ACTIVE allows nothing while trading is stopped, and a changed reason is replaced by ours', async () => {
    const harness = await openEngineHarness();
    await harness.command(aCommand('stop', 'c1'));
    const before = (await stateOf(harness)) as FleetState;
    for (const typed of [{ ...before, state: 'ACTIVE' } as const, { ...before, reason: 'typed' }]) {
      await byHand(harness, typed);
      await eventually(
        'our own',
        async () => (await stateOf(harness))?.reason === before.reason && told(harness).length > 0,
      );
      await eventually('our state', async () => (await stateOf(harness))?.state === 'REDUCING');
    }
    expect(await refusedByState(harness)).toBe(true);
    expect(told(harness)).toHaveLength(2);
  });

  test('commands alone cause no such line', async () => {
    const harness = await openEngineHarness();
    for (const [i, action] of (['stop', 'start', 'flatten', 'start'] as const).entries())
      await harness.command(aCommand(action, `c${i}`));
    await harness.positions([]);
    expect(told(harness)).toEqual([]);
    expect(await stateOf(harness)).toMatchObject({ state: 'ACTIVE' });
  });
});

describe('while the ledger has a problem', () => {
  const lost: LedgerTrouble = { run: RUN, code: 'MISSING', message: 'm', action: 'a', since_ts: T0 };
  const show = (harness: { fake: EngineHarness['fake'] }, trouble: LedgerTrouble | undefined) =>
    harness.fake.bus('decision-logger').write((batch) => {
      if (trouble) batch.setRecord(Records.ledgerTrouble, trouble);
      else batch.remove(Records.ledgerTrouble);
    });
  const halted = { state: 'HALTED', reason: expect.stringContaining('the ledger is missing') };
  const untilState = (harness: EngineHarness, state: FleetState['state']) =>
    eventually(state, async () => (await stateOf(harness))?.state === state);

  test('an active fleet becomes HALTED, Start is refused, and afterwards only Start ends the halt', async () => {
    const harness = await openEngineHarness();
    expect(await stateOf(harness)).toMatchObject({ state: 'ACTIVE' });
    await show(harness, lost);
    await untilState(harness, 'HALTED');
    expect(await stateOf(harness)).toMatchObject(halted);
    expect(await refusedByState(harness)).toBe(true);
    await harness.command(aCommand('start', 'c1'));
    expect(await stateOf(harness)).toMatchObject({ ...halted, applied_commands: ['c1'] });
    await show(harness, undefined);
    const again = await harness.restart();
    expect(await stateOf(again)).toMatchObject(halted);
    await again.command(aCommand('start', 'c2'));
    expect(await stateOf(again)).toMatchObject({ state: 'ACTIVE' });
  });

  test.each([stateAt('ACTIVE', T0 - 9_000), undefined])('a start is HALTED, whatever Redis contains', async (shown) => {
    const fake = createFakeRedis();
    if (shown) await fake.bus('signal-engine').write((batch) => batch.setRecord(Records.fleetState, shown));
    await show({ fake }, lost);
    const harness = await openEngineHarness({ fake, projection: false });
    expect(await stateOf(harness)).toMatchObject(halted);
  });

  test.each<LedgerTrouble>([
    { ...lost, code: 'UNWRITABLE' },
    { ...lost, run: 'another' },
  ])('$code of $run halts nothing', async (trouble) => {
    const harness = await openEngineHarness();
    await show(harness, trouble);
    await harness.command(aCommand('stop', 'c1'));
    await harness.command(aCommand('start', 'c2'));
    expect(await stateOf(harness)).toMatchObject({ state: 'ACTIVE' });
  });
});
