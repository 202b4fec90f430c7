import { resolve } from 'node:path';
import { runToEnd } from '@helios/shared/runtime/cli/run-command.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { checkSettingsFileAccess } from './settings-file-access.ts';

/**
 * The one-shot settings check of the compose files. A container sees of `.env` only what compose hands to it, so that a
 * mistyped name would be lost unsaid: this one is given the file itself, and has no network.
 */
async function main(): Promise<number> {
  const root = resolve(import.meta.dirname, '../../..');
  loadSettings({ env: process.env, root });
  for (const warning of checkSettingsFileAccess(root, process.env)) console.log(`warning: ${warning}`);
  console.log('The settings have no fault.');
  return 0;
}

await runToEnd(main);
