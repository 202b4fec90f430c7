import { resolve } from 'node:path';
import { runToEnd } from '@helios/shared/runtime/cli/run-command.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { strategyWarnings } from '@helios/shared/runtime/config/strategy-warnings.ts';
import { ignoredVariableWarnings } from '@helios/shared/runtime/config/unknown-names.ts';
import { checkSettingsFileAccess } from './settings-file-access.ts';

/**
 * The one-shot settings check of the compose files. Other containers see only the names that compose passes on, so nobody would
 * notice a mistyped name in `.env`. This container gets the file itself, and no network.
 */
async function main(): Promise<number> {
  const root = resolve(import.meta.dirname, '../../..');
  const { settings } = loadSettings({ env: process.env, root });
  const warnings = [
    ...checkSettingsFileAccess(root, process.env),
    ...strategyWarnings(settings),
    ...ignoredVariableWarnings(process.env),
  ];
  for (const warning of warnings) console.log(`warning: ${warning}`);
  console.log('The settings have no faults.');
  return 0;
}

await runToEnd(main);
