import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Maps, Records } from '@helios/shared/contracts/catalog.ts';
import type { Heartbeat, ServiceName } from '@helios/shared/domain/fleet.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { TestFleet } from '../tests/harness/fleet.ts';
import { percentile } from './percentile.ts';
import type { Row } from './report.ts';

/** The market opens when the history of every symbol is written; then the services warm up. */
const OPEN_MS = 120_000;
const SETTLE_MS = 15_000;
const MEASURE_MS = 30_000;
const CLOCK_TICKS_PER_SEC = 100;
type FleetProcess = ServiceName | 'redis';
const SERVICES: readonly ServiceName[] = [
  'data-ingestor',
  'signal-engine',
  'decision-logger',
  'monitoring-agent',
  'dashboard-api',
];

/** Memory, processor time and message age of the whole fleet on a made-up market of `count` symbols at 10 updates a second. */
export async function benchFleet(count: number): Promise<Row[]> {
  const symbols = Array.from({ length: count }, (_, i) => `BENCH${i}USDT`).join(',');
  const fleet = await TestFleet.start({ env: { TRADING_SYMBOLS: symbols, TRADING_MAX_OPEN_POSITIONS: '100' } });
  try {
    const bus = await fleet.connect('fleet');
    await eventually('an open market', async () => (await publishes(fleet)) > 10 * count, OPEN_MS);
    await pause(SETTLE_MS);
    const before = await cpuSeconds(bus, fleet);
    const publishedBefore = await publishes(fleet);
    const ages: Record<string, number[]> = { 'signal-engine': [], 'decision-logger': [] };
    const newest = new Map<ServiceName, Heartbeat>();
    const started = performance.now();
    while (performance.now() - started < MEASURE_MS) {
      for (const service of SERVICES) {
        const beat = await bus.getRecord(Records.heartbeat, { service });
        if (beat === undefined || newest.get(service)?.ts === beat.ts) continue;
        newest.set(service, beat);
        if (beat.message_age_ms !== undefined) ages[service]?.push(beat.message_age_ms);
      }
      await pause(200);
    }
    const seconds = (performance.now() - started) / 1_000;
    const after = await cpuSeconds(bus, fleet);
    const published = (await publishes(fleet)) - publishedBefore;
    await bus.close();
    const name = `${count} symbols`;
    const shareOf = (process: FleetProcess): number =>
      (100 * ((after.get(process) ?? Number.NaN) - (before.get(process) ?? 0))) / seconds;
    const share = SERVICES.reduce((sum, service) => sum + shareOf(service), 0);
    return [
      ...SERVICES.map((service) => ({
        what: `${name}: memory of ${service}`,
        value: newest.get(service)?.rss_mb ?? Number.NaN,
        unit: 'MB',
        aim: '< 120 MB',
      })),
      ...([...SERVICES, 'redis'] as const).map((process) => ({
        what: `${name}: processor time of ${process}`,
        value: shareOf(process),
        unit: '% of a core',
      })),
      {
        what: `${name}: cost of the fleet (its five services)`,
        value: share,
        unit: '% of a core',
        ...(count === 100 && { aim: '≤ 45 %' }),
      },
      // On an overloaded machine the market is late, so the share of a core alone has little meaning.
      { what: `${name}: messages published`, value: published / seconds, unit: '/s' },
      { what: `${name}: cost of the fleet for a message`, value: (1e4 * share * seconds) / published, unit: 'µs' },
      ...[0.5, 0.99].map((share) => ({
        what: `${name}: age of a book when signal-engine has decided on it, p${share * 100} of the beats`,
        value: percentile(ages['signal-engine'] ?? [], share),
        unit: 'ms',
        ...(count === 100 && share === 0.99 ? { aim: 'no backlog' } : {}),
      })),
    ];
  } finally {
    await fleet.remove();
  }
}

/** User and system time of each process since its start, from the system's accounting (Linux). */
async function cpuSeconds(bus: Bus<'fleet'>, fleet: TestFleet): Promise<Map<FleetProcess, number>> {
  const seconds = new Map<FleetProcess, number>();
  const add = (process: FleetProcess, pid: number): void => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    seconds.set(process, (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SEC);
  };
  for (const { service, pid } of Object.values(await bus.getMap(Maps.supervisedServices))) {
    if (pid !== undefined) add(service, pid);
  }
  add('redis', await infoFigure(fleet, 'server', /process_id:(\d+)/));
  return seconds;
}

/** Number of published messages since Redis started. */
function publishes(fleet: TestFleet): Promise<number> {
  return infoFigure(fleet, 'commandstats', /cmdstat_publish:calls=(\d+)/);
}

async function infoFigure(fleet: TestFleet, section: string, figure: RegExp): Promise<number> {
  return Number(figure.exec(await fleet.redis('INFO', section))?.[1] ?? 0);
}
