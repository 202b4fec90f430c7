import { resolve } from 'node:path';
import { effectiveSettings, type ShownSetting } from '@helios/shared/runtime/config/effective-settings.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { SettingsError } from '@helios/shared/runtime/config/settings-error.ts';

/** `npm run config`: prints the effective settings with their origins, or all faults (exit code 1). */
function printConfig(root: string): void {
  try {
    console.log(configTable(effectiveSettings(loadSettings({ env: process.env, root }))));
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
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

printConfig(resolve(process.argv[2] ?? resolve(import.meta.dirname, '../../..')));
