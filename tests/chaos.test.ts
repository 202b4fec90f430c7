import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInProcess } from '@helios/backtest/run-in-process.ts';
import { Chance } from '@helios/market-data/generator/chance.ts';
import { writeGeneratedRecording } from '@helios/market-data/generator/write-recording.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import { Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { OperatorCommand, ServiceName } from '@helios/shared/domain/fleet.ts';
import type { ManagedBus } from '@helios/shared/runtime/managed-bus.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FleetMember } from './harness/crew-watch.ts';
import { TestFleet } from './harness/fleet.ts';
import { KillLoop } from './harness/kill-loop.ts';
import { readLedger, recordedSignals } from './harness/ledger-reader.ts';
import { expectOneTruth } from './harness/one-truth.ts';
import { SignalLoad } from './harness/signal-load.ts';

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
const LIMIT = { timeout: 300_000 };
const soon = { timeout: 60_000, interval: 100 };

/** Every gate open and short holds: the strategy signals several times a second. */
const BUSY = {
  TRADING_SYMBOLS: Array.from({ length: 20 }, (_, i) => `COIN${i}USDT`).join(),
  TRADING_MAX_OPEN_POSITIONS: '100',
  SIGNALS_NOBI_THRESHOLD: '0.1',
  SIGNALS_COOLDOWN_SEC: '0',
  SIGNALS_CONFIRMATION_COUNT: '1',
  SIGNALS_MIN_BOOK_HISTORY_SEC: '0',
  SIGNALS_VOLUME_GATE: 'false',
  SIGNALS_VWAP_GATE: 'false',
  SIGNALS_EDGE_GATE: 'off',
  TREND_ENABLED: 'false',
  REGIME_ENABLED: 'false',
  SENTIMENT_ENABLED: 'false',
  RISK_MAX_HOLD_SEC: '5',
};

/** A fleet with the load on it and the buses of those who watch. */
interface Scene {
  readonly fleet: TestFleet;
  readonly load: SignalLoad;
  readonly page: ManagedBus<'dashboard-api'>;
  /** Every signal that was seen in the stream, by id, with the time at which Redis took it. */
  readonly streamed: ReadonlyMap<string, number>;
}

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function connected(fleet: TestFleet, name = 'load'): Promise<Scene> {
  const engine = await fleet.connect('signal-engine');
  const page = await fleet.connect('dashboard-api');
  const onlooker = await fleet.connect('risk-manager');
  for (const bus of [engine, page, onlooker]) cleanups.push(() => bus.close());
  const streamed = new Map<string, number>();
  await onlooker.consume(Streams.signals, async ({ signal_id }, { id }) => {
    streamed.set(signal_id, Number.parseInt(id, 10));
  });
  const run = (await page.getRecord(Records.fleetMode))?.run ?? '';
  const load = new SignalLoad({ name, bus: engine, run, everyMs: 25, chance: new Chance(`${name} ${SEED}`) });
  return { fleet, load, page, streamed };
}

async function startBusyFleet(): Promise<TestFleet> {
  const fleet = await TestFleet.start({ env: BUSY });
  cleanups.push(() => fleet.remove());
  return fleet;
}

/** What Redis took, by the load's own record and by what was seen in the stream. */
function takenByRedis({ load, streamed }: Scene): Map<string, number> {
  const taken = new Map(streamed);
  for (const { id, confirmedMs } of load.sent()) if (confirmedMs !== undefined) taken.set(id, confirmedMs);
  return taken;
}

function notRecorded(taken: ReadonlyMap<string, number>, { fleet }: Scene): { id: string; takenMs: number }[] {
  const recorded = new Set(readLedger(fleet.dataDir).decisions.map(({ decision_id }) => decision_id));
  return [...taken].filter(([id]) => !recorded.has(id)).map(([id, takenMs]) => ({ id, takenMs }));
}

/** Waits until a signal of now is recorded: all before it are then. Its position is too young to be closed for a minute. */
async function drained({ fleet, load }: Scene): Promise<void> {
  const id = await load.send({
    symbol: 'LASTUSDT',
    direction: 'LONG',
    timestamp: Date.now() + 60_000,
  });
  const isLast = () => readLedger(fleet.dataDir).decisions.some(({ decision_id }) => decision_id === id);
  await eventually('what Redis took is recorded', isLast, 60_000);
}

/** Waits until all is recorded and what was open is closed, after its longest hold; stopped, nothing opens any more. */
async function untilFlat(scene: Scene): Promise<void> {
  await drained(scene);
  const held = async () => Object.values(await scene.page.getMap(Maps.openPositions)).map(({ symbol }) => symbol);
  await eventually('what was open is closed', async () => (await held()).join() === 'LASTUSDT', 30_000);
}

async function pressStop({ page }: Scene): Promise<void> {
  const command: OperatorCommand = {
    command_id: 'the-stop',
    action: 'stop',
    issued_by: 'chaos',
    issued_ts: Date.now(),
  };
  await page.write((batch) => batch.append(Streams.operatorCommands, command));
  await eventually('stopped', async () => (await page.getRecord(Records.fleetState))?.state === 'REDUCING');
}

async function expectStopToOutlive(members: readonly FleetMember[], killer: KillLoop, scene: Scene): Promise<void> {
  const { fleet, page } = scene;
  await pressStop(scene);
  const stopped = await page.getRecord(Records.fleetState);
  for (const member of members) {
    await killer.kill(member);
    await fleet.up(member);
    expect(await vi.waitFor(() => page.getRecord(Records.fleetState), soon)).toEqual(stopped);
  }
}

/** What Redis took and nobody recorded was taken right before Redis died. Returns how many those are. */
function expectOnlyRedisToLose(scene: Scene, killer: KillLoop): number {
  const lost = notRecorded(takenByRedis(scene), scene);
  const byRedis = (takenMs: number) =>
    killer.timesOf('redis').some((killedMs) => takenMs <= killedMs && killedMs - takenMs <= LOSS_WINDOW_MS);
  expect(lost.filter(({ takenMs }) => !byRedis(takenMs))).toEqual([]);
  return lost.length;
}

async function expectNoOtherDeaths({ fleet, page }: Scene, killer: KillLoop): Promise<void> {
  expect(fleet.logged().filter(({ level }) => level === 'FATAL')).toEqual([]);
  expect(fleet.said.match(/^.* CRASHED +(?!SIGKILL|\s).*$/gm) ?? []).toEqual([]);
  const supervised = await page.getMap(Maps.supervisedServices);
  const restarts = Object.fromEntries(SERVICES.map((name) => [name, supervised[name]?.restarts]));
  expect(restarts).toEqual(Object.fromEntries(SERVICES.map((name) => [name, killer.timesOf(name).length])));
}

describe('kill -9, under load', () => {
  const everywhere = 'of each service and of Redis: every signal is accounted for exactly once, everywhere the same';
  it(everywhere, LIMIT, async () => {
    const scene = await connected(await startBusyFleet());
    const { fleet, load, page } = scene;
    const killer = new KillLoop(fleet, load, new Chance(`kills ${SEED}`));
    const startedMs = performance.now();
    const active = await eventually('a trading state', () => page.getRecord(Records.fleetState));
    load.start();

    await killer.rounds(5, SERVICES);
    const taken = takenByRedis(scene);
    // Redis lived, so every signal is recorded.
    await vi.waitFor(() => expect(notRecorded(taken, scene)).toEqual([]), soon);

    await killer.rounds(5, [...SERVICES, 'redis']);
    expect(await page.getRecord(Records.fleetState)).toEqual(active);
    await expectStopToOutlive(['signal-engine', 'redis'], killer, scene);

    await load.stop();
    await killer.kill('decision-logger');
    await fleet.up('decision-logger');
    await untilFlat(scene);
    const ledger = await vi.waitFor(() => expectOneTruth(fleet.dataDir, page), soon);
    expect(ledger.positions.map(({ symbol }) => symbol)).toEqual(['LASTUSDT']);
    const lost = expectOnlyRedisToLose(scene, killer);
    await expectNoOtherDeaths(scene, killer);
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
