import type { Setting } from '../../domain/settings/setting.ts';
import { SETTINGS, SWITCHES } from '../../domain/settings.ts';

/** One setting with every name it goes by. */
export interface NamedSetting {
  readonly section: string;
  readonly key: string;
  /** `section.key`. */
  readonly path: string;
  readonly setting: Setting;
  /** `SECTION_KEY`, then the short name where there is another one. */
  readonly environmentNames: readonly string[];
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
    };
  }),
);

export const SECTION_NAMES: readonly string[] = Object.keys(SETTINGS);

export type SwitchName = keyof typeof SWITCHES;
export const SWITCH_NAMES = Object.keys(SWITCHES) as readonly SwitchName[];

/** Every environment variable that means something to the settings. */
export const ENVIRONMENT_NAMES: ReadonlySet<string> = new Set([
  ...ALL_SETTINGS.flatMap((named) => named.environmentNames),
  ...SWITCH_NAMES,
]);
