import type { LoadedSettings, Origin } from './load-settings.ts';
import { ALL_SETTINGS, SWITCH_NAMES } from './setting-names.ts';

/** One setting or switch as it is shown to an operator. */
export interface ShownSetting {
  /** Absent for a switch. */
  readonly section?: string;
  readonly key: string;
  /** As it would be written in the file; a secret is masked, its length too. */
  readonly value: string;
  readonly origin: Origin;
}

const MASK = '********';
const NOTHING = '(not set)';

/** All switches and settings with their origins, fit to be shown: secrets are masked. */
export function effectiveSettings({ settings, switches, origins }: LoadedSettings): ShownSetting[] {
  const { allowPublicMode, allowSynthetic, liveTradingConfirm } = switches;
  const switchValues = {
    ALLOW_PUBLIC_MODE: String(allowPublicMode),
    ALLOW_SYNTHETIC: String(allowSynthetic),
    LIVE_TRADING_CONFIRM: liveTradingConfirm ?? NOTHING,
  };
  const byPath = new Map<string, unknown>(
    Object.entries(settings).flatMap(([section, keys]) =>
      Object.entries(keys).map(([key, value]) => [`${section}.${key}`, value] as const),
    ),
  );
  return [
    ...SWITCH_NAMES.map((key) => ({ key, value: switchValues[key], origin: origins[key] ?? 'default' })),
    ...ALL_SETTINGS.map(({ section, key, path, setting }) => ({
      section,
      key,
      value: shown(byPath.get(path), setting.secret === true),
      origin: origins[path] ?? 'default',
    })),
  ];
}

function shown(value: unknown, secret: boolean): string {
  const text = Array.isArray(value) ? value.join(', ') : String(value ?? '');
  if (text === '') return NOTHING;
  return secret ? MASK : text;
}
