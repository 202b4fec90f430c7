import { eventually } from '@helios/shared/testing/eventually.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  BUSY,
  type BusyFleet,
  notRecorded,
  openBusyFleet,
  pressStop,
  takenByRedis,
  untilFlat,
} from './harness/busy-fleet.ts';
import { TestFleet } from './harness/fleet.ts';
import { readLedger, recordedSignals } from './harness/ledger-reader.ts';
import { expectOneTruth } from './harness/one-truth.ts';

const SEED = process.env['HELIOS_CHAOS_SEED'] ?? String(Date.now() % 100_000);
const LIMIT = { timeout: 600_000 };
const soon = { timeout: 60_000, interval: 100 };

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function startBusyFleet(): Promise<TestFleet> {
  const fleet = await TestFleet.start({ env: BUSY });
  cleanups.push(() => fleet.remove());
  return fleet;
}

async function connected(fleet: TestFleet, name = 'load'): Promise<BusyFleet> {
  const busyFleet = await openBusyFleet(fleet, name, SEED);
  cleanups.push(() => busyFleet.leave());
  return busyFleet;
}

describe('kill -9, under load', () => {
  it('of the supervisor: no process remains, and the next start continues where it ended', LIMIT, async () => {
    const fleet = await startBusyFleet();
    const before = await connected(fleet);
    before.load.start();
    await eventually('a load', () => recordedSignals(fleet.dataDir) > 100, 30_000);
    await before.load.stop();
    await fleet.killSupervisor();
    await eventually('no process of it is left', () => fleet.leftovers().length === 0, 10_000);
    const kept = readLedger(fleet.dataDir).decisions;

    fleet.launch({ env: BUSY });
    await fleet.running();
    const after = await connected(fleet, 'later');
    await pressStop(after);
    await untilFlat(after);
    const ledger = await vi.waitFor(() => expectOneTruth(fleet.dataDir, after.page), soon);
    expect(ledger.decisions.slice(0, kept.length)).toEqual(kept);
    expect(notRecorded(takenByRedis(before), before)).toEqual([]);
    expect(await fleet.stop()).toBe(0);
    await eventually('no process of it is left', () => fleet.leftovers().length === 0);
  });
});
