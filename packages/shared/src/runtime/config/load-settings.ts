import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SettingValue } from '../../domain/settings/setting.ts';
import type { Settings } from '../../domain/settings.ts';
import { crossFieldFaults } from './cross-field-faults.ts';
import { findText, type Sources, withoutPlaceholder } from './find-text.ts';
import type { LoadedSettings, Origin, Switches } from './loaded-settings.ts';
import { parseBoolean } from './parse-boolean.mjs';
import { parseDotenv } from './parse-dotenv.mjs';
import { parseIni } from './parse-ini.mjs';
import { formerValue, parseValue } from './parse-value.ts';
import { applyRedisUrl } from './redis-url.ts';
import { ALL_SETTINGS, type SwitchName } from './setting-names.ts';
import { SettingsError, type SettingsFault } from './settings-error.ts';
import { unknownDotenvNames, unknownEnvironmentNames, unknownIniNames } from './unknown-names.ts';

export interface LoadOptions {
  readonly env: NodeJS.ProcessEnv;
  /** The project's folder with `.env` and `config/config.ini`, unless HELIOS_SETTINGS_DIR names another. */
  readonly root: string;
  /** Settings (`section.key`) that this process must not know: they get their default. */
  readonly withhold?: readonly string[];
}

/** Path of the settings file in faults and origins. */
export const CONFIG_FILE = 'config/config.ini';

/** Environment variable for the folder of both files; default the project's folder. */
const SETTINGS_FOLDER = 'HELIOS_SETTINGS_DIR';

/**
 * Reads all settings: environment over `.env` over `config/config.ini` over default. An empty variable counts as unset;
 * a missing file is an empty one.
 * @throws SettingsError that lists every fault.
 */
export function loadSettings(options: LoadOptions): LoadedSettings {
  const sources = readSources(options);
  const { faults } = sources;
  const values = new Map<string, SettingValue>();
  const origins: Record<string, Origin> = {};
  const faulty = new Set<string>();
  for (const named of ALL_SETTINGS) {
    const { setting, path } = named;
    const found = withoutPlaceholder(named, findText(sources, named, faulty));
    const read =
      found === undefined
        ? { value: setting.default }
        : (formerValue(named, found.text) ?? parseValue(setting, found.text));
    if ('what' in read) {
      faults.push({ where: found?.origin ?? path, what: `${path}: ${read.what}`, fix: read.fix });
      faulty.add(path);
    }
    const withheld = found !== undefined && options.withhold?.includes(path) === true;
    values.set(path, withheld || 'what' in read ? setting.default : read.value);
    origins[path] = withheld ? 'withheld' : (found?.origin ?? 'default');
  }
  faults.push(...applyRedisUrl(values, origins));
  const settings = nest(values);
  faults.push(...crossFieldFaults(settings, origins, faulty));
  const switches = readSwitches(sources, origins);
  const loaded = { settings, switches, origins };
  if (faults.length > 0) throw new SettingsError(faults, loaded);
  return loaded;
}

function readSources({ env, root }: LoadOptions): Sources {
  const faults: SettingsFault[] = [];
  const folder = settingsFolder(env, root, faults);
  const dotenv = parseDotenv(readText(folder, '.env', faults), '.env');
  const ini = parseIni(readText(folder, CONFIG_FILE, faults), CONFIG_FILE);
  faults.push(...unknownEnvironmentNames(env), ...dotenv.faults, ...unknownDotenvNames(dotenv));
  faults.push(...ini.faults, ...unknownIniNames(ini, CONFIG_FILE));
  return { env, dotenv, ini, faults };
}

/** A missing folder is a fault: otherwise Helios would silently ignore all settings of the operator. */
function settingsFolder(env: NodeJS.ProcessEnv, root: string, faults: SettingsFault[]): string {
  const named = env[SETTINGS_FOLDER]?.trim() ?? '';
  const folder = resolve(root, named);
  if (named !== '' && statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    faults.push({
      where: `environment ${SETTINGS_FOLDER}`,
      what: `${folder} is not a folder`,
      fix: 'Set it to the folder of .env and config/config.ini, or unset it to use the project’s folder',
    });
  }
  return folder;
}

function readText(folder: string, file: string, faults: SettingsFault[]): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(join(folder, file)));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'ENOENT') return '';
    const encoding = code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
    faults.push({
      where: file,
      what: encoding ? 'is not UTF-8 text' : `cannot be read (${code})`,
      fix: encoding ? 'Save it as UTF-8' : 'Make it readable for this user, or remove it to get the defaults',
    });
    return '';
  }
}

function readSwitches(sources: Sources, origins: Record<string, Origin>): Switches {
  const text = (name: SwitchName): string | undefined => {
    const found = findText(sources, { path: name, environmentNames: [name] }, new Set());
    origins[name] = found?.origin ?? 'default';
    return found?.text;
  };
  const flag = (name: SwitchName): boolean => {
    const found = text(name);
    if (found === undefined) return false;
    const read = parseBoolean(found);
    if ('value' in read) return read.value;
    sources.faults.push({ where: origins[name] ?? name, what: read.what, fix: read.fix });
    return false;
  };
  return {
    allowPublicMode: flag('ALLOW_PUBLIC_MODE'),
    allowSynthetic: flag('ALLOW_SYNTHETIC'),
    liveTradingConfirm: text('LIVE_TRADING_CONFIRM'),
  };
}

function nest(values: ReadonlyMap<string, SettingValue>): Settings {
  const sections: Record<string, Record<string, SettingValue>> = {};
  for (const { section, key, path, setting } of ALL_SETTINGS) {
    sections[section] ??= {};
    sections[section][key] = values.get(path) ?? setting.default;
  }
  for (const section of Object.values(sections)) Object.freeze(section);
  // The loop above filled every section and key of SETTINGS with a parsed value.
  return Object.freeze(sections) as unknown as Settings;
}
