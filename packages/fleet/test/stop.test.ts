import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { processBegan } from '../src/supervisor-file.ts';
import { isAlive } from './fleet-harness.ts';

let folder: string;
let supervisor: ChildProcess;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'helios-stop-'));
  mkdirSync(join(folder, 'elsewhere'));
  supervisor = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await eventually('it runs', () => processBegan(supervisor.pid ?? 0) !== undefined);
  const record = { pid: supervisor.pid, began: processBegan(supervisor.pid ?? 0), started_ts: 0, detached: true };
  writeFileSync(join(folder, 'elsewhere/supervisor.json'), JSON.stringify(record));
});
afterEach(async () => {
  supervisor.kill('SIGKILL');
  if (supervisor.exitCode === null && supervisor.signalCode === null) await once(supervisor, 'exit');
  rmSync(folder, { recursive: true, force: true });
});

function stop(...args: string[]) {
  const script = join(import.meta.dirname, '../src/stop.ts');
  const env = { ...process.env, HELIOS_SETTINGS_DIR: folder, SYSTEM_DATA_DIR: join(folder, 'elsewhere') };
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', env });
}

test.each([
  [['--help'], 0],
  [['--hepl'], 2],
  [['now'], 2],
])('stop %j stops nothing', (args, code) => {
  expect(stop(...args).status).toBe(code);
  expect(isAlive(supervisor.pid ?? 0)).toBe(true);
});

test('npm stop works despite a fault in the settings', () => {
  writeFileSync(join(folder, '.env'), 'LEVRAGE=10\nDASHBOARD_PORT=none\n');
  const { status, stdout, stderr } = stop();
  expect(stdout).toContain(`Stopping the fleet (process ${supervisor.pid})`);
  expect(stderr).toContain('The settings have faults');
  expect(status).toBe(0);
});
