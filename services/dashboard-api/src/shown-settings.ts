import { secretsKeptFrom } from '@helios/shared/domain/settings/secret-holders.ts';
import { effectiveSettings, type ShownSetting } from '@helios/shared/runtime/config/effective-settings.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { SWITCH_NAMES } from '@helios/shared/runtime/config/setting-names.ts';

/** Secrets of other services. This process must not read them, even if it could. */
const WITHHELD = secretsKeptFrom('dashboard-api');
/** Settings that may be only in the environment of other processes. If they are missing here, this proves nothing. */
const GIVEN_TO_OTHERS = [...SWITCH_NAMES, ...WITHHELD];

/** The effective settings that this process may know, safe to show. */
export function shownSettings(env: NodeJS.ProcessEnv, root: string): readonly ShownSetting[] {
  return effectiveSettings(loadSettings({ env, root, withhold: WITHHELD }), GIVEN_TO_OTHERS);
}
