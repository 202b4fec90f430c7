import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Maps, Rankings, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { FleetMode, Heartbeat, ServiceName } from '@helios/shared/domain/fleet.ts';
import { aMode, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis, type FakeRedisWithBuses } from '@helios/shared/testing/fake-bus.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { onTestFinished } from 'vitest';
import { createMonitoringAgent } from '../src/service.ts';

interface Options {
  readonly mode?: Partial<FleetMode>;
  readonly writesHeliosLog?: boolean;
  /** By default a new folder, removed when the test ends. */
  readonly logDir?: string;
  /** Other services that a supervisor runs; `undefined`: there is no supervisor (compose). */
  readonly services?: readonly ServiceName[] | undefined;
  /** The Redis that an earlier agent wrote to, and the present time. */
  readonly after?: { readonly fake: FakeRedisWithBuses; readonly nowMs: number };
}

/** The real service on a fake Redis; `tick` runs its checks. It watches BTCUSDT and ETHUSDT. */
export async function startAgent(options: Options = {}) {
  const { mode, writesHeliosLog = false } = options;
  const logDir = options.logDir ?? (await temporaryFolder());
  const services = 'services' in options ? options.services : [];
  const fake = options.after?.fake ?? createFakeRedis();
  const ingestor = fake.bus('data-ingestor');
  const page = fake.bus('dashboard-api');
  const wall = createFakeClock(options.after?.nowMs ?? T0);
  const replay = mode?.source?.kind === 'replay';
  const clock = replay ? createFakeClock(0) : wall;
  const bus = fake.bus('monitoring-agent');
  const stops: (() => void | Promise<void>)[] = [() => bus.close()];
  const jobs = new Map<string, () => void | Promise<void>>();
  const settings = defaultSettings({ system: { log_dir: logDir } });
  await ingestor.write((batch) => batch.setRanking(Rankings.watchlist, { BTCUSDT: 1, ETHUSDT: 1 }));
  for (const service of services ? (['monitoring-agent', ...services] as const) : []) {
    const running = { service, state: 'RUNNING', restarts: 0, changed_ts: T0 } as const;
    await fake.bus('fleet').write((batch) => batch.setField(Maps.supervisedServices, service, running));
  }
  await createMonitoringAgent({ wall, writesHeliosLog }).start({
    bus,
    clock,
    settings,
    mode: aMode(mode),
    log: silentLog,
    every: (name, _interval, work) => void jobs.set(name, work),
    onStop: (_name, cleanup) => void stops.push(cleanup),
    observeAge: () => {},
  });

  /** As the host does it. */
  async function beat(): Promise<void> {
    const own = { ...heartbeat(wall.now()), service: 'monitoring-agent' } as const;
    await bus.write((batch) => batch.setRecord(Records.heartbeat, own, { service: 'monitoring-agent' }));
  }
  async function tick(ms: number): Promise<void> {
    wall.advance(ms);
    if (fake.isUp() && !fake.writeRefusal()) await beat();
    await fake.settle();
    for (const job of jobs.values()) await job();
  }
  /** Runs only the job that gathers the metrics. */
  const gather = async () => void (await jobs.get('gather the metrics')?.());
  const alerts = async () =>
    (await page.getLatest(Streams.alerts, 100))
      .reverse()
      .map(({ code, stage, service }) => `${code} ${stage} ${service}`);
  async function stop(): Promise<void> {
    for (const cleanup of stops.splice(0).reverse()) await cleanup();
  }
  onTestFinished(stop);
  return { fake, ingestor, wall, tick, gather, alerts, page, stop, logDir };
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'monitoring-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A heartbeat of data-ingestor. */
export const heartbeat = (ts: number, more: Partial<Heartbeat> = {}): Heartbeat => ({
  service: 'data-ingestor',
  status: 'RUNNING',
  pid: 1,
  ts,
  started_ts: T0,
  loop_lag_ms: 1,
  messages: 1,
  malformed: 0,
  rss_mb: 80,
  ...more,
});
