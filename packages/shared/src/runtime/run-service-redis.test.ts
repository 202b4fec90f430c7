import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { aMode } from '../testing/builders.ts';
import { eventually } from '../testing/eventually.ts';
import { redis, run, says, setMode, settingsFolder, useServiceProcesses } from '../testing/service-process.ts';
import { digestOf } from './await-mode.ts';

useServiceProcesses();

test('the service waits for its own session and its own boot', async () => {
  await setMode(aMode({ session: 'former' }));
  const child = run('', { HELIOS_SESSION: 'ours' });
  await says(child, 'waiting for the fleet to resolve its mode');
  await setMode(aMode({ session: 'ours', boot_id: 'of an earlier boot' }));
  await eventually('the boot', () => child.lines().some((line) => line['waiting_for'] === 'the mode of this boot'));
  await setMode(aMode({ session: 'ours' }));
  await says(child, 'service started');
});

test('the service does not start in a mode typed into Redis under its own session', async () => {
  const mode = aMode({ session: 'ours', services: ['signal-engine'] });
  await setMode({ ...mode, mode: 'live', network: 'mainnet' });
  const child = run('', { HELIOS_SESSION: 'ours', HELIOS_MODE_DIGEST: digestOf(mode) });
  await eventually(
    'a look at the mode',
    () => child.lines().some(({ waiting_for }) => waiting_for !== undefined),
    20_000,
  );
  const refusal = child.lines().find(({ waiting_for }) => waiting_for !== undefined);
  expect(refusal).toMatchObject({ level: 'WARN', shown: { mode: 'live', network: 'mainnet' } });
  await setMode(mode);
  await says(child, 'service started');
  expect(child.lines().find(({ message }) => message === 'service started')).toMatchObject({ mode: 'synthetic' });
});

test('the service survives a killed Redis that comes back; the health file is as new as the heartbeat', async () => {
  await setMode(aMode());
  const file = join(settingsFolder(), 'health');
  const child = run('', { HELIOS_HEALTH_FILE: file, LOG_LEVEL: 'debug' });
  await says(child, 'service started');
  await eventually('the health file', () => statSync(file, { throwIfNoEntry: false }));
  await redis().kill();
  await says(child, 'redis connection lost');
  const whenLost = statSync(file).mtimeMs;
  const leftOut = () => child.messages().filter((message) => message === 'heartbeat skipped').length;
  // When the second heartbeat is skipped, a write of the first one would be visible.
  await eventually('two heartbeats that are lost', () => leftOut() >= 2);
  expect(statSync(file).mtimeMs).toBe(whenLost);
  await redis().restart();
  await says(child, 'redis connection restored');
  await eventually('a younger file', () => statSync(file).mtimeMs > whenLost);
  child.process.kill('SIGTERM');
  expect(await child.ended).toBe(0);
});

test('a start that loses Redis is undone, waits, and starts again', async () => {
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
  await redis().kill();
  await says(child, 'redis failed the start, retrying');
  await redis().restart();
  await says(child, 'service started');
  expect(child.messages().filter((message) => message === 'undone')).toHaveLength(1);
  expect(child.lines().filter(({ level }) => level === 'ERROR' || level === 'FATAL')).toEqual([]);
  child.process.kill('SIGTERM');
  expect(await child.ended).toBe(0);
});

test('a newer start of the fleet ends the service', async () => {
  await setMode(aMode({ session: 'one', resolved_ts: 1_000 }));
  const child = run('');
  await says(child, 'service started');
  await setMode(aMode({ session: 'two', resolved_ts: 1_001 }));
  expect(await child.ended).toBe(0);
  expect(child.messages()).toContain('the fleet was restarted, ending');
});

test('a Redis that comes back with the mode of an earlier start ends nothing', async () => {
  await setMode(aMode({ session: 'ours', resolved_ts: 1_000 }));
  // The service reads the mode itself, once for each read of the host.
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
  const ending = child.lines().find(({ message }) => message === 'the fleet was restarted, ending');
  expect(ending).toMatchObject({ new_session: 'later' });
});
