import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, test } from 'vitest';
import {
  BOOT_MS,
  childrenOf,
  env,
  isAlive,
  notes,
  root,
  startFleetOnTerminal,
  useFleetHarness,
} from './fleet-harness.ts';

useFleetHarness();

const WARNINGS = 3_000;

function loggedWarnings(): number {
  const lines = readFileSync(join(root, 'logs', 'helios.log'), 'utf8').split('\n');
  return lines.filter((line) => line.includes('"a warning of many"')).length;
}

test.skipIf(process.platform !== 'linux')(
  'a stopped terminal (Ctrl-S) delays neither the supervisor nor its end',
  async () => {
    env['FAKE_BEHAVIOUR'] = 'signal-engine=chatty';
    const terminal = startFleetOnTerminal();
    await terminal.ready();
    const [supervisor = 0] = childrenOf(terminal.pid);
    const chatty = notes().find(({ service, event }) => service === 'signal-engine' && event === 'start')?.pid ?? 0;
    expect(chatty).toBeGreaterThan(0);

    terminal.kill('SIGSTOP');
    process.kill(chatty, 'SIGUSR2');
    await eventually('every warning is in the log file', () => loggedWarnings() === WARNINGS, 20_000);
    process.kill(supervisor, 'SIGTERM');
    await eventually('the supervisor has ended', () => !isRunning(supervisor), BOOT_MS);
    terminal.kill('SIGCONT');
    await terminal.ended;
    expect(terminal.said()).toContain('a warning of many');
  },
);

/** True for a live process. An ended one stays as a zombie until its parent, which is stopped here, collects it. */
function isRunning(pid: number): boolean {
  return isAlive(pid) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
}
