import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Maps, Records } from '@helios/shared/contracts/catalog.ts';
import type { Heartbeat, ServiceName } from '@helios/shared/domain/fleet.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { TestFleet } from '../tests/harness/fleet.ts';
import { percentile } from './percentile.ts';
import type { Row } from './report.ts';

const SETTLE_MS = 20_000;
const MEASURE_MS = 30_000;
const CLOCK_TICKS_PER_SEC = 100;
const ROSTER: readonly ServiceName[] = [
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
    await pause(SETTLE_MS);
    const before = await cpuSeconds(bus);
    const ages: Record<string, number[]> = { 'signal-engine': [], 'decision-logger': [] };
    const newest = new Map<ServiceName, Heartbeat>();
    const started = performance.now();
    while (performance.now() - started < MEASURE_MS) {
      for (const service of ROSTER) {
        const beat = await bus.getRecord(Records.heartbeat, { service });
        if (beat === undefined || newest.get(service)?.ts === beat.ts) continue;
        newest.set(service, beat);
        if (beat.message_age_ms !== undefined) ages[service]?.push(beat.message_age_ms);
      }
      await pause(200);
    }
    const seconds = (performance.now() - started) / 1_000;
    const after = await cpuSeconds(bus);
    await bus.close();
    const name = `${count} symbols`;
    return [
      ...ROSTER.map((service) => ({
        what: `${name}: memory of ${service}`,
        value: newest.get(service)?.rss_mb ?? Number.NaN,
        unit: 'MB',
        aim: '< 120 MB',
      })),
      ...ROSTER.map((service) => ({
        what: `${name}: processor time of ${service}`,
        value: (100 * ((after.get(service) ?? Number.NaN) - (before.get(service) ?? 0))) / seconds,
        unit: '% of a core',
      })),
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

/** User and system time of each service since its start, from the system's own accounts (Linux). */
async function cpuSeconds(bus: Bus<'fleet'>): Promise<Map<ServiceName, number>> {
  const seconds = new Map<ServiceName, number>();
  for (const { service, pid } of Object.values(await bus.getMap(Maps.supervisedServices))) {
    if (pid === undefined) continue;
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    seconds.set(service, (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SEC);
  }
  return seconds;
}
