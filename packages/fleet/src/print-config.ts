import { resolve } from 'node:path';
import { runCommand } from '@helios/shared/runtime/cli/run-command.ts';
import { effectiveSettings, type ShownSetting } from '@helios/shared/runtime/config/effective-settings.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { ALL_SETTINGS, SWITCH_NAMES } from '@helios/shared/runtime/config/setting-names.ts';
import { strategyWarnings } from '@helios/shared/runtime/config/strategy-warnings.ts';
import { ignoredVariableWarnings } from '@helios/shared/runtime/config/unknown-names.ts';

/** `npm run config`: prints the settings in force with their origins, or all faults (exit code 1). */
async function main(): Promise<number> {
  const root = resolve(import.meta.dirname, '../../..');
  const loaded = loadSettings({ env: process.env, root });
  console.log(configTable(effectiveSettings(loaded, givenToOthers())));
  for (const warning of [...strategyWarnings(loaded.settings), ...ignoredVariableWarnings(process.env)])
    console.log(`\nwarning: ${warning}`);
  return 0;
}

/** Names that a container may lack because compose gives secrets and switches to other containers only. */
function givenToOthers(): string[] {
  if (process.env['HELIOS_IN_CONTAINER'] !== 'true') return [];
  return [...SWITCH_NAMES, ...ALL_SETTINGS.filter(({ setting }) => setting.secret).map(({ path }) => path)];
}

function configTable(rows: readonly ShownSetting[]): string {
  const keyWidth = Math.max(...rows.map(({ key }) => key.length));
  const valueWidth = Math.min(40, Math.max(...rows.map(({ value }) => value.length)));
  let section: string | undefined;
  const lines = rows.flatMap((row) => {
    const heading = row.section === section ? [] : ['', `[${row.section}]`];
    section = row.section;
    return [...heading, `  ${row.key.padEnd(keyWidth)}  ${row.value.padEnd(valueWidth)}  ${row.origin}`];
  });
  return ['Switches (environment or .env only)', ...lines].join('\n');
}

await runCommand('config', main);
