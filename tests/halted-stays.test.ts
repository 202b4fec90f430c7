import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { FleetMode, OperatorCommand } from '@helios/shared/domain/fleet.ts';
import { aMode, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeRedis, type FakeRedisWithBuses } from '@helios/shared/testing/fake-bus.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decisionLogger } from '../services/decision-logger/src/service.ts';
import { createSignalEngine } from '../services/signal-engine/src/service.ts';

const PUBLIC = aMode({ mode: 'public', network: 'mainnet', run: 'public:mainnet', source: undefined });
const SEED = aMode({ run: 'synthetic:seed:1' });
const clock = createFakeClock(T0);
let folder: string;
let fleets: Fleet[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'helios-halted-'));
});
afterEach(async () => {
  for (const fleet of fleets) await fleet.stop();
  fleets = [];
  rmSync(folder, { recursive: true, force: true });
});

interface Fleet {
  readonly fake: FakeRedisWithBuses;
  state(): Promise<string | undefined>;
  /** Sends a command; resolves once the ledger has the resulting `state`. */
  command(action: OperatorCommand['action'], state: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts signal-engine and decision-logger. The same folder keeps their ledgers; a new Redis is a wiped one. */
async function startFleet(mode: FleetMode, fake = createFakeRedis()): Promise<Fleet> {
  const settings = defaultSettings({ system: { data_dir: folder, log_dir: join(folder, 'logs') } });
  const services = await Promise.all([
    startOnFakeBus(createSignalEngine({ wall: clock }), { fake, mode, settings, clock }),
    startOnFakeBus(decisionLogger, { fake, mode, settings, clock }),
  ]);
  await fake.settle();
  const page = fake.bus('dashboard-api');
  const state = async () => (await page.getRecord(Records.fleetState))?.state;
  const remembered = async () => {
    const trading = (await fake.bus('signal-engine').getRecord(Records.ledgerProjection))?.trading;
    return trading?.kind === 'KEPT' ? trading.state.state : trading?.kind;
  };
  let stopped = false;
  const fleet: Fleet = {
    fake,
    state,
    async command(action, expected) {
      const command = { command_id: `${action}-${Math.random()}`, action, issued_by: 'a test', issued_ts: T0 };
      await page.write((batch) => batch.append(Streams.operatorCommands, command));
      await eventually(`${expected} in the ledger`, async () => (await remembered()) === expected);
      expect(await state()).toBe(expected);
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      for (const service of services) {
        await service.stop();
        expect(service.faults).toEqual([]);
      }
    },
  };
  fleets.push(fleet);
  return fleet;
}

test('a first start is ACTIVE', async () => {
  expect(await (await startFleet(PUBLIC)).state()).toBe('ACTIVE');
});

test.each([
  ['flatten', 'HALTED'],
  ['stop', 'REDUCING'],
] as const)('after %s the account is %s again on a wiped Redis', async (action, state) => {
  const before = await startFleet(PUBLIC);
  await before.command(action, state);
  await before.stop();
  expect(await (await startFleet(PUBLIC)).state()).toBe(state);
});

test('a halted account stays HALTED after other runs, which are not halted', async () => {
  const halted = await startFleet(PUBLIC);
  await halted.command('flatten', 'HALTED');
  await halted.stop();
  // No start finds an archive of the other run any more.
  const other = await startFleet(SEED);
  expect(await other.state()).toBe('ACTIVE');
  await other.stop();
  expect(await (await startFleet(PUBLIC)).state()).toBe('HALTED');
});

test('Start ends a halt for good', async () => {
  const before = await startFleet(PUBLIC);
  await before.command('flatten', 'HALTED');
  await before.command('start', 'ACTIVE');
  await before.stop();
  expect(await (await startFleet(PUBLIC)).state()).toBe('ACTIVE');
});

test('a wipe while the fleet runs changes nothing', async () => {
  const fleet = await startFleet(PUBLIC);
  await fleet.command('flatten', 'HALTED');
  fleet.fake.hashes.clear();
  await eventually('the state again', async () => (await fleet.state()) === 'HALTED');
});

test('a wipe during a restart of signal-engine leaves the account HALTED', async () => {
  const fleet = await startFleet(PUBLIC);
  await fleet.command('flatten', 'HALTED');
  await fleet.stop();
  fleet.fake.hashes.clear();
  expect(await (await startFleet(PUBLIC, fleet.fake)).state()).toBe('HALTED');
});

test('a ledger of an earlier version without a state is HALTED if Redis has lost the state too, with advice', async () => {
  const before = await startFleet(PUBLIC);
  await before.stop();
  const ledger = new DatabaseSync(join(folder, 'ledger', 'public-mainnet.sqlite'));
  ledger.exec("DELETE FROM meta WHERE name = 'trading_state'");
  ledger.close();
  // Redis still has it, so the account continues.
  const upgraded = await startFleet(PUBLIC, before.fake);
  expect(await upgraded.state()).toBe('ACTIVE');
  await eventually('the state in the ledger', async () => {
    const image = await upgraded.fake.bus('signal-engine').getRecord(Records.ledgerProjection);
    return image?.trading?.kind === 'KEPT';
  });
  await upgraded.stop();
  const again = new DatabaseSync(join(folder, 'ledger', 'public-mainnet.sqlite'));
  again.exec("DELETE FROM meta WHERE name = 'trading_state'");
  again.close();
  const wiped = await startFleet(PUBLIC);
  expect(await wiped.fake.bus('dashboard-api').getRecord(Records.fleetState)).toMatchObject({
    state: 'HALTED',
    reason: expect.stringContaining('press Start'),
  });
});

test('a replay of a recording that Redis does not know starts ACTIVE, each with its own ledger', async () => {
  const source: FleetMode['source'] = { kind: 'replay', files: ['x.gz'], speed: 'max', exit: true };
  const replay = (session: string) => aMode({ run: 'synthetic:replay:x:1', session, source });
  const first = await startFleet(replay('s1'));
  expect(await first.state()).toBe('ACTIVE');
  await first.command('flatten', 'HALTED');
  await first.stop();
  expect(await (await startFleet(replay('s2'))).state()).toBe('ACTIVE');
});
