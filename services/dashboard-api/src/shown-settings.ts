import { effectiveSettings, type ShownSetting } from '@helios/shared/runtime/config/effective-settings.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { ALL_SETTINGS, SWITCH_NAMES } from '@helios/shared/runtime/config/setting-names.ts';

/** Credentials are the resolver's and execution-manager's: this process must not know them even where it could. */
const WITHHELD = ['binance.api_key', 'binance.api_secret'];
/** Sections whose secrets this process needs. */
const OWN_SECTIONS = ['dashboard', 'system'];
/** In compose these are in the environment of other containers only: that they are not found here says nothing. */
const GIVEN_TO_OTHERS = [
  ...SWITCH_NAMES,
  ...ALL_SETTINGS.flatMap(({ path, section, setting }) =>
    setting.secret === true && !OWN_SECTIONS.includes(section) ? [path] : [],
  ),
];

/** The settings in force as far as this process may and can know them, fit to be shown. */
export function shownSettings(env: NodeJS.ProcessEnv, root: string): readonly ShownSetting[] {
  return effectiveSettings(loadSettings({ env, root, withhold: WITHHELD }), GIVEN_TO_OTHERS);
}
