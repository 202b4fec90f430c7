import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { ShownSetting } from '@helios/shared/runtime/config/effective-settings.ts';
import { startService } from '@helios/shared/runtime/start-service.ts';
import { aMode, defaultSettings } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { freePort } from '@helios/shared/testing/free-port.ts';
import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import { onTestFinished } from 'vitest';
import { createDashboardApi } from '../src/service.ts';

export const PASSWORD = 'correct horse';

interface Options {
  readonly mode?: Partial<FleetMode>;
  readonly dashboard?: Partial<Settings['dashboard']>;
  readonly shownSettings?: readonly ShownSetting[];
  /** Folder of the sessions; by default a new one, removed when the test ends. */
  readonly project?: string;
  /** Market time at the start; default: wall time. */
  readonly marketTs?: number;
}

/** The real service on a fake Redis, reached over real HTTP; stopped when the test ends. */
export async function startDashboard({ mode, dashboard = {}, shownSettings = [], marketTs, ...more }: Options = {}) {
  const project = more.project ?? temporaryFolder();
  const fake = createFakeRedis();
  const log = createRecordingLog();
  const wall = createFakeClock();
  const clock = marketTs === undefined ? wall : createFakeClock(marketTs);
  const port = await freePort();
  const faults: unknown[] = [];
  const service = await startService(createDashboardApi({ wall, shownSettings: () => shownSettings, project }), {
    bus: fake.bus('dashboard-api'),
    clock,
    settings: defaultSettings({ dashboard: { password: PASSWORD, port, ...dashboard } }),
    mode: aMode({ resolved_ts: wall.now() - 60_000, ...mode }),
    log,
    onFault: (error) => void faults.push(error),
  });
  async function stop(): Promise<void> {
    await service.stop();
    if (faults.length > 0) throw faults[0];
  }
  onTestFinished(stop);
  const url = `http://127.0.0.1:${port}`;
  let cookie = '';

  function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(url + path, { headers: { cookie, ...headers } });
  }
  function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return fetch(url + path, {
      method: 'POST',
      body: text,
      headers: { cookie, 'content-type': 'application/json', ...headers },
    });
  }
  async function login(): Promise<void> {
    const response = await post('/api/login', { password: PASSWORD });
    if (response.status !== 200) throw new Error(`login answered ${response.status}`);
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
  }
  /** The JSON of a GET that must succeed. */
  async function read<T = Record<string, unknown>>(path: string): Promise<T> {
    const response = await get(path);
    const body = await response.json();
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${JSON.stringify(body)}`);
    return body as T;
  }
  return { fake, log, wall, clock, url, get, post, login, read, stop, project, cookie: () => cookie };
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dashboard-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Polls until `condition` holds. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within 10 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
