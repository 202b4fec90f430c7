import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Alert } from '@helios/shared/domain/fleet.ts';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { TestFleet } from '../harness/fleet.ts';

const TIMEOUT_SEC = 3;
const SERVICES = ['dashboard-api', 'data-ingestor', 'decision-logger', 'monitoring-agent', 'signal-engine'];

let fleet: TestFleet;
beforeAll(async () => {
  fleet = await TestFleet.start({
    env: {
      DASHBOARD_LOGIN: 'false',
      ALERTS_HEARTBEAT_TIMEOUT_SEC: String(TIMEOUT_SEC),
      // Load on the machine is not tested here.
      ALERTS_LOOP_LAG_MS: '60000',
    },
  });
}, 90_000);
afterAll(() => fleet.remove(), 30_000);

interface Row {
  readonly service: string;
  readonly status: string;
  readonly heartbeat_age_ms?: number;
}
async function ask<T>(path: string): Promise<T> {
  return (await (await fetch(`http://127.0.0.1:${fleet.dashboardPort}${path}`)).json()) as T;
}
/** Polls slowly enough for the API's limit of requests. */
const paced = { interval: 200 };
const rows = async () => (await ask<{ services: Row[] }>('/api/health')).services;
const statuses = async () => Object.fromEntries((await rows()).map(({ service, status }) => [service, status]));

/** Codes and stages in alerts.log, without those of the start. */
function told(): string[] {
  const file = join(fleet.logDir, 'alerts.log');
  if (!existsSync(file)) return [];
  const alerts = readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line): Alert => JSON.parse(line));
  return alerts.map(({ code, stage }) => `${code} ${stage}`);
}

describe.each([
  ['OOM', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0'], /has reached its memory limit/],
  ['READONLY', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE'], /is a read-only replica/],
] as const)('a Redis that refuses writes with %s', (_, begin, end, cause) => {
  test('raises only REDIS_LOST with its cause, on the page and in the file', async () => {
    const before = told().length;
    await fleet.redis(...begin);
    const isOld = ({ heartbeat_age_ms: age }: Row) => age === undefined || age > 2 * TIMEOUT_SEC * 1_000;
    await vi.waitFor(async () => expect((await rows()).every(isOld)).toBe(true), { ...paced, timeout: 30_000 });
    const unknown = Object.fromEntries(SERVICES.map((service) => [service, 'UNKNOWN']));
    expect(await statuses()).toEqual({ ...unknown, 'dashboard-api': 'RUNNING' });
    const { active } = await ask<{ active: Alert[] }>('/api/alerts');
    expect(active.map(({ code }) => code)).toEqual(['REDIS_LOST']);
    expect(active[0]?.message).toMatch(cause);
    expect(told().slice(before)).toEqual(['REDIS_LOST RAISED']);
    await fleet.redis(...end);
    await vi.waitFor(() => expect(told().at(-1)).toBe('REDIS_LOST RESOLVED'), { ...paced, timeout: 40_000 });
    expect(told().slice(before)).toEqual(['REDIS_LOST RAISED', 'REDIS_LOST RESOLVED']);
    const running = Object.fromEntries(SERVICES.map((service) => [service, 'RUNNING']));
    await vi.waitFor(async () => expect(await statuses()).toEqual(running), { ...paced, timeout: 10_000 });
    expect(fleet.said).not.toMatch(/CRASHED/);
  }, 90_000);
});

test('an emptied Redis shows no service that the mode does not have', async () => {
  const before = told().length;
  await fleet.redis('FLUSHALL');
  const seen = new Set<string>();
  const restored = async () => {
    for (const { service } of await rows()) seen.add(service);
    expect(await fleet.redis('EXISTS', 'supervised_services')).toContain(':1');
  };
  await vi.waitFor(restored, { ...paced, timeout: 30_000 });
  expect([...seen].filter((service) => !SERVICES.includes(service))).toEqual([]);
  expect(
    told()
      .slice(before)
      .filter((line) => line.startsWith('SERVICE_SILENT')),
  ).toEqual([]);
}, 60_000);
