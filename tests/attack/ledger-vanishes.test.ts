import { copyFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { ManagedBus } from '@helios/shared/runtime/managed-bus.ts';
import { aSignal } from '@helios/shared/testing/builders.ts';
import { afterEach, expect, test, vi } from 'vitest';
import { TestFleet } from '../harness/fleet.ts';
import { recordedIds } from '../harness/ledger-reader.ts';

const soon = { timeout: 30_000, interval: 100 };
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const folderOf = (fleet: TestFleet) => join(fleet.dataDir, 'ledger');
const ledgerOf = (fleet: TestFleet) => {
  const [name = ''] = readdirSync(folderOf(fleet)).filter((file) => file.endsWith('.sqlite'));
  return join(folderOf(fleet), name);
};

/** Appends signals as signal-engine does. */
async function append(engine: ManagedBus<'signal-engine'>, ids: readonly string[]): Promise<void> {
  const run = (await engine.getRecord(Records.fleetMode))?.run ?? '';
  const now = { run, symbol: 'MADEUPUSDT', timestamp: Date.now(), ts_init: Date.now() };
  await engine.write((batch) => {
    for (const [n, signal_id] of ids.entries())
      batch.append(Streams.signals, aSignal({ signal_id, direction: n % 2 === 0 ? 'LONG' : 'EXIT_LONG', ...now }));
  });
}

const namesOf = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name}-${n}`);

async function untilRecorded(fleet: TestFleet, ids: readonly string[]): Promise<void> {
  await vi.waitFor(() => {
    const recorded = recordedIds(fleet.dataDir);
    expect(ids.filter((id) => !recorded.has(id))).toEqual([]);
  }, soon);
}

async function alertsOf(page: ManagedBus<'dashboard-api'>) {
  return (await page.getLatest(Streams.alerts, 100)).map(({ code, stage, message }) => ({ code, stage, message }));
}

test('a deleted ledger is written back while it is open, and missed at the next start', {
  timeout: 180_000,
}, async () => {
  const fleet = await TestFleet.start({});
  cleanups.push(() => fleet.remove());
  let engine = await fleet.connect('signal-engine');
  let page = await fleet.connect('dashboard-api');
  const before = namesOf('before', 40);
  await append(engine, before);
  await untilRecorded(fleet, before);

  // Deleted with its folder while the service runs; the service is then killed.
  rmSync(folderOf(fleet), { recursive: true });
  await vi.waitFor(() => expect(existsSync(folderOf(fleet)) && existsSync(ledgerOf(fleet))).toBe(true), soon);
  await untilRecorded(fleet, before);
  const after = namesOf('after', 10);
  await append(engine, after);
  await untilRecorded(fleet, [...before, ...after]);
  await fleet.kill('decision-logger');
  await fleet.up('decision-logger');
  await untilRecorded(fleet, [...before, ...after]);
  await vi.waitFor(async () => {
    expect(await alertsOf(page)).toContainEqual({
      code: 'ERROR_LOGGED',
      stage: 'RAISED',
      message: expect.stringContaining(
        'the ledger was deleted or replaced while in use. It was written back completely',
      ),
    });
  }, soon);

  // Deleted while the fleet is down.
  await engine.close();
  await page.close();
  expect(await fleet.stop()).toBe(0);
  const ledger = ledgerOf(fleet);
  copyFileSync(ledger, join(fleet.folder, 'backup'));
  rmSync(ledger);
  fleet.launch({});
  await fleet.up('signal-engine');
  engine = await fleet.connect('signal-engine');
  page = await fleet.connect('dashboard-api');
  cleanups.push(
    () => engine.close(),
    () => page.close(),
  );
  await vi.waitFor(async () => {
    expect(await page.getRecord(Records.fleetState)).toMatchObject({
      state: 'HALTED',
      reason: expect.stringContaining('the ledger is missing'),
    });
    expect(await alertsOf(page)).toContainEqual({
      code: 'LEDGER_LOST',
      stage: 'RAISED',
      message: expect.stringMatching(/is missing: Redis has a record of 5\d decisions and \d+ trades/),
    });
  }, soon);
  expect(existsSync(ledger)).toBe(false);
  expect((await page.getRecord(Records.simulatedPnl))?.signals).toBeGreaterThanOrEqual(50);
  expect(fleet.logged().filter(({ level, service }) => level === 'ERROR' && service === 'decision-logger')).not.toEqual(
    [],
  );

  // With the restored file it continues and records the waiting signals. Trading waits for the operator.
  await append(engine, ['meanwhile']);
  await pause(1_500);
  expect(existsSync(ledger)).toBe(false);
  copyFileSync(join(fleet.folder, 'backup'), ledger);
  await untilRecorded(fleet, [...before, ...after, 'meanwhile']);
  expect(await page.getRecord(Records.fleetState)).toMatchObject({ state: 'HALTED' });
  await vi.waitFor(async () => expect(await page.getRecord(Records.ledgerTrouble)).toBeUndefined(), soon);
});
