import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadSettings } from '../runtime/config/load-settings.ts';
import type { LoadedSettings } from '../runtime/config/loaded-settings.ts';
import { SettingsError, type SettingsFault } from '../runtime/config/settings-error.ts';

/** An empty folder; deleted after the test. */
export function settingsFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'helios-settings-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Content of the environment and of the files in a settings folder. */
export interface Given {
  readonly env?: NodeJS.ProcessEnv;
  readonly dotenv?: string;
  readonly ini?: string | Buffer;
  readonly withhold?: readonly string[];
}

/** Loads settings from a folder with only these files. */
export function load({ env = {}, dotenv, ini, withhold = [] }: Given): LoadedSettings {
  const root = settingsFolder();
  const write = (file: string, content: string | Buffer | undefined): void => {
    if (content === undefined) return;
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  };
  write('.env', dotenv);
  write('config/config.ini', ini);
  return loadSettings({ env, root, withhold });
}

/** The faults in the settings; empty if they load. */
export function faultsOf(given: Given): readonly SettingsFault[] {
  try {
    load(given);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}
