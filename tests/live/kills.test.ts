import type { FleetPart } from '@helios/fleet/rehearse/process-watch.ts';
import { Maps, Records } from '@helios/shared/contracts/catalog.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, onTestFinished, test } from 'vitest';
import { BUSY_LIVE, type LiveFleet, openLiveFleet } from './live-fleet.ts';

const WITHIN_MS = 60_000;
const HOLD = {
  ...BUSY_LIVE,
  RISK_MAX_HOLD_SEC: '600',
  RISK_REVERSAL_EXIT: 'off',
  RISK_TRAILING_STOP: 'false',
  RISK_STOP_LOSS_ATR: '50',
  RISK_TAKE_PROFIT_ATR: '100',
  RISK_MIN_STOP_PCT: '1',
};

/** A fleet with a covered position that no exit closes soon. */
async function withPosition(): Promise<LiveFleet> {
  const live = await openLiveFleet({ env: HOLD });
  live.launch();
  await live.fleet.running();
  await live.pressStart();
  await isCovered(live);
  return live;
}

/** Resolves when Redis shows a position and the venue its stop. */
async function isCovered({ fleet, account }: LiveFleet): Promise<void> {
  const bus = await fleet.connect('dashboard-api');
  try {
    await eventually(
      'a covered position',
      async () => {
        const shown = Object.values(await bus.getMap(Maps.openPositions).catch(() => ({})));
        const { open_algo_orders } = await account();
        return shown.some(({ cover }) => cover?.state === 'COVERED') && open_algo_orders.length === 1;
      },
      WITHIN_MS,
    );
  } finally {
    await bus.close();
  }
}

/** Flattens, and compares both ledgers. */
async function endsClean(live: LiveFleet): Promise<void> {
  const bus = await live.fleet.connect('dashboard-api');
  onTestFinished(() => bus.close());
  await eventually(
    'flatten is taken',
    async () => (await live.press('flatten').catch(() => undefined))?.status === 200,
    WITHIN_MS,
  );
  await eventually('the proof', async () => (await bus.getRecord(Records.fleetState))?.state === 'HALTED', WITHIN_MS);
  const { positions, open_orders, open_algo_orders } = await live.account();
  expect([positions, open_orders, open_algo_orders]).toEqual([[], [], []]);
  await eventually('both ledgers agree', async () => (await live.audit()).length === 0, 20_000).catch(async () =>
    expect(await live.audit()).toEqual([]),
  );
}

test('kill -9 of each service with a position open: one entry, one stop, and the same position afterwards', async () => {
  const live = await withPosition();
  const before = await live.account();
  for (const member of ['execution-manager', 'risk-manager', 'signal-engine', 'decision-logger'] as const) {
    await live.fleet.kill(member satisfies FleetPart);
    await live.fleet.up(member);
    await isCovered(live);
    expect((await live.account()).positions).toEqual(before.positions);
  }
  await endsClean(live);
}, 300_000);

test('kill -9 of Redis with a position open: the venue keeps its stop, and everything goes on afterwards', async () => {
  const live = await withPosition();
  const before = await live.account();
  await live.fleet.kill('redis');
  expect((await live.account()).open_algo_orders.length).toBe(1);
  await live.fleet.up('redis');
  await isCovered(live);
  expect((await live.account()).positions).toEqual(before.positions);
  await endsClean(live);
}, 300_000);

test('a fleet that was stopped with a position open goes on with it: the state stays ACTIVE', async () => {
  const live = await withPosition();
  const before = await live.account();
  expect(await live.fleet.stop()).toBe(0);
  expect(await live.account()).toMatchObject({ positions: before.positions });
  expect((await live.account()).open_algo_orders.length).toBe(1);
  live.launch();
  await live.fleet.running();
  await isCovered(live);
  const bus = await live.fleet.connect('dashboard-api');
  onTestFinished(() => bus.close());
  expect(await bus.getRecord(Records.fleetState)).toMatchObject({ state: 'ACTIVE' });
  expect((await live.account()).positions).toEqual(before.positions);
  await endsClean(live);
}, 300_000);
