import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInProcess } from '@helios/backtest/run-in-process.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import { Maps, Records } from '@helios/shared/contracts/catalog.ts';
import type { ServiceName } from '@helios/shared/domain/fleet.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { writeGeneratedRecording } from '@helios/synthetic-market/write-recording.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  BUSY,
  type BusyFleet,
  notRecorded,
  openBusyFleet,
  pressStop,
  takenByRedis,
  untilFlat,
  untilRecorded,
} from './harness/busy-fleet.ts';
import { TestFleet } from './harness/fleet.ts';
import { KillLoop } from './harness/kill-loop.ts';
import { readLedger, recordedSignals } from './harness/ledger-reader.ts';
import { expectOneTruth } from './harness/one-truth.ts';
import type { FleetMember } from './harness/process-watch.ts';

const SERVICES: readonly ServiceName[] = [
  'data-ingestor',
  'signal-engine',
  'decision-logger',
  'monitoring-agent',
  'dashboard-api',
];
/** DESIGN 5: a crash of Redis itself may lose the last second or two. */
const LOSS_WINDOW_MS = 2_000;
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

async function expectStopToOutlive(
  members: readonly FleetMember[],
  killer: KillLoop,
  busyFleet: BusyFleet,
): Promise<void> {
  const { fleet, page } = busyFleet;
  await pressStop(busyFleet);
  const stopped = await page.getRecord(Records.fleetState);
  for (const member of members) {
    await killer.kill(member);
    await fleet.up(member);
    expect(await vi.waitFor(() => page.getRecord(Records.fleetState), soon)).toEqual(stopped);
  }
}

/** What Redis took and nobody recorded was taken right before Redis died. Returns how many those are. */
function expectOnlyRedisToLose(busyFleet: BusyFleet, killer: KillLoop): number {
  const lost = notRecorded(takenByRedis(busyFleet), busyFleet);
  const byRedis = (takenMs: number) =>
    killer.timesOf('redis').some((killedMs) => takenMs <= killedMs && killedMs - takenMs <= LOSS_WINDOW_MS);
  expect(lost.filter(({ takenMs }) => !byRedis(takenMs))).toEqual([]);
  return lost.length;
}

async function expectNoOtherDeaths({ fleet, page }: BusyFleet, killer: KillLoop): Promise<void> {
  expect(fleet.logged().filter(({ level }) => level === 'FATAL')).toEqual([]);
  expect(fleet.said.match(/^.* CRASHED +(?!SIGKILL|\s).*$/gm) ?? []).toEqual([]);
  const supervised = await page.getMap(Maps.supervisedServices);
  const restarts = Object.fromEntries(SERVICES.map((name) => [name, supervised[name]?.restarts]));
  expect(restarts).toEqual(Object.fromEntries(SERVICES.map((name) => [name, killer.timesOf(name).length])));
}

describe('kill -9, under load', () => {
  const everywhere = 'of each service and of Redis: every signal is accounted for exactly once, everywhere the same';
  it(everywhere, LIMIT, async () => {
    const busyFleet = await connected(await startBusyFleet());
    const { fleet, load, page } = busyFleet;
    const killer = new KillLoop(fleet, load, new Rng(`kills ${SEED}`));
    const startedMs = performance.now();
    const active = await eventually('a trading state', () => page.getRecord(Records.fleetState));
    load.start();

    await killer.rounds(5, SERVICES);
    // Redis lived, so every signal is recorded.
    await untilRecorded(takenByRedis(busyFleet).keys(), fleet);

    await killer.rounds(5, [...SERVICES, 'redis']);
    expect(await page.getRecord(Records.fleetState)).toEqual(active);
    await expectStopToOutlive(['signal-engine', 'redis'], killer, busyFleet);

    await load.stop();
    await killer.kill('decision-logger');
    await fleet.up('decision-logger');
    await untilFlat(busyFleet);
    const ledger = await vi.waitFor(() => expectOneTruth(fleet.dataDir, page), soon);
    expect(ledger.positions.map(({ symbol }) => symbol)).toEqual(['LASTUSDT']);
    const lost = expectOnlyRedisToLose(busyFleet, killer);
    await expectNoOtherDeaths(busyFleet, killer);
    expect(killer.total).toBeGreaterThanOrEqual(50);
    const strategys = ledger.decisions.filter(({ decision_id }) => !decision_id.startsWith('load-')).length;
    expect(strategys).toBeGreaterThan(200);

    expect(await fleet.stop()).toBe(0);
    await eventually('no process of it is left', () => fleet.leftovers().length === 0);
    const seconds = Math.round((performance.now() - startedMs) / 1_000);
    console.info(
      `seed ${SEED}: ${killer.total} kills in ${seconds} s, ${ledger.decisions.length} signals (${strategys} of the ` +
        `strategy), ${ledger.trades.length} trades, ${lost} signals lost with Redis`,
    );
  });

  it('of the supervisor: no process is left, and the next start goes on where it ended', LIMIT, async () => {
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

  it('in the middle of a lock-step replay: the same signals, and every best bid/ask as recorded', LIMIT, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'helios-recording-'));
    cleanups.push(async () => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'generated.gz');
    await writeGeneratedRecording({ file, seed: 11, symbols: ['BTCUSDT', 'ETHUSDT'], seconds: 600 });

    const fleet = await TestFleet.prepare();
    cleanups.push(() => fleet.remove());
    const ended = fleet.runToEnd({ args: ['--replay', file, '--speed', 'max', '--exit'] });
    const page = await fleet.connect('dashboard-api');
    cleanups.push(() => page.close());
    const progress = () => page.getRecord(Records.replayProgress);
    for (const member of ['data-ingestor', 'decision-logger', 'data-ingestor', 'data-ingestor'] as const) {
      const from = (await progress())?.seq ?? 0;
      const at = await eventually(
        'the replay goes on',
        async () => {
          const now = await progress();
          return now !== undefined && now.seq > from + 100 ? now : undefined;
        },
        30_000,
      );
      expect(at.done).toBe(false);
      await fleet.kill(member);
      await fleet.up(member);
    }
    expect(await ended, fleet.said).toBe(0);

    const ledger = readLedger(fleet.dataDir);
    const source = createReplaySource({ files: [file], onFault: (fault) => expect.unreachable(JSON.stringify(fault)) });
    const undisturbed = await runInProcess(source, defaultSettings(), ledger.signals[0]?.run ?? '');
    const untimed = <T extends { ts_init: number }>(records: readonly T[]) =>
      records.map((one) => ({ ...one, ts_init: 0 }));
    expect(ledger.signals.length).toBeGreaterThan(0);
    expect(untimed(ledger.signals)).toEqual(untimed(undisturbed.signals));
    expect(untimed(ledger.decisions)).toEqual(untimed(undisturbed.decisions));
    expect(untimed(ledger.refusals)).toEqual(untimed(undisturbed.refusals));
    expect(undisturbed.counts.topsDifferent).toBe(0);
    expect(fleet.said).toContain(`best bid/ask compared ${undisturbed.counts.topsCompared}, different 0`);
  });
});
