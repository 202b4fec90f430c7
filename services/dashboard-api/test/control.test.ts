import { Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { FleetMode, OperatorCommand } from '@helios/shared/domain/fleet.ts';
import type { LiveStatus } from '@helios/shared/domain/live-status.ts';
import { aLiveStatus, aMode, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { describe, expect, test } from 'vitest';
import { createControl } from '../src/endpoints/control.ts';
import { startDashboard, until } from './start-dashboard.ts';

/** A signal-engine that applies commands as the real one does. */
async function withEngine(answers = true, mode: Partial<FleetMode> = {}) {
  const page = await startDashboard({ mode });
  await page.login();
  const engine = page.fake.bus('signal-engine');
  const commands: OperatorCommand[] = [];
  let applied: string[] = [];
  const states = { start: 'ACTIVE', stop: 'REDUCING', flatten: 'HALTED', halt: 'HALTED' } as const;
  await engine.consume(Streams.operatorCommands, async (command) => {
    commands.push(command);
    if (!answers || applied.includes(command.command_id)) return;
    applied = [command.command_id, ...applied];
    await engine.write((batch) =>
      batch.setRecord(Records.fleetState, {
        state: states[command.action],
        reason: `operator: ${command.action}`,
        changed_ts: T0,
        applied_commands: applied,
      }),
    );
  });
  return { ...page, commands };
}

test('a command goes to the stream, and the answer has the resulting state', async () => {
  const page = await withEngine();
  const response = await page.post('/api/control', { action: 'stop', command_id: 'c1' });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({
    command_id: 'c1',
    action: 'stop',
    applied: true,
    trading: { state: 'REDUCING' },
    message: 'Trading state: REDUCING.',
  });
  expect(page.commands).toEqual([
    { command_id: 'c1', action: 'stop', issued_by: 'dashboard', issued_ts: page.wall.now() },
  ]);
});

test('a halt has its author and reason, and without a reason is refused with advice', async () => {
  const page = await withEngine();
  const refused = await page.post('/api/control', { action: 'halt', command_id: 'h1' });
  expect(refused.status).toBe(400);
  expect(JSON.stringify(await refused.json())).toContain('a halt needs a reason');
  expect(page.commands).toEqual([]);
  const reason = 'the venue shows a position that is not ours';
  const response = await page.post('/api/control', { action: 'halt', command_id: 'h1', reason });
  expect(await response.json()).toMatchObject({ applied: true, trading: { state: 'HALTED' } });
  expect(page.commands).toEqual([
    { command_id: 'h1', action: 'halt', reason, issued_by: 'dashboard', issued_ts: page.wall.now() },
  ]);
});

test('the same command id sent again, also at the same time, is one command', async () => {
  const page = await withEngine();
  const send = () => page.post('/api/control', { action: 'flatten', command_id: 'c1' });
  const answers = await Promise.all([send(), send(), send()]);
  answers.push(await send());
  for (const answer of answers) expect(await answer.json()).toMatchObject({ applied: true, command_id: 'c1' });
  expect(page.commands).toHaveLength(1);
});

test('overlapping presses before anything is written are one command', async () => {
  const fake = createFakeRedis();
  const wall = createFakeClock();
  const control = createControl({ bus: fake.bus('dashboard-api'), wall, mode: aMode() });
  const pressed = Promise.all([control('stop', 'c1'), control('stop', 'c1')]);
  await until(() => fake.stream('operator_commands').messages.length > 0, 'the command');
  const state = { state: 'REDUCING', reason: 'operator', changed_ts: T0, applied_commands: ['c1'] } as const;
  await fake
    .bus('signal-engine')
    .write((batch) => batch.setRecord(Records.fleetState, { ...state, applied_commands: ['c1'] }));
  expect(await pressed).toMatchObject([{ applied: true }, { applied: true }]);
  expect(fake.stream('operator_commands').messages).toHaveLength(1);
});

test('an id sent by an earlier process of the dashboard is not sent again', async () => {
  const page = await withEngine();
  await page.fake
    .bus('signal-engine')
    .write((batch) =>
      batch.setRecord(Records.fleetState, { state: 'ACTIVE', reason: '', changed_ts: T0, applied_commands: ['old'] }),
    );
  const answer = await page.post('/api/control', { action: 'start', command_id: 'old' });
  expect(await answer.json()).toMatchObject({ applied: true, trading: { state: 'ACTIVE' } });
  expect(page.commands).toEqual([]);
});

test('an id used for another action is refused', async () => {
  const page = await withEngine();
  await page.post('/api/control', { action: 'stop', command_id: 'c1' });
  const answer = await page.post('/api/control', { action: 'start', command_id: 'c1' });
  expect(answer.status).toBe(409);
  expect(await answer.json()).toMatchObject({ code: 'COMMAND_ID_REUSED' });
  expect(page.commands).toHaveLength(1);
});

test('an id sent by an earlier process for another action is refused', async () => {
  const page = await withEngine();
  await page.fake.bus('signal-engine').write((batch) =>
    batch.setRecord(Records.fleetState, {
      ...{ state: 'ACTIVE', reason: '', changed_ts: T0 },
      ...{ applied_commands: ['old'], applied_actions: { old: 'start' } },
    }),
  );
  const answer = await page.post('/api/control', { action: 'flatten', command_id: 'old' });
  expect(answer.status).toBe(409);
  expect(await answer.json()).toMatchObject({
    code: 'COMMAND_ID_REUSED',
    message: 'The command_id old was already used for start.',
  });
  expect(page.commands).toEqual([]);
});

test('an id whose first command still waited is refused too', async () => {
  const fake = createFakeRedis();
  const control = createControl({ bus: fake.bus('dashboard-api'), wall: createFakeClock(), mode: aMode() });
  const pressed = control('flatten', 'old');
  await until(() => fake.stream('operator_commands').messages.length > 0, 'the command');
  await fake.bus('signal-engine').write((batch) =>
    batch.setRecord(Records.fleetState, {
      ...{ state: 'REDUCING', reason: 'the stop that waited', changed_ts: T0 },
      ...{ applied_commands: ['old'], applied_actions: { old: 'stop' } },
    }),
  );
  await expect(pressed).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED' });
});

test('without an id each press is a separate command', async () => {
  const page = await withEngine();
  for (let i = 0; i < 2; i += 1) await page.post('/api/control', { action: 'stop' });
  expect(new Set(page.commands.map(({ command_id }) => command_id)).size).toBe(2);
  expect(page.commands).toHaveLength(2);
});

test('if nobody applies it the answer says so after two seconds', async () => {
  const page = await withEngine(false);
  const answer = await page.post('/api/control', { action: 'stop' });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ applied: false, message: expect.stringContaining('is stored') });
});

test('a command that Redis did not accept is an error, and the same id works afterwards', async () => {
  const page = await withEngine();
  page.fake.goDown();
  expect((await page.post('/api/control', { action: 'stop', command_id: 'c1' })).status).toBe(503);
  page.fake.comeBack();
  await page.fake.settle();
  const answer = await page.post('/api/control', { action: 'stop', command_id: 'c1' });
  expect(await answer.json()).toMatchObject({ applied: true });
  expect(page.commands).toHaveLength(1);
});

describe('in live', () => {
  const live = { mode: 'live', network: 'testnet' } as const;
  const withStatus = async (changes: Partial<LiveStatus> = {}) => {
    const page = await withEngine(true, live);
    const execution = page.fake.bus('execution-manager');
    await execution.write((batch) =>
      batch.setRecord(Records.liveStatus, aLiveStatus({ updated_ts: page.wall.now(), ...changes })),
    );
    return page;
  };

  test.each<[string, Partial<LiveStatus>, RegExp]>([
    [
      'an open reason',
      { can_enter: false, blocked_by: [{ code: 'USER_STREAM', reason: 'no user stream' }] },
      /^Start is refused\. USER_STREAM: no user stream$/,
    ],
    ['an old status', { updated_ts: T0 - 60_000 }, /execution-manager has reported nothing/],
    ['the status of another run', { run: 'live:testnet:other' }, /execution-manager has reported nothing/],
  ])('%s refuses Start at once, with advice, and nothing goes to the stream', async (_, changes, message) => {
    const page = await withStatus(changes);
    const answer = await page.post('/api/control', { action: 'start' });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toEqual({
      code: 'START_REFUSED',
      message: expect.stringMatching(message),
      action: expect.stringContaining('press Start again'),
    });
    expect(page.commands).toEqual([]);
    expect(await page.read('/api/state')).toMatchObject({ start_refused: expect.any(String) });
  });

  test('an account that is ready lets Start pass, and so does one that only waits for it', async () => {
    const page = await withStatus({ can_enter: false, blocked_by: [{ code: 'TRADING_STATE', reason: 'HALTED' }] });
    expect((await page.post('/api/control', { action: 'start' })).status).toBe(200);
    expect(page.commands).toMatchObject([{ action: 'start' }]);
    expect(await page.read('/api/state')).not.toHaveProperty('start_refused');
  });

  test.each(['stop', 'flatten'] as const)('%s passes whatever the account says', async (action) => {
    const page = await withStatus({ can_enter: false, blocked_by: [{ code: 'NOT_READY', reason: 'a ban' }] });
    expect((await page.post('/api/control', { action })).status).toBe(200);
    expect(page.commands).toMatchObject([{ action }]);
  });
});

test('Start is refused while the ledger is lost, with the problem; Stop is not', async () => {
  const page = await withEngine();
  const trouble = { run: 'test-run', code: 'MISSING', message: 'It is gone.', action: 'a', since_ts: T0 } as const;
  await page.fake.bus('decision-logger').write((batch) => batch.setRecord(Records.ledgerTrouble, trouble));
  const start = await page.post('/api/control', { action: 'start' });
  expect(start.status).toBe(409);
  expect(await start.json()).toMatchObject({
    code: 'LEDGER_LOST',
    message: 'Start is refused. It is gone.',
    action: expect.stringContaining('docs/ledger.md'),
  });
  expect((await page.post('/api/control', { action: 'stop' })).status).toBe(200);
  expect(page.commands.map(({ action }) => action)).toEqual(['stop']);
});
