import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Records, Streams } from '@helios/shared/contracts/catalog.ts';
import { aSignal } from '@helios/shared/testing/builders.ts';
import { afterEach, expect, test, vi } from 'vitest';
import { enterScene, untilRecorded } from './harness/busy-scene.ts';
import { TestFleet } from './harness/fleet.ts';
import { recordedIds } from './harness/ledger-reader.ts';
import { expectOneTruth } from './harness/one-truth.ts';

const soon = { timeout: 60_000, interval: 100 };
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** The file that Redis appends to. */
function appendOnlyFile(fleet: TestFleet): string {
  const folder = join(fleet.dataDir, 'redis-data', 'appendonlydir');
  const files = readdirSync(folder).filter((name) => name.endsWith('.incr.aof'));
  return join(folder, files.sort((a, b) => Number(a.split('.')[2]) - Number(b.split('.')[2])).at(-1) ?? '');
}

/**
 * `kill -9` leaves Redis' file whole, a power cut does not: its end is cut off here. The supervisor waits before it starts
 * a Redis that died for the third time within a minute, which is when the cut is made.
 */
test('what a crash of Redis loses is missing everywhere, and nothing else is', { timeout: 180_000 }, async () => {
  const fleet = await TestFleet.start({});
  cleanups.push(() => fleet.remove());
  const { load, page, leave } = await enterScene(fleet, 'kept', 'redis loss');
  cleanups.push(leave);
  const engine = await fleet.connect('signal-engine');
  cleanups.push(() => engine.close());
  for (let crash = 0; crash < 2; crash += 1) {
    await fleet.kill('redis');
    await fleet.up('redis');
  }
  await load.burst(100);
  await untilRecorded(
    load.sent().map(({ id }) => id),
    fleet,
  );
  await vi.waitFor(() => expectOneTruth(fleet.dataDir, page), soon);

  const logger = await fleet.up('decision-logger');
  process.kill(logger, 'SIGSTOP');
  const keptBytes = statSync(appendOnlyFile(fleet)).size;
  const run = (await page.getRecord(Records.fleetMode))?.run ?? '';
  const append = (...ids: string[]) =>
    engine.write((batch) => {
      for (const signal_id of ids)
        batch.append(Streams.signals, aSignal({ signal_id, run, timestamp: Date.now(), ts_init: Date.now() }));
    });
  // The reader waits for one, which is in its hands by that; what follows is unread.
  await append('in-hands');
  const unread = Array.from({ length: 20 }, (_, i) => `unread-${i}`);
  await append(...unread);
  await fleet.kill('redis');
  truncateSync(appendOnlyFile(fleet), keptBytes);
  await fleet.up('redis');
  process.kill(logger, 'SIGCONT');

  await load.burst(100);
  await untilRecorded(
    load.sent().map(({ id }) => id),
    fleet,
  );
  await vi.waitFor(() => expectOneTruth(fleet.dataDir, page), soon);
  const recorded = recordedIds(fleet.dataDir);
  expect(unread.filter((id) => recorded.has(id))).toEqual([]);
  expect(recorded.has('in-hands')).toBe(true);
  expect(fleet.logged().filter(({ level }) => level === 'FATAL')).toEqual([]);
  expect(await fleet.up('decision-logger')).toBe(logger);
});
