import { Maps, Records } from '@helios/shared/contracts/catalog.ts';
import { type Heartbeat, ServiceName } from '@helios/shared/domain/fleet.ts';
import type { AlertsReply, HealthReply } from '@helios/shared/domain/http-replies.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { startDashboard } from './start-dashboard.ts';

async function loggedIn() {
  const page = await startDashboard();
  await page.login();
  return page;
}

test('/api/health shows which services are up or down, and the supervisor’s records', async () => {
  const page = await loggedIn();
  const beat = (service: Heartbeat['service'], ts: number): Heartbeat => ({
    service,
    status: 'RUNNING',
    pid: 1,
    ts,
    started_ts: T0,
    loop_lag_ms: 1,
    messages: 1,
    malformed: 0,
    rss_mb: 80,
  });
  const now = page.wall.now();
  await page.fake.bus('signal-engine').write((batch) => {
    batch.setRecord(Records.heartbeat, beat('signal-engine', now), { service: 'signal-engine' });
  });
  await page.fake.bus('decision-logger').write((batch) => {
    batch.setRecord(Records.heartbeat, beat('decision-logger', now - 5_001), { service: 'decision-logger' });
  });
  const dead = {
    service: 'data-ingestor',
    state: 'RESTARTING',
    restarts: 3,
    last_end: 'exit 1',
    changed_ts: now,
  } as const;
  await page.fake.bus('fleet').write((batch) => batch.setField(Maps.supervisedServices, 'data-ingestor', dead));
  const health = await page.read<{ status: string; services: { service: string; status: string }[] }>('/api/health');
  expect(health.status).toBe('DEGRADED');
  const row = (service: string) => health.services.find((one) => one.service === service);
  expect(row('signal-engine')).toMatchObject({ status: 'RUNNING' });
  expect(row('decision-logger')).toMatchObject({ status: 'DOWN', heartbeat_age_ms: 5_001 });
  expect(row('data-ingestor')).toMatchObject({ status: 'DOWN', supervised: { restarts: 3, last_end: 'exit 1' } });
  expect(row('risk-manager')).toBeUndefined();
});

test('/api/health: a service that is alive and still starts is STARTING, neither DOWN nor RUNNING', async () => {
  const page = await loggedIn();
  const now = page.wall.now();
  const beat: Heartbeat = {
    ...{ service: 'signal-engine', status: 'STARTING', pid: 1, ts: now, started_ts: now },
    ...{ loop_lag_ms: 1, messages: 1, malformed: 0, rss_mb: 80 },
  };
  await page.fake.bus('signal-engine').write((batch) => {
    batch.setRecord(Records.heartbeat, beat, { service: 'signal-engine' });
  });
  const { services } = await page.read<HealthReply>('/api/health');
  expect(services.find(({ service }) => service === 'signal-engine')?.status).toBe('STARTING');
});

test('/api/health: without a supervisor a service with no heartbeat, or an old one, is DOWN', async () => {
  const page = await loggedIn();
  const health = () => page.read<HealthReply>('/api/health');
  const { status, services } = await health();
  expect(status).toBe('DEGRADED');
  expect(services.map(({ service }) => service)).toEqual(ServiceName.options);
  expect(services.find(({ service }) => service === 'dashboard-api')?.status).toBe('RUNNING');
  expect(services.filter((row) => row.status !== 'DOWN')).toHaveLength(1);
});

test('/api/health: a service without a process is DOWN, however fresh or orderly its last heartbeat', async () => {
  const page = await loggedIn();
  const now = page.wall.now();
  const beat = { pid: 1, started_ts: T0, loop_lag_ms: 1, messages: 1, malformed: 0, rss_mb: 80 };
  const states = { 'signal-engine': 'RESTARTING', 'decision-logger': 'GIVEN_UP', 'data-ingestor': 'RUNNING' } as const;
  const last = { 'signal-engine': 'RUNNING', 'decision-logger': 'STOPPING', 'data-ingestor': 'STOPPING' } as const;
  for (const service of ['signal-engine', 'decision-logger', 'data-ingestor'] as const) {
    const [state, status] = [states[service], last[service]];
    const ts = service === 'data-ingestor' ? now - 5_001 : now;
    await page.fake
      .bus('data-ingestor')
      .write((batch) => batch.setRecord(Records.heartbeat, { ...beat, service, status, ts }, { service }));
    await page.fake
      .bus('fleet')
      .write((batch) =>
        batch.setField(Maps.supervisedServices, service, { service, state, restarts: 1, changed_ts: now }),
      );
  }
  const { status, services } = await page.read<HealthReply>('/api/health');
  expect(status).toBe('DEGRADED');
  const rows = services.filter(({ service }) => service in states);
  expect(rows.map((row) => row.status)).toEqual(['DOWN', 'DOWN', 'DOWN']);
});

test('while Redis accepts no writes silence proves nothing: UNKNOWN, and REDIS_LOST with its cause among the alerts', async () => {
  const page = await loggedIn();
  const sinceTs = page.wall.now();
  const error = new BusUnavailable('REDIS_DISK', 'Redis cannot write its file; most likely the disk is full.');
  page.fake.refuseWrites({ error, sinceTs });
  page.wall.advance(3_600_000);
  const health = await page.read<HealthReply>('/api/health');
  expect(health.status).toBe('DEGRADED');
  for (const { service, status } of health.services)
    expect(status, service).toBe(service === 'dashboard-api' ? 'RUNNING' : 'UNKNOWN');
  const { active } = await page.read<AlertsReply>('/api/alerts');
  expect(active).toMatchObject([{ code: 'REDIS_LOST', level: 'CRITICAL', message: error.message, ts: sinceTs }]);
  page.fake.refuseWrites(undefined);
  expect((await page.read<AlertsReply>('/api/alerts')).active).toEqual([]);
});
