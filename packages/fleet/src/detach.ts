import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { printableLines } from '@helios/shared/runtime/cli/printable.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';

/** Messages from the background supervisor to the process that waits for it. */
type Word = { readonly line: string } | { readonly ready: true; readonly problem?: string };

/**
 * Starts the supervisor in its own session and waits until the fleet is up.
 * @returns 0 if every service runs, else 1
 */
export function startDetached(script: string, args: readonly string[], root: string): Promise<number> {
  const { settings } = loadSettings({ env: process.env, root });
  const folder = resolve(root, settings.system.data_dir);
  mkdirSync(folder, { recursive: true });
  // Takes the output of a crash of the supervisor itself; its log lines go to helios.log.
  const output = join(folder, 'supervisor.out');
  const file = openSync(output, 'w');
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    env: { ...process.env, HELIOS_DETACHED: '1' },
    detached: true,
    stdio: ['ignore', file, file, 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGTERM'));
  return new Promise((settle) => {
    child.on('error', (error) => {
      console.error(`Cannot start the supervisor: ${error.message}`);
      settle(1);
    });
    child.on('message', (word: Word) => {
      if ('line' in word) {
        console.log(printableLines(word.line));
        return;
      }
      console.log(
        `The fleet runs in the background (process ${child.pid}): npm run status shows it, npm stop ends it.`,
      );
      child.disconnect();
      child.unref();
      settle(word.problem === undefined ? 0 : 1);
    });
    child.on('exit', (code, signal) => {
      const said = readFileSync(output, 'utf8').trim();
      if (said !== '') console.error(printableLines(said));
      if (code !== 0) console.error(`\nThe fleet did not start (${signal ?? `exit ${code}`}).`);
      settle(code ?? 1);
    });
  });
}
