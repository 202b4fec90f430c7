import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Maps, Records } from '@helios/shared/contracts/catalog.ts';
import type { Heartbeat, ServiceName } from '@helios/shared/domain/fleet.ts';
import { HOPELESS_EXIT_CODE } from '@helios/shared/domain/supervision.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FleetLog, openFleetLog } from '../src/fleet-log.ts';
import { createSupervisedProcesses } from '../src/supervised-processes.ts';

let root: string;
let fleetLog: FleetLog;
let said: string[];
beforeEach(() => {
  said = [];
  root = mkdtempSync(join(tmpdir(), 'helios-processes-'));
  const { system } = defaultSettings({ system: { log_dir: 'elsewhere' } });
  fleetLog = openFleetLog(system, join(root, system.log_dir), (line) => said.push(line));
});
afterEach(async () => {
  await fleetLog.close();
  rmSync(root, { recursive: true, force: true });
});

/** Supervised processes with one service that runs this script. */
function processesOf(name: ServiceName, script: string, fake = createFakeRedis(), nowMs?: () => number) {
  const command = { command: process.execPath, args: ['-e', script] };
  return createSupervisedProcesses({
    services: [{ name, command, env: {} }],
    root,
    bus: fake.bus('fleet'),
    fleetLog,
    redisAnswers: async () => {},
    ...(nowMs && { nowMs }),
  });
}

/** A service that sent two heartbeats and then hangs; `look` advances the clock by a second and looks once. */
async function hungService(name: ServiceName, script = 'setInterval(() => {}, 1000)') {
  const fake = createFakeRedis();
  let nowMs = 0;
  const processes = processesOf(name, script, fake, () => nowMs);
  processes.start();
  const [child] = processes.children;
  const pid = child?.pid ?? 0;
  const figures = { status: 'RUNNING', started_ts: 1, loop_lag_ms: 0, malformed: 0, rss_mb: 1 } as const;
  async function look(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i += 1) {
      nowMs += 1_000;
      await processes.look();
    }
  }
  for (const ts of [1, 2]) {
    const beat = { service: name, pid, ts: Date.now() + ts, ...figures };
    await fake.bus(name).write((batch) => batch.setRecord(Records.heartbeat, beat, { service: name }));
    await look(1);
  }
  return { fake, processes, child, pid, look };
}

test('publishes the state of the processes every five seconds, also while one of them is still starting', async () => {
  const fake = createFakeRedis();
  let nowMs = 0;
  const processes = processesOf('signal-engine', 'setInterval(() => {}, 1_000)', fake, () => nowMs);
  const written = () => fake.bus('monitoring-agent').getMap(Maps.supervisedServices);
  try {
    processes.start();
    await eventually('the first write', async () => 'signal-engine' in (await written()));
    await processes.look();
    fake.hashes.delete(Maps.supervisedServices.name);
    nowMs += 4_999;
    await processes.look();
    expect(await written()).toEqual({});
    nowMs += 1;
    await processes.look();
    expect(await written()).toMatchObject({ 'signal-engine': { state: 'STARTING' } });
  } finally {
    await processes.stop();
  }
});

test('ends and restarts a service that hangs, and logs it', async () => {
  const { processes, child, pid, look } = await hungService('signal-engine');
  await look(29);
  expect(child?.pid).toBe(pid);
  await look(1);
  await eventually('its successor', () => child?.pid !== undefined && child.pid !== pid);
  expect(child).toMatchObject({ restarts: 1, lastEnd: 'hung, no heartbeat for 30 s: SIGKILL' });
  await processes.stop();
  expect(said.join('\n')).toMatch(
    /ERROR fleet: process hangs, ending and restarting it .*child=signal-engine.*silent_sec=30/,
  );
});

test('no service counts as hanging while Redis is away: silence counts from its return', async () => {
  const { fake, processes, child, pid, look } = await hungService('signal-engine');
  await look(29);
  fake.goDown();
  await look(60);
  fake.comeBack();
  await look(29);
  expect(child).toMatchObject({ pid, restarts: 0 });
  await processes.stop();
});

test('a hanging execution-manager gets time to stop in order', async () => {
  const { processes, child, look } = await hungService(
    'execution-manager',
    "process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); console.log('ready')",
  );
  await eventually('it listens', () => readLog().includes('ready'));
  await look(30);
  await eventually('its successor', () => child?.restarts === 1);
  expect(child?.lastEnd).toBe('hung, no heartbeat for 30 s: exit 0');
  await processes.stop();
});

function readLog(): string {
  const file = join(root, 'elsewhere/helios.log');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

test('execution-manager always restarts, even with wrong settings, and each crash is logged as ERROR', async () => {
  const processes = processesOf('execution-manager', `process.exit(${HOPELESS_EXIT_CODE})`);
  processes.start();
  await eventually('the third crash', () => said.some((line) => line.includes('started again in 1 s')), 20_000);
  await processes.stop();
  expect(said.join('\n')).toMatch(
    /execution-manager +CRASHED +exit 78: its settings or files are wrong; started again at once \(why: elsewhere\/helios\.log\)/,
  );
  expect(said.join('\n')).toMatch(/ERROR fleet: process down, open positions unmanaged until it is back/);
  await fleetLog.close();
  expect(readFileSync(join(root, 'elsewhere/helios.log'), 'utf8')).toContain('"level":"ERROR"');
});

test('any other service with wrong settings is given up', async () => {
  const processes = processesOf('signal-engine', `process.exit(${HOPELESS_EXIT_CODE})`);
  processes.start();
  await eventually('it is left', () => processes.children[0]?.state === 'GIVEN_UP', 20_000);
  expect(processes.children[0]?.restarts).toBe(0);
  expect(said.join('\n')).toMatch(/signal-engine +STOPPED +exit 78: its settings or files are wrong/);
});

test('Redis holds the fault of the log file until the file is writable again', async () => {
  const path = join(root, 'elsewhere/helios.log');
  mkdirSync(path, { recursive: true });
  const fake = createFakeRedis();
  const processes = processesOf('signal-engine', '', fake);
  const written = async () => {
    fleetLog.log.info({}, 'a line');
    await processes.publish();
    return fake.bus('monitoring-agent').getRecord(Records.fleetLog);
  };
  const { fault } = await eventually('the fault', async () => {
    const record = await written();
    return record?.fault === undefined ? undefined : record;
  });
  expect(fault).toBe(`${path} cannot be written: EISDIR: illegal operation on a directory, open '${path}'`);
  rmSync(path, { recursive: true });
  await eventually('no fault', async () => (await written())?.fault === undefined);
  expect(said.at(-1)).toMatch(/helios\.log is writable again; \d+ lines were lost/);
});

test('logs each change of a process as one line with fields', async () => {
  const processes = processesOf('signal-engine', `process.exit(${HOPELESS_EXIT_CODE})`);
  processes.start();
  await eventually('it is left', () => processes.children[0]?.state === 'GIVEN_UP', 20_000);
  await fleetLog.close();
  const lines = readFileSync(join(root, 'elsewhere/helios.log'), 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text));
  expect(lines.map(({ message, child, state }) => [message, child, state])).toEqual([
    ['process changed', 'signal-engine', 'STARTING'],
    ['process changed', 'signal-engine', 'GIVEN_UP'],
  ]);
  expect(said).toHaveLength(2);
});

test('a service that sends heartbeats but is still starting is not up yet', async () => {
  const fake = createFakeRedis();
  const processes = processesOf('signal-engine', 'setInterval(() => {}, 1_000)', fake);
  processes.start();
  const [child] = processes.children;
  const beat = (status: Heartbeat['status']) =>
    fake.bus('signal-engine').write((batch) => {
      const figures = { loop_lag_ms: 0, messages: 0, malformed: 0, rss_mb: 1 };
      const times = { ts: Date.now(), started_ts: Date.now() };
      const document = { service: 'signal-engine', status, pid: child?.pid ?? 0, ...times, ...figures } as const;
      batch.setRecord(Records.heartbeat, document, { service: 'signal-engine' });
    });
  try {
    await beat('STARTING');
    await processes.look();
    expect(processes.missing()).toEqual(['signal-engine']);
    await beat('RUNNING');
    await processes.look();
    expect(processes.missing()).toEqual([]);
  } finally {
    await processes.stop();
  }
});
