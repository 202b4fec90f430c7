import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Maps } from '@helios/shared/contracts/catalog.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { type Browser, chromium } from 'playwright-core';
import { CHROMIUM_ADVICE, findChromium } from '../services/dashboard-api/test/find-chromium.ts';
import { TestFleet } from '../tests/harness/fleet.ts';
import { isAlive } from '../tests/harness/processes.ts';
import type { Row } from './report.ts';

const SAMPLE_MS = 20_000;
const PASSWORD = 'a password for the soak';
const MB = 1_048_576;
/** The first part is the warm-up: caches fill, and code is compiled. */
const PARTS = 3;

/** One sample of all sizes that may grow, in MB, by name. */
interface Sample {
  readonly hours: number;
  readonly sizes: Readonly<Record<string, number>>;
}

/**
 * Growth of memory and files of a whole fleet over `minutes`, on a generated market with the page open in a browser.
 * Each row is the slope of one third of the time, by least squares, with the `value` at its end.
 */
export async function benchSoak(minutes: number): Promise<Row[]> {
  const program = findChromium();
  if (program === undefined) throw new Error(`The soak needs a browser: ${CHROMIUM_ADVICE}.`);
  const fleet = await TestFleet.start({ env: { DASHBOARD_PASSWORD: PASSWORD } });
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
    await openPage(browser, fleet.dashboardPort);
    const bus = await fleet.connect('fleet');
    const samples = await takeSamples(fleet, bus, minutes);
    await bus.close();
    return Object.keys(samples.at(-1)?.sizes ?? {}).flatMap((name) => slopes(name, samples, minutes));
  } finally {
    await browser?.close();
    await fleet.remove();
  }
}

async function openPage(browser: Browser, port: number): Promise<void> {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}`);
  await page.fill('#password', PASSWORD);
  await page.click('#login-form button');
  await page.getByText('ACTIVE', { exact: true }).first().waitFor();
}

async function takeSamples(fleet: TestFleet, bus: Bus<'fleet'>, minutes: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  const started = performance.now();
  for (let hours = 0; hours * 60 < minutes; hours = (performance.now() - started) / 3_600_000) {
    samples.push({ hours, sizes: await measure(fleet, bus) });
    await pause(SAMPLE_MS);
  }
  return samples;
}

/** A service during a restart is missing from a sample. */
async function measure(fleet: TestFleet, bus: Bus<'fleet'>): Promise<Record<string, number>> {
  const memory = new Map([
    ['supervisor', fleet.supervisorPid()],
    ['redis', await fleet.up('redis')],
  ]);
  for (const { service, pid } of Object.values(await bus.getMap(Maps.supervisedServices))) {
    if (pid !== undefined) memory.set(service, pid);
  }
  const sizes: Record<string, number> = {};
  for (const [name, pid] of memory) {
    if (isAlive(pid)) sizes[`memory of ${name}`] = residentMb(pid);
  }
  sizes['files of the ledger'] = folderMb(fleet.dataDir, (path) => path.includes('.sqlite'));
  sizes['append-only file of Redis'] = folderMb(fleet.dataDir, (path) => path.includes('appendonlydir'));
  sizes['logs'] = folderMb(fleet.logDir, () => true);
  return sizes;
}

function folderMb(folder: string, counts: (path: string) => boolean): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && counts(path)) bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes / MB;
}

/** On Linux the second figure of `statm` counts pages of 4 KiB. */
function residentMb(pid: number): number {
  return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4_096) / MB;
}

function slopes(name: string, samples: readonly Sample[], minutes: number): Row[] {
  const end = samples.at(-1)?.sizes[name] ?? Number.NaN;
  return Array.from({ length: PARTS }, (_, part) => {
    const [from, to] = [(part * minutes) / PARTS, ((part + 1) * minutes) / PARTS];
    const points = samples.flatMap(({ hours, sizes }) => {
      const size = sizes[name];
      return size !== undefined && hours * 60 >= from && hours * 60 < to ? [[hours, size] as const] : [];
    });
    const what = `${name}: minute ${from.toFixed(0)} to ${to.toFixed(0)}`;
    return {
      what: part === PARTS - 1 ? `${what} (${end.toFixed(1)} MB at the end)` : what,
      value: slope(points),
      unit: 'MB/h',
    };
  });
}

/** Least squares; NaN below two points. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (pick: (point: readonly [number, number]) => number) =>
    points.reduce((sum, p) => sum + pick(p), 0) / points.length;
  const [x, y] = [mean(([at]) => at), mean(([, size]) => size)];
  const covariance = points.reduce((sum, [at, size]) => sum + (at - x) * (size - y), 0);
  return covariance / points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
}
