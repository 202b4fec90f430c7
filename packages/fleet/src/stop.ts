import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { typedCommand } from '@helios/shared/runtime/cli/command-line.mjs';
import { runCommand } from '@helios/shared/runtime/cli/run-command.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import type { LoadedSettings } from '@helios/shared/runtime/config/loaded-settings.ts';
import { SettingsError } from '@helios/shared/runtime/config/settings-error.ts';
import { processBegan, runningSupervisor } from './supervisor-file.ts';

const WITHIN_MS = 15_000;

/** `npm stop`: asks the supervisor to end and waits until it has. */
async function main(): Promise<number> {
  const root = resolve(import.meta.dirname, '../../..');
  const { settings } = settingsAsFarAsRead(root);
  const running = runningSupervisor(resolve(root, settings.system.data_dir));
  if (running === undefined) {
    console.log('No fleet is running.');
    return 0;
  }
  const startedMs = Date.now();
  console.log(`Stopping the fleet (process ${running.pid}) …`);
  process.kill(running.pid, 'SIGTERM');
  const isThere = () => processBegan(running.pid) === running.began;
  while (isThere() && Date.now() - startedMs < WITHIN_MS) await pause(100);
  if (!isThere()) {
    console.log(`The fleet has stopped (${((Date.now() - startedMs) / 1_000).toFixed(1)} s).`);
    return 0;
  }
  // Its children notice its death and end by themselves.
  process.kill(running.pid, 'SIGKILL');
  console.error(
    `The supervisor did not end within ${WITHIN_MS / 1_000} s, so this command killed it. Its services end by themselves.`,
  );
  return 1;
}

/** The settings; if some have faults, the others count: npm stop must work in any case. */
function settingsAsFarAsRead(root: string): LoadedSettings {
  try {
    return loadSettings({ env: process.env, root });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(`The settings have faults (${typedCommand('config')} shows them). The fleet stops all the same.`);
    return error.loaded;
  }
}

await runCommand('stop', main);
