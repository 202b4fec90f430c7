import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Streams } from '../contracts/catalog.ts';
import { aMode } from '../testing/builders.ts';
import {
  fleetBus,
  heartbeat,
  newestLogs,
  run,
  says,
  setMode,
  settingsFolder,
  useServiceProcesses,
} from '../testing/service-process.ts';

useServiceProcesses();

test('the service waits for the mode, runs, and on SIGTERM cleans up newest first and exits with 0', async () => {
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

test('a signal during the wait ends the service with 0', async () => {
  const child = run('');
  await says(child, 'waiting for the fleet to resolve its mode');
  child.process.kill('SIGINT');
  expect(await child.ended).toBe(0);
});

test('a replay runs on the clock of the frames, all else on the wall clock', async () => {
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

test('an unhandled rejection is logged as FATAL with its cause and ends the service with 1', async () => {
  await setMode(aMode());
  const child = run("setTimeout(() => void Promise.reject(new Error('lost', { cause: new Error('why') })), 10);");
  expect(await child.ended).toBe(1);
  const fatal = child.lines().find(({ level }) => level === 'FATAL');
  expect(fatal).toMatchObject({ message: 'lost', error: { message: 'lost', cause: { message: 'why' } } });
  expect((await newestLogs())[0]?.level).toBe('FATAL');
});

test('a failing job and a failing start end the service with 1', async () => {
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

test('a hanging cleanup ends the service with 1 after five seconds, a second signal at once', async () => {
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
  await fleetBus().write((b) => b.append(Streams.operatorCommands, command));
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

test('wrong settings end the service with 78, and all are named', async () => {
  const child = run('', { REDIS_DB: 'x', SIMULATION_POSITION_SIZE: '-1' });
  expect(await child.ended).toBe(78);
  const fatal = child.lines().find(({ level }) => level === 'FATAL');
  expect(String(fatal?.['message'])).toMatch(/redis_db[\s\S]*position_size|position_size[\s\S]*redis_db/);
});

test.each([
  ['HopelessStart', 78],
  ['StartBlocked', 1],
])('a start that ends with %s logs its message without a stack and exits with %i', async (name, code) => {
  await setMode(aMode());
  const errors = JSON.stringify(join(import.meta.dirname, 'errors.ts'));
  const child = run(
    `const { ${name} } = await import(${errors}); throw new ${name}('The file is damaged. Delete it.');`,
  );
  expect(await child.ended).toBe(code);
  const fatal = child.lines().find(({ level }) => level === 'FATAL');
  expect(fatal).toMatchObject({ message: 'The file is damaged. Delete it.' });
  expect(fatal).not.toHaveProperty('error');
});

test('each secret reaches only its holders, and is never logged', async () => {
  await setMode(aMode());
  const secret = 'k'.repeat(60);
  const env = { BINANCE_API_KEY: secret, BINANCE_API_SECRET: secret, REDDIT_CLIENT_SECRET: 'a-reddit-secret' };
  const body = `log.info({ venue: settings.binance.api_secret.length, reddit: settings.reddit.client_secret.length,
    dashboard: settings.dashboard.password.length, text: settings.binance.api_secret + settings.reddit.client_secret }, 'settings');`;
  writeFileSync(join(settingsFolder(), '.env'), 'DASHBOARD_PASSWORD=a-password-of-the-page\n');
  const sections = "settings: ['binance', 'reddit', 'dashboard'], modes: ['synthetic']";
  const without = run(body, env, `name: 'signal-engine', ${sections}`);
  await says(without, 'settings');
  expect(without.lines().find(({ message }) => message === 'settings')).toMatchObject({
    venue: 0,
    reddit: 0,
    dashboard: 0,
    text: '',
  });
  without.process.kill('SIGTERM');
  await without.ended;
  const withIt = run(body, env, `name: 'execution-manager', ${sections}`);
  await says(withIt, 'settings');
  const own = withIt.lines().find(({ message }) => message === 'settings');
  expect(own).toMatchObject({ venue: 60, reddit: 0, dashboard: 0, text: '[hidden]' });
});
