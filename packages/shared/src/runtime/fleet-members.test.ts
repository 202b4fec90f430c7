import { expect, test } from 'vitest';
import { Maps, Records } from '../contracts/catalog.ts';
import { ServiceName } from '../domain/fleet.ts';
import { createFakeRedis } from '../testing/fake-bus.ts';
import { readFleetMembers } from './fleet-members.ts';

const START = 1_000_000;

function fleet() {
  const fake = createFakeRedis();
  const figures = { pid: 1, started_ts: START, loop_lag_ms: 0, messages: 0, malformed: 0, rss_mb: 1 };
  return {
    beat: (service: ServiceName, ts: number) =>
      fake
        .bus('signal-engine')
        .write((b) => b.setRecord(Records.heartbeat, { service, status: 'RUNNING', ts, ...figures }, { service })),
    supervise: (service: ServiceName, changed_ts: number, seen_ts = changed_ts) =>
      fake
        .bus('fleet')
        .write((b) =>
          b.setField(Maps.supervisedServices, service, { service, state: 'RUNNING', restarts: 0, changed_ts, seen_ts }),
        ),
    members: (services?: ServiceName[], nowMs = START + 60_000) =>
      readFleetMembers(fake.bus('monitoring-agent'), { resolved_ts: START, ...(services && { services }) }, nowMs),
  };
}

test('without a supervisor all nine services belong to the fleet, with or without a heartbeat', async () => {
  const { beat, members } = fleet();
  await beat('signal-engine', START);
  const all = await members();
  expect(all.map(({ service }) => service)).toEqual(ServiceName.options);
  expect(all.filter(({ heartbeat }) => heartbeat).map(({ service }) => service)).toEqual(['signal-engine']);
});

test('with a supervisor its services and all services with a heartbeat belong to it', async () => {
  const { beat, supervise, members } = fleet();
  await supervise('decision-logger', START);
  await beat('signal-engine', START);
  expect(await members()).toMatchObject([
    { service: 'signal-engine', supervised: undefined },
    { service: 'decision-logger', heartbeat: undefined, supervised: { state: 'RUNNING' } },
  ]);
});

test('records of an earlier fleet are ignored', async () => {
  const { beat, supervise, members } = fleet();
  await supervise('decision-logger', START - 1);
  await beat('signal-engine', START - 1);
  const all = await members();
  expect(all).toHaveLength(ServiceName.options.length);
  expect(all.filter(({ heartbeat, supervised }) => heartbeat ?? supervised)).toEqual([]);
});

test('if Redis lost the supervisor’s records, the mode still names the services', async () => {
  const { beat, members } = fleet();
  const listed = ['signal-engine', 'decision-logger'] as const;
  expect((await members([...listed])).map(({ service }) => service)).toEqual(listed);
  await beat('dashboard-api', START);
  expect((await members([...listed])).map(({ service }) => service)).toEqual([...listed, 'dashboard-api']);
});

test('a clock set back to before the start removes no service, then and later', async () => {
  const { beat, supervise, members } = fleet();
  await supervise('signal-engine', START - 600_000);
  await beat('signal-engine', START - 600_000);
  const back = await members(undefined, START - 600_000);
  expect(back).toMatchObject([{ service: 'signal-engine', heartbeat: { pid: 1 }, supervised: { state: 'RUNNING' } }]);
  await supervise('signal-engine', START - 600_000, START + 1_000);
  await beat('signal-engine', START + 1_000);
  expect(await members(undefined, START + 1_000)).toMatchObject([
    { heartbeat: { pid: 1 }, supervised: { state: 'RUNNING' } },
  ]);
});
