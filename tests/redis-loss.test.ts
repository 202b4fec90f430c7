import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Records, Streams } from '@helios/shared/contracts/catalog.ts';
import { aSignal } from '@helios/shared/testing/builders.ts';
import { afterEach, expect, test, vi } from 'vitest';
import { openBusyFleet, untilRecorded } from './harness/busy-fleet.ts';
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
 * Stops decision-logger with an unacknowledged signal. `append` writes one, and the waiting read receives it although
 * the process is stopped. Between two reads it receives nothing; then it continues and is stopped again. Resolves to
 * the signal's id.
 */
async function stopWithASignal(
  fleet: TestFleet,
  logger: number,
  append: (id: string) => Promise<unknown>,
): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const id = `in-hands-${attempt}`;
    process.kill(logger, 'SIGSTOP');
    await append(id);
    // The first figure of the reply is the number of delivered, unacknowledged messages.
    if (/^\*4\r\n:1\r\n/.test(await fleet.redis('XPENDING', Streams.signals.name, 'decision-logger'))) return id;
    process.kill(logger, 'SIGCONT');
    await untilRecorded([id], fleet);
  }
}

/**
 * `kill -9` leaves Redis' file complete, but a power cut does not: this test cuts its end off. The supervisor waits
 * before the third restart of Redis within a minute; the cut happens in that time.
 */
test('F22 data lost in a crash of Redis is missing everywhere, and nothing else is', { timeout: 180_000 }, async () => {
  const fleet = await TestFleet.start({});
  cleanups.push(() => fleet.remove());
  const { load, page, leave } = await openBusyFleet(fleet, 'kept', 'redis loss');
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
  const run = (await page.getRecord(Records.fleetMode))?.run ?? '';
  // An exit, because for an entry on a new symbol decision-logger first reads the instrument from Redis.
  const append = (...ids: string[]) =>
    engine.write((batch) => {
      const ts = Date.now();
      for (const signal_id of ids)
        batch.append(Streams.signals, aSignal({ signal_id, direction: 'EXIT_LONG', run, timestamp: ts, ts_init: ts }));
    });
  let keptBytes = 0;
  const inHands = await stopWithASignal(fleet, logger, (id) => {
    keptBytes = statSync(appendOnlyFile(fleet)).size;
    return append(id);
  });
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
  expect(recorded.has(inHands)).toBe(true);
  expect(fleet.logged().filter(({ level }) => level === 'FATAL')).toEqual([]);
  expect(await fleet.up('decision-logger')).toBe(logger);
});
