import { Channels, Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { OpenPosition, PositionUpdate } from '@helios/shared/domain/position.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, onTestFinished, test } from 'vitest';
import { BUSY_LIVE, openLiveFleet } from './live-fleet.ts';

test('a live fleet enters, rests its stop on the venue, leaves, and says so', async () => {
  const live = await openLiveFleet({ env: BUSY_LIVE });
  const { fleet } = live;
  live.launch();
  await fleet.running();
  const bus = await fleet.connect('dashboard-api');
  onTestFinished(() => bus.close());
  const updates: PositionUpdate[] = [];
  await bus.subscribe(Channels.positionUpdates, (update) => void updates.push(update));
  expect(await bus.getRecord(Records.fleetState)).toMatchObject({ state: 'HALTED' });
  expect((await live.account()).positions).toEqual([]);

  await live.pressStart();
  const covered = await eventually(
    'a covered position',
    async () => Object.values(await bus.getMap(Maps.openPositions)).find(isCovered),
    60_000,
  );
  expect(covered).toMatchObject({ symbol: 'BTCUSDT', simulated: false });
  await eventually(
    'a closed position',
    async () => (await bus.getLatest(Streams.executions, 100)).find(isFilledExit),
    60_000,
  );
  expect((await live.press('flatten')).status).toBe(200);
  await eventually('the proof', async () => (await bus.getRecord(Records.fleetState))?.state === 'HALTED', 60_000);
  const account = await live.account();
  expect([account.positions, account.open_orders, account.open_algo_orders]).toEqual([[], [], []]);
  expect(updates.some(({ executions: answers = [] }) => answers.some(({ answer }) => answer === 'FILLED'))).toBe(true);
  await eventually('our books equal those of the venue', async () => (await live.audit()).length === 0, 20_000).catch(
    async () => expect(await live.audit()).toEqual([]),
  );
  expect(await fleet.stop()).toBe(0);
}, 240_000);

const isCovered = ({ cover }: OpenPosition): boolean => cover?.state === 'COVERED';
const isFilledExit = ({ purpose, answer }: Execution): boolean => purpose === 'EXIT' && answer === 'FILLED';
