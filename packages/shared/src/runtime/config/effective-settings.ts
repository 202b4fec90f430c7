import { type SettingValue, valueText } from '../../domain/settings/setting.ts';
import type { LoadedSettings, Origin } from './loaded-settings.ts';
import { ALL_SETTINGS, SWITCH_NAMES } from './setting-names.ts';
import { isPlaceholder } from './template-text.mjs';

/** One setting or switch in the form shown to an operator. */
export interface ShownSetting {
  /** Absent for a switch. */
  readonly section?: string;
  readonly key: string;
  /** The text form of the value; the mask of a secret also hides its length. */
  readonly value: string;
  readonly origin: Origin;
}

const MASK = '********';
const NOTHING = '(not set)';
const PLACEHOLDER = '(a placeholder: not set)';
const UNKNOWN = '(not known here)';

/**
 * All switches and settings with their origins, secrets masked. A name in `givenToOthers` (`section.key`, or a switch) may be
 * set for other processes only; if it is not set here, it is shown as withheld and not as a default.
 */
export function effectiveSettings(
  { settings, switches, origins }: LoadedSettings,
  givenToOthers: readonly string[] = [],
): ShownSetting[] {
  const { allowPublicMode, allowSynthetic, liveTradingConfirm } = switches;
  const switchValues = {
    ALLOW_PUBLIC_MODE: String(allowPublicMode),
    ALLOW_SYNTHETIC: String(allowSynthetic),
    LIVE_TRADING_CONFIRM: liveTradingConfirm ?? NOTHING,
  };
  const byPath = new Map<string, SettingValue>(
    Object.entries(settings).flatMap(([section, keys]) =>
      Object.entries<SettingValue>(keys).map(([key, value]) => [`${section}.${key}`, value] as const),
    ),
  );
  const known = (name: string, value: string): Pick<ShownSetting, 'value' | 'origin'> => {
    const origin = origins[name] ?? 'default';
    const isUnknown = origin === 'withheld' || (origin === 'default' && givenToOthers.includes(name));
    return isUnknown ? { value: UNKNOWN, origin: 'withheld' } : { value, origin };
  };
  return [
    ...SWITCH_NAMES.map((key) => ({ key, ...known(key, switchValues[key]) })),
    ...ALL_SETTINGS.map(({ section, key, path, setting }) => ({
      section,
      key,
      ...known(path, shown(byPath.get(path), setting.secret === true)),
    })),
  ];
}

function shown(value: SettingValue | undefined, secret: boolean): string {
  const text = valueText(value ?? '');
  if (text === '') return NOTHING;
  if (!secret) return text;
  return isPlaceholder(text) ? PLACEHOLDER : MASK;
}
