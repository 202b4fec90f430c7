import { secretsKeptFrom } from '@helios/shared/domain/settings/secret-holders.ts';
import { effectiveSettings, type ShownSetting } from '@helios/shared/runtime/config/effective-settings.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { SWITCH_NAMES } from '@helios/shared/runtime/config/setting-names.ts';

/** Secrets of other services: this process must not know them even where it could. */
const WITHHELD = secretsKeptFrom('dashboard-api');
/** These may be in the environment of other processes only: that they are not found here says nothing. */
const GIVEN_TO_OTHERS = [...SWITCH_NAMES, ...WITHHELD];

/** The settings in force as far as this process may and can know them, fit to be shown. */
export function shownSettings(env: NodeJS.ProcessEnv, root: string): readonly ShownSetting[] {
  return effectiveSettings(loadSettings({ env, root, withhold: WITHHELD }), GIVEN_TO_OTHERS);
}
