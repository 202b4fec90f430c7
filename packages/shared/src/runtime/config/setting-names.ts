import { FORMER_NAMES } from '../../domain/settings/former-names.ts';
import type { Setting } from '../../domain/settings/setting.ts';
import { SETTINGS, SWITCHES } from '../../domain/settings.ts';

/** One setting with all its names. */
export interface NamedSetting {
  readonly section: string;
  readonly key: string;
  /** `section.key`. */
  readonly path: string;
  readonly setting: Setting;
  /** `SECTION_KEY`, then the short name if it differs. */
  readonly environmentNames: readonly string[];
  /** Its names in the first documentation. */
  readonly formerNames: readonly FormerName[];
}

/** An old name of a setting, still valid. */
export interface FormerName {
  readonly section: string;
  readonly key: string;
  /** `section.key`. */
  readonly path: string;
  readonly environmentName: string;
}

/** All settings in the order of the template. */
export const ALL_SETTINGS: readonly NamedSetting[] = Object.entries(SETTINGS).flatMap(([section, keys]) =>
  Object.entries<Setting>(keys).map(([key, setting]) => {
    const long = `${section}_${key}`.toUpperCase();
    return {
      section,
      key,
      path: `${section}.${key}`,
      setting,
      environmentNames: setting.env === undefined || setting.env === long ? [long] : [long, setting.env],
      formerNames: (FORMER_NAMES[`${section}.${key}`] ?? []).map(formerName),
    };
  }),
);

function formerName(path: string): FormerName {
  const [section = '', key = ''] = path.split('.');
  return { section, key, path, environmentName: `${section}_${key}`.toUpperCase() };
}

export const SECTION_NAMES: readonly string[] = Object.keys(SETTINGS);

export type SwitchName = keyof typeof SWITCHES;
export const SWITCH_NAMES = Object.keys(SWITCHES) as readonly SwitchName[];

/** Every environment variable that sets a setting or switch. */
export const ENVIRONMENT_NAMES: ReadonlySet<string> = new Set([
  ...ALL_SETTINGS.flatMap((named) => named.environmentNames),
  ...ALL_SETTINGS.flatMap((named) => named.formerNames.map(({ environmentName }) => environmentName)),
  ...SWITCH_NAMES,
]);
