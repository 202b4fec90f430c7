import type {
  AutoNumberSetting,
  NumberSetting,
  Setting,
  SettingValue,
} from '@helios/shared/domain/settings/setting.ts';
import type { SectionName, Settings } from '@helios/shared/domain/settings.ts';
import { ALL_SETTINGS, type NamedSetting } from '@helios/shared/runtime/config/setting-names.ts';

const STEPS = 9;
/** Above this ratio of its bounds a range is walked by factors around the present value. */
const WIDE_RANGE = 20;
/** Factor from the present value to the ends of a wide range. */
const REACH = 8;

/** Why a setting of another kind cannot be varied. */
export const NO_RANGE = 'only numbers, switches and choices have a range';

/** The setting of a path; undefined if there is none. */
export function settingAt(path: string): NamedSetting | undefined {
  return ALL_SETTINGS.find((named) => named.path === path);
}

/** The value that a setting has. */
export function valueAt(settings: Settings, { section, key }: NamedSetting): SettingValue {
  return (settings[section as SectionName] as Readonly<Record<string, SettingValue>>)[key];
}

/** The settings with another value. */
export function withValue(settings: Settings, { section, key }: NamedSetting, value: SettingValue): Settings {
  return { ...settings, [section]: { ...settings[section as SectionName], [key]: value } };
}

/** Values over the range of a setting, the present one included, low to high; a text says why there are none. */
export function gridOf(setting: Setting, current: SettingValue): readonly SettingValue[] | string {
  if (setting.kind === 'boolean') return [false, true];
  if (setting.kind === 'choice') return setting.choices;
  if (!hasRange(setting)) return NO_RANGE;
  const now = current === 'auto' ? undefined : Number(current);
  const { low, high, isWide } = rangeOf(setting, now ?? 0);
  const steps = Array.from({ length: STEPS }, (_, n) => {
    const share = n / (STEPS - 1);
    const value = isWide ? low * (high / low) ** share : low + (high - low) * share;
    return setting.kind === 'integer' ? Math.round(value) : Number(value.toPrecision(4));
  });
  return [...new Set([...steps, ...(now === undefined ? [] : [now])])].toSorted((a, b) => a - b);
}

/** True for a setting whose numbers can be varied over a range. */
export function hasRange(setting: Setting): setting is NumberSetting | AutoNumberSetting {
  return setting.kind === 'number' || setting.kind === 'integer' || setting.kind === 'number or auto';
}

/** Bounds between which a number is varied. A wide range is walked by factors, any other one by equal steps. */
export interface SettingRange {
  readonly low: number;
  readonly high: number;
  readonly isWide: boolean;
}

/** The range of a number: the bounds of its setting if they lie near the present value, else up to a factor of 8 from it. */
export function rangeOf(setting: Bounds, now: number): SettingRange {
  const [low, high] = boundsOf(setting, now);
  return { low, high, isWide: isWideRange(low, high) };
}

/** True for a range that is walked by factors. */
export function isWideRange(low: number, high: number): boolean {
  return low > 0 && high / low > WIDE_RANGE;
}

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

function boundsOf({ min, max }: Bounds, now: number): readonly [number, number] {
  const isNarrow = min !== undefined && max !== undefined && (now === 0 || max <= Math.abs(now) * WIDE_RANGE);
  if (isNarrow) return [min, max];
  if (now === 0) return [Math.max(min ?? 0, 0), Math.min(max ?? 1, 1)];
  const [a, b] = [now / REACH, now * REACH].toSorted((x, y) => x - y);
  return [Math.max(min ?? Number.NEGATIVE_INFINITY, a ?? now), Math.min(max ?? Number.POSITIVE_INFINITY, b ?? now)];
}
