import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Records, Streams } from '../contracts/catalog.ts';
import type { FleetMode, Heartbeat, LogRecord } from '../domain/fleet.ts';
import { aMode } from '../testing/builders.ts';
import { eventually } from '../testing/eventually.ts';
import { silentLog } from '../testing/silent-log.ts';
import { startTestRedis, type TestRedis } from '../testing/test-redis.ts';
import type { ManagedBus } from './managed-bus.ts';
import { connectBus } from './redis-bus.ts';

let server: TestRedis;
let fleet: ManagedBus<'fleet'>;
let folder: string;
let children: Child[] = [];

interface Child {
  readonly process: ChildProcess;
  lines(): Record<string, unknown>[];
  messages(): string[];
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** A service, signal-engine unless `options` say otherwise, whose `start` is `body`, as a process of its own. */
function run(
  body: string,
  env: Record<string, string> = {},
  options = "name: 'signal-engine', settings: ['signals'], modes: ['synthetic']",
): Child {
  const script = `
    import { runService } from ${JSON.stringify(join(import.meta.dirname, 'run-service.ts'))};
    await runService({
      ${options},
      async start({ bus, clock, settings, mode, log, every, onStop }) { ${body} },
    }, ${JSON.stringify(folder)});`;
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, REDIS_HOST: server.host, REDIS_PORT: String(server.port), ...env },
  });
  let text = '';
  const keep = (chunk: Buffer) => {
    text += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const lines = () =>
    text
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const started: Child = {
    process: child,
    lines,
    messages: () => lines().map(({ message }) => String(message)),
    ended: new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'))),
  };
  children.push(started);
  return started;
}

const says = (child: Child, message: string) =>
  eventually(`the line "${message}"`, () => child.messages().includes(message), 20_000);

/** Patient with a Redis that a test before has killed: this connection comes back by itself. */
const setMode = (mode: FleetMode): Promise<boolean> =>
  eventually('the mode is written', () =>
    fleet
      .write((b) => b.setRecord(Records.fleetMode, mode))
      .then(
        () => true,
        () => false,
      ),
  );

const heartbeat = (): Promise<Heartbeat | undefined> =>
  fleet.getRecord(Records.heartbeat, { service: 'signal-engine' });

/** The lines of WARN and above that everybody can read, newest first. */
async function newestLogs(): Promise<LogRecord[]> {
  const messages = (await server.call('XREVRANGE', 'logs', '+', '-')) as [string, string[]][];
  return messages.map(([, fields]) => JSON.parse(fields[1] ?? '') as LogRecord);
}

beforeAll(async () => {
  server = await startTestRedis({ arguments: ['--appendfsync', 'always'] });
  fleet = await connectBus('fleet', { host: server.host, port: server.port, db: 0, log: silentLog });
});
afterAll(async () => {
  await fleet?.close();
  await server?.stop();
});
beforeEach(async () => {
  await server.call('FLUSHALL');
  folder = mkdtempSync(join(tmpdir(), 'helios-run-'));
});
afterEach(async () => {
  for (const { process: child, ended } of children) {
    child.kill('SIGKILL');
    await ended;
  }
  children = [];
  rmSync(folder, { recursive: true, force: true });
});

test('waits for the mode, runs, and on SIGTERM cleans up newest first and ends with 0', async () => {
  const child = run("onStop('a', () => log.info({}, 'cleanup a')); onStop('b', () => log.info({}, 'cleanup b'));");
  await says(child, 'waiting for the fleet to resolve its mode');
  expect(await heartbeat()).toBeUndefined();
  await setMode(aMode());
  await says(child, 'service started');
  expect(await heartbeat()).toMatchObject({ status: 'RUNNING', pid: child.process.pid });
  child.process.kill('SIGTERM');
  expect(await child.ended).toBe(0);
  expect(child.messages().slice(-3)).toEqual(['stopping', 'cleanup b', 'cleanup a']);
  expect((await heartbeat())?.status).toBe('STOPPING');
  expect(child.messages().filter((message) => message.startsWith('waiting'))).toHaveLength(1);
});

test('waits for its own session and its own boot', async () => {
  await setMode(aMode({ session: 'former' }));
  const child = run('', { HELIOS_SESSION: 'ours' });
  await says(child, 'waiting for the fleet to resolve its mode');
  await setMode(aMode({ session: 'ours', boot_id: 'of an earlier boot' }));
  await eventually('the boot', () => child.lines().some((line) => line['waiting_for'] === 'the mode of this boot'));
  await setMode(aMode({ session: 'ours' }));
  await says(child, 'service started');
});

test('a signal while waiting ends it with 0', async () => {
  const child = run('');
  await says(child, 'waiting for the fleet to resolve its mode');
  child.process.kill('SIGINT');
  expect(await child.ended).toBe(0);
});

test('a replay runs on the frames’ clock, all else on the wall’s', async () => {
  await setMode(aMode({ source: { kind: 'replay', files: ['f'], speed: 'max', exit: false } }));
  const body = "clock.observe(5); log.info({ now: clock.now() }, 'the time');";
  const inReplay = run(body);
  await says(inReplay, 'the time');
  expect(inReplay.lines().find(({ message }) => message === 'the time')?.['now']).toBe(5);
  inReplay.process.kill('SIGTERM');
  await inReplay.ended;
  await setMode(aMode());
  const onGenerator = run(body);
  await says(onGenerator, 'the time');
  expect(onGenerator.lines().find(({ message }) => message === 'the time')?.['now']).toBeGreaterThan(1e12);
});

test('a rejection nobody awaits is logged as FATAL with its cause and ends it with 1', async () => {
  await setMode(aMode());
  const child = run("setTimeout(() => void Promise.reject(new Error('lost', { cause: new Error('why') })), 10);");
  expect(await child.ended).toBe(1);
  const fatal = child.lines().find(({ level }) => level === 'FATAL');
  expect(fatal).toMatchObject({ message: 'lost', error: { message: 'lost', cause: { message: 'why' } } });
  expect((await newestLogs())[0]?.level).toBe('FATAL');
});

test('a job that fails and a start that fails end it with 1', async () => {
  await setMode(aMode());
  const failingJob = run("every('job', 5, () => { throw new Error('broken job'); });");
  expect(await failingJob.ended).toBe(1);
  expect(failingJob.messages()).toContain('broken job');
  const failingStart = run("throw new Error('broken start');");
  expect(await failingStart.ended).toBe(1);
  expect(failingStart.messages()).toContain('broken start');
  expect((await heartbeat())?.status).toBe('STARTING');
  const [why] = await newestLogs();
  expect(why).toMatchObject({ level: 'FATAL', service: 'signal-engine', message: 'broken start' });
});

test('a cleanup that hangs ends it with 1 after five seconds, a second signal at once', async () => {
  await setMode(aMode());
  const hanging = "onStop('hang', () => new Promise(() => { setInterval(() => {}, 1000); }));";
  const [patient, impatient] = [run(hanging), run(hanging)];
  await says(patient, 'service started');
  await says(impatient, 'service started');
  const catalog = JSON.stringify(join(import.meta.dirname, '../contracts/catalog.ts'));
  const stuck = run(`
    const { Streams } = await import(${catalog});
    await bus.consume(Streams.operatorCommands, async () => { log.info({}, 'at work'); await new Promise(() => {}); });`);
  const command = { command_id: '1', action: 'stop', issued_by: 'test', issued_ts: 1 } as const;
  await fleet.write((b) => b.append(Streams.operatorCommands, command));
  await says(stuck, 'at work');
  await says(stuck, 'service started');
  stuck.process.kill('SIGTERM');
  const startedMs = performance.now();
  patient.process.kill('SIGTERM');
  impatient.process.kill('SIGTERM');
  await says(impatient, 'stopping');
  impatient.process.kill('SIGTERM');
  expect(await impatient.ended).toBe(1);
  expect(performance.now() - startedMs).toBeLessThan(4_000);
  expect(await patient.ended).toBe(1);
  expect(performance.now() - startedMs).toBeGreaterThan(4_900);
  expect(performance.now() - startedMs).toBeLessThan(8_000);
  expect(patient.messages()).toContain('not stopped within five seconds');
  expect(await stuck.ended).toBe(1);
});

test('wrong settings end it with 78 and are all named', async () => {
  const child = run('', { REDIS_DB: 'x', SIMULATION_POSITION_SIZE: '-1' });
  expect(await child.ended).toBe(78);
  const fatal = child.lines().find(({ level }) => level === 'FATAL');
  expect(String(fatal?.['message'])).toMatch(/redis_db[\s\S]*position_size|position_size[\s\S]*redis_db/);
});

test('the venue’s secret is handed only to execution-manager, and no secret is ever logged', async () => {
  await setMode(aMode());
  const secret = 'k'.repeat(60);
  const env = { BINANCE_API_KEY: secret, BINANCE_API_SECRET: secret, REDDIT_CLIENT_SECRET: 'a-reddit-secret' };
  const body = `log.info({ sections: Object.keys(settings), text: 'a-reddit-secret ' + '${secret}', length: settings.binance?.api_secret.length ?? -1 }, 'settings');`;
  const without = run(body, env, "name: 'signal-engine', settings: ['binance'], modes: ['synthetic']");
  await says(without, 'settings');
  const line = without.lines().find(({ message }) => message === 'settings');
  expect(line).toMatchObject({ sections: ['binance'], length: 0 });
  expect(JSON.stringify(line)).not.toContain('a-reddit-secret');
  without.process.kill('SIGTERM');
  await without.ended;
  const withIt = run(body, env, "name: 'execution-manager', settings: ['binance'], modes: ['synthetic']");
  await says(withIt, 'settings');
  const own = withIt.lines().find(({ message }) => message === 'settings');
  expect(own).toMatchObject({ sections: ['binance'], length: 60 });
  expect(JSON.stringify(own)).not.toContain(secret);
});

test('survives a Redis that is killed and comes back; the health file is as young as the heartbeat', async () => {
  await setMode(aMode());
  const file = join(folder, 'health');
  const child = run('', { HELIOS_HEALTH_FILE: file, LOG_LEVEL: 'debug' });
  await says(child, 'service started');
  await eventually('the health file', () => statSync(file, { throwIfNoEntry: false }));
  await server.kill();
  await says(child, 'redis connection lost');
  const whenLost = statSync(file).mtimeMs;
  const leftOut = () => child.messages().filter((message) => message === 'heartbeat left out').length;
  // What the first of two would have written is there when the second is left out.
  await eventually('two heartbeats that are lost', () => leftOut() >= 2);
  expect(statSync(file).mtimeMs).toBe(whenLost);
  await server.restart();
  await says(child, 'redis connection restored');
  await eventually('a younger file', () => statSync(file).mtimeMs > whenLost);
  child.process.kill('SIGTERM');
  expect(await child.ended).toBe(0);
});

test('a Redis that dies in the middle of a start is waited for, and the start is undone and begun anew', async () => {
  await setMode(aMode());
  const catalog = JSON.stringify(join(import.meta.dirname, '../contracts/catalog.ts'));
  const child = run(`
    const { Maps } = await import(${catalog});
    onStop('undo', () => log.info({}, 'undone'));
    log.info({}, 'reading');
    for (let i = 0; i < 100; i += 1) {
      await bus.getMap(Maps.openPositions);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }`);
  await says(child, 'reading');
  await server.kill();
  await says(child, 'redis went away during the start, starting anew');
  await server.restart();
  await says(child, 'service started');
  expect(child.messages().filter((message) => message === 'undone')).toHaveLength(1);
  expect(child.lines().filter(({ level }) => level === 'ERROR' || level === 'FATAL')).toEqual([]);
  child.process.kill('SIGTERM');
  expect(await child.ended).toBe(0);
});

test('a fleet that was started anew ends it', async () => {
  await setMode(aMode({ session: 'one', resolved_ts: 1_000 }));
  const child = run('');
  await says(child, 'service started');
  await setMode(aMode({ session: 'two', resolved_ts: 1_001 }));
  expect(await child.ended).toBe(0);
  expect(child.messages()).toContain('the fleet was started anew, ending');
});

test('a Redis that comes back with the mode of an earlier start ends nothing', async () => {
  await setMode(aMode({ session: 'ours', resolved_ts: 1_000 }));
  // It reads the mode itself: once for each look that the host has had at it.
  const catalog = JSON.stringify(join(import.meta.dirname, '../contracts/catalog.ts'));
  const child = run(`
    const { Records } = await import(${catalog});
    const read = bus.getRecord;
    let looks = 0;
    bus.getRecord = async (...args) => {
      const found = await read.call(bus, ...args);
      if (found?.session === 'earlier') log.info({ looks: (looks += 1) }, 'looked at the earlier mode');
      return found;
    };`);
  await says(child, 'service started');
  await setMode(aMode({ session: 'earlier', resolved_ts: 999 }));
  await says(child, 'looked at the earlier mode');
  await setMode(aMode({ session: 'later', resolved_ts: 1_001 }));
  expect(await child.ended).toBe(0);
  const ending = child.lines().find(({ message }) => message === 'the fleet was started anew, ending');
  expect(ending).toMatchObject({ new_session: 'later' });
});
