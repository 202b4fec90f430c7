import type { Heartbeat } from '@helios/shared/domain/fleet.ts';
import type { SupervisedService } from '@helios/shared/domain/supervision.ts';
import type { FleetMember } from '@helios/shared/runtime/fleet-members.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import type { Condition } from '../src/alert-codes.ts';
import { createServiceWatch } from '../src/service-watch.ts';

const limits = { ...defaultSettings().alerts, heartbeat_timeout_sec: 5, loop_lag_ms: 500, rss_mb: 400 };
const START = 1_000_000;

function beat(ts: number, more: Partial<Heartbeat> = {}): Heartbeat {
  return {
    service: 'signal-engine',
    status: 'RUNNING',
    pid: 1,
    ts,
    started_ts: START,
    loop_lag_ms: 3,
    messages: 10,
    malformed: 0,
    rss_mb: 80,
    ...more,
  };
}

function supervised(more: Partial<SupervisedService> = {}): SupervisedService {
  return { service: 'signal-engine', state: 'RUNNING', restarts: 0, changed_ts: START, ...more };
}

const view = (more: Partial<FleetMember>): FleetMember[] => [{ service: 'signal-engine', ...more }];
const watch = () => createServiceWatch(limits, START);
const decided = (conditions: readonly Condition[]) => conditions.filter(({ undecided }) => !undecided);
const codes = (conditions: readonly Condition[]) => decided(conditions).map(({ code }) => code);

test('a healthy service raises nothing', () => {
  expect(watch().check(view({ heartbeat: beat(START + 900), supervised: supervised() }), START + 1_000, START)).toEqual(
    [],
  );
});

test('without a supervisor a service without any heartbeat is silent after the start grace', () => {
  expect(codes(watch().check(view({}), START + 30_000, START))).toEqual([]);
  const [condition] = watch().check(view({}), START + 30_001, START);
  expect(condition).toMatchObject({ code: 'SERVICE_SILENT', service: 'signal-engine' });
});

test('after Redis lost the supervisor’s records, only services that this fleet has run can be silent', () => {
  const services = watch();
  const heartbeat = beat(START + 1_000);
  services.check(view({ heartbeat, supervised: supervised() }), START + 1_000, START);
  const wiped: FleetMember[] = [{ service: 'signal-engine' }, { service: 'risk-manager' }];
  const silent = decided(services.check(wiped, START + 60_000, START));
  expect(silent).toMatchObject([{ code: 'SERVICE_SILENT', service: 'signal-engine' }]);
});

test('silence is reported after the timeout, also when the key has expired', () => {
  const services = watch();
  services.check(view({ heartbeat: beat(START + 1_000) }), START + 1_000, START);
  expect(services.check(view({ heartbeat: beat(START + 1_000) }), START + 6_000, START)).toEqual([]);
  expect(codes(services.check(view({ heartbeat: beat(START + 1_000) }), START + 6_001, START))).toEqual([
    'SERVICE_SILENT',
  ]);
  const [expired] = services.check(view({}), START + 200_000, START);
  expect(expired).toMatchObject({ code: 'SERVICE_SILENT', service: 'signal-engine' });
  expect(expired?.message).toContain('199 s');
});

test('silence counts from the return of Redis', () => {
  const services = watch();
  const beats = view({ heartbeat: beat(START + 1_000) });
  const back = services.check(beats, START + 90_000, START + 88_000);
  expect(back).toMatchObject([{ code: 'SERVICE_SILENT', undecided: true }]);
  expect(codes(services.check(beats, START + 94_000, START + 88_000))).toEqual(['SERVICE_SILENT']);
});

test('a service that the supervisor stopped on purpose is not silent', () => {
  const stopping = view({
    heartbeat: beat(START + 1_000, { status: 'STOPPING' }),
    supervised: supervised({ state: 'STOPPED' }),
  });
  expect(watch().check(stopping, START + 60_000, START)).toEqual([]);
});

test('a STOPPING heartbeat excuses no service that the supervisor runs or restarts', () => {
  const heartbeat = beat(START + 1_000, { status: 'STOPPING' });
  for (const state of ['RUNNING', 'RESTARTING'] as const) {
    const gone = view({ heartbeat, supervised: supervised({ state }) });
    expect(codes(watch().check(gone, START + 6_000, START))).toEqual([]);
    expect(codes(watch().check(gone, START + 6_001, START))).toEqual(['SERVICE_SILENT']);
  }
});

test('without a supervisor a service with a STOPPING heartbeat has the start grace to come back', () => {
  const stopping = view({ heartbeat: beat(START + 1_000, { status: 'STOPPING' }) });
  expect(codes(watch().check(stopping, START + 31_000, START))).toEqual([]);
  expect(codes(watch().check(stopping, START + 31_001, START))).toEqual(['SERVICE_SILENT']);
});

test('a service that the supervisor started but that sent no heartbeat is silent after the start grace', () => {
  const starting = view({ supervised: supervised({ state: 'STARTING' }) });
  expect(codes(watch().check(starting, START + 29_000, START))).toEqual([]);
  const [condition] = watch().check(starting, START + 30_001, START);
  expect(condition).toMatchObject({ code: 'SERVICE_SILENT' });
  expect(condition?.message).toContain('since it started');
});

test('a starting service with heartbeats is not silent; a start over a minute is an alert while it lasts', () => {
  const services = watch();
  const after = (ms: number, status: Heartbeat['status']) =>
    services.check(view({ heartbeat: beat(START + ms, { status }) }), START + ms, START);
  expect(after(1_000, 'STARTING')).toEqual([]);
  expect(after(60_000, 'STARTING')).toEqual([]);
  expect(after(61_000, 'STARTING')).toMatchObject([
    { code: 'SERVICE_STARTING', message: 'signal-engine has been starting for 61 s and does no work yet.' },
  ]);
  expect(after(62_000, 'RUNNING')).toEqual([]);
});

test('a service that the supervisor gave up is reported with its last exit', () => {
  // Also when the process before the failed one had been asked to stop.
  for (const status of ['RUNNING', 'STOPPING'] as const) {
    const lost = supervised({ state: 'GIVEN_UP', last_end: 'exit 78: its settings or files are wrong' });
    const [condition] = watch().check(view({ heartbeat: beat(START, { status }), supervised: lost }), START, START);
    expect(condition).toMatchObject({ code: 'SERVICE_GIVEN_UP' });
    expect(condition?.message).toContain('exit 78');
  }
});

test('a restart by the supervisor is an alert for a minute', () => {
  const services = watch();
  services.check(view({ heartbeat: beat(START), supervised: supervised() }), START, START);
  const at = (ts: number) =>
    codes(
      services.check(
        view({
          heartbeat: beat(ts, { started_ts: START + 1_000 }),
          supervised: supervised({ restarts: 1, last_end: 'SIGKILL', changed_ts: START + 1_000 }),
        }),
        ts,
        START,
      ),
    );
  expect(at(START + 1_000)).toEqual(['SERVICE_RESTARTED']);
  expect(at(START + 60_999)).toEqual(['SERVICE_RESTARTED']);
  expect(at(START + 61_000)).toEqual([]);
});

test('without a supervisor a new start time is a restart', () => {
  const services = watch();
  expect(services.check(view({ heartbeat: beat(START + 1) }), START + 1, START)).toEqual([]);
  const again = view({ heartbeat: beat(START + 9_000, { started_ts: START + 8_000 }) });
  const [condition] = services.check(again, START + 9_000, START);
  expect(condition?.message).toBe('signal-engine restarted.');
});

test('F42 lag and memory above their limits are reported with value and limit', () => {
  const heavy = view({ heartbeat: beat(START, { loop_lag_ms: 501, rss_mb: 401 }) });
  const conditions = watch().check(heavy, START, START);
  expect(codes(conditions)).toEqual(['LOOP_LAG', 'MEMORY_HIGH']);
  expect(conditions.map(({ message }) => message)).toEqual([
    'signal-engine was blocked for 501 ms (limit 500 ms).',
    'signal-engine uses 401 MB (limit 400 MB).',
  ]);
  const atLimit = view({ heartbeat: beat(START, { loop_lag_ms: 500, rss_mb: 400 }) });
  expect(watch().check(atLimit, START, START)).toEqual([]);
});

test('malformed messages are an alert for a minute after the last one; a count that restarts adds correctly', () => {
  const services = watch();
  const at = (ts: number, malformed: number) =>
    services.check(view({ heartbeat: beat(ts, { malformed }) }), ts, START).map(({ message }) => message);
  expect(at(START, 0)).toEqual([]);
  expect(at(START + 1_000, 2)).toEqual(['signal-engine dropped 2 malformed messages recently, 2 since its start.']);
  expect(at(START + 60_000, 2)).toHaveLength(1);
  expect(at(START + 61_000, 2)).toEqual([]);
  expect(at(START + 70_000, 1)).toEqual(['signal-engine dropped 1 malformed message recently, 1 since its start.']);
});

test('malformed messages from before our own start raise nothing', () => {
  const services = watch();
  const at = (ts: number, malformed: number) => services.check(view({ heartbeat: beat(ts, { malformed }) }), ts, START);
  expect(at(START + 300_000, 7)).toEqual([]);
  expect(codes(at(START + 301_000, 8))).toEqual(['MALFORMED_MESSAGES']);
});

test.each([
  [{ behind_ms: 7_000, waiting: 6_000 }, 'signal-engine is 7 s behind. 6000 messages wait.'],
  [{ behind_ms: 5_001 }, 'signal-engine is 5 s behind.'],
  [{ behind_ms: 1_200, waiting: 5_001 }, 'signal-engine is 1 s behind. 5001 messages wait.'],
])('a service that runs with a backlog of %j is behind', (late, message) => {
  const [condition, ...others] = watch().check(view({ heartbeat: beat(START + 900, late) }), START + 1_000, START);
  expect(condition).toEqual({ code: 'SERVICE_BEHIND', service: 'signal-engine', subject: 'signal-engine', message });
  expect(others).toEqual([]);
});

test('a short burst raises no SERVICE_BEHIND', () => {
  const heartbeat = beat(START + 900, { behind_ms: 5_000, waiting: 5_000 });
  expect(watch().check(view({ heartbeat }), START + 1_000, START)).toEqual([]);
});
