import { type RegimeEffect, regimeEffectText } from './regime-effect.ts';

/** What all settings have in common. */
interface Described {
  /** One line about the meaning, with the unit. */
  readonly about: string;
  /** Short environment name besides `SECTION_KEY`. */
  readonly env?: string;
  /** Masked in every output. */
  readonly secret?: true;
  /** A template's placeholder, such as change-this-password, is refused. */
  readonly password?: true;
}

export interface NumberSetting extends Described {
  readonly kind: 'number' | 'integer';
  readonly default: number;
  readonly min?: number;
  readonly max?: number;
}
/** A number without a default: the setting is absent unless it is set. */
export interface OptionalNumberSetting extends Described {
  readonly kind: 'optional number';
  readonly default: undefined;
  readonly min?: number;
  readonly max?: number;
}
/** A number, or the word `auto`. */
export interface AutoNumberSetting extends Described {
  readonly kind: 'number or auto';
  readonly default: number | 'auto';
  readonly min?: number;
  readonly max?: number;
}
export interface BooleanSetting extends Described {
  readonly kind: 'boolean';
  readonly default: boolean;
}
export interface TextSetting extends Described {
  readonly kind: 'text';
  readonly default: string;
}
export interface ListSetting extends Described {
  readonly kind: 'list';
  readonly default: readonly string[];
  /** The words are converted to capitals. */
  readonly capitals?: true;
}
export interface ChoiceSetting<C extends string = string> extends Described {
  readonly kind: 'choice';
  readonly default: C;
  readonly choices: readonly C[];
}
export interface RegimeEffectSetting extends Described {
  readonly kind: 'regime effect';
  readonly default: RegimeEffect;
}

export type Setting =
  | NumberSetting
  | OptionalNumberSetting
  | AutoNumberSetting
  | BooleanSetting
  | TextSetting
  | ListSetting
  | ChoiceSetting
  | RegimeEffectSetting;

/** Any value a setting may have. */
export type SettingValue = Setting['default'];

/** The type of a setting's parsed value. */
export type ValueOf<S extends Setting> =
  S extends ChoiceSetting<infer C>
    ? C
    : S extends NumberSetting
      ? number
      : S extends OptionalNumberSetting
        ? number | undefined
        : S extends AutoNumberSetting
          ? number | 'auto'
          : S extends BooleanSetting
            ? boolean
            : S extends ListSetting
              ? readonly string[]
              : S extends RegimeEffectSetting
                ? RegimeEffect
                : string;

/** The text form of a value in a settings file. */
export function valueText(value: SettingValue): string {
  if (value === undefined) return '';
  if (typeof value !== 'object') return String(value);
  return 'blocked' in value ? regimeEffectText(value) : value.join(', ');
}

/** Added to the text of a setting that is checked, but that nothing reads yet. */
export const NOT_YET = {
  azureExport: 'No effect yet: this version does not export to Azure.',
} as const;

/** Added to the text of a setting that only live trading and its simulation read. */
export const LIVE_PROFILE = 'Only in live mode, and with simulation.profile = live.';

type NumberOptions = { min?: number; max?: number; env?: string };

/** A finite number within inclusive bounds. */
export const number = (fallback: number, about: string, options: NumberOptions = {}): NumberSetting => ({
  kind: 'number',
  default: fallback,
  about,
  ...options,
});

/** A finite number within inclusive bounds, or undefined. */
export const optionalNumber = (about: string, options: NumberOptions = {}): OptionalNumberSetting => ({
  kind: 'optional number',
  default: undefined,
  about,
  ...options,
});

/** A finite number within inclusive bounds, or `auto`. */
export const autoNumber = (
  fallback: number | 'auto',
  about: string,
  options: NumberOptions = {},
): AutoNumberSetting => ({ kind: 'number or auto', default: fallback, about, ...options });

/** A whole number within inclusive bounds. */
export const integer = (fallback: number, about: string, options: NumberOptions = {}): NumberSetting => ({
  kind: 'integer',
  default: fallback,
  about,
  ...options,
});

/** true/false, yes/no, on/off, 1/0 in any case. */
export const boolean = (fallback: boolean, about: string, options: { env?: string } = {}): BooleanSetting => ({
  kind: 'boolean',
  default: fallback,
  about,
  ...options,
});

export const text = (
  fallback: string,
  about: string,
  options: { env?: string; secret?: true; password?: true } = {},
): TextSetting => ({
  kind: 'text',
  default: fallback,
  about,
  ...options,
});

/** Comma-separated words. */
export const wordList = (
  fallback: readonly string[],
  about: string,
  options: { env?: string; capitals?: true } = {},
): ListSetting => ({
  kind: 'list',
  default: fallback,
  about,
  ...options,
});

/** One word of several. */
export const choice = <const C extends string>(
  choices: readonly C[],
  fallback: NoInfer<C>,
  about: string,
  options: { env?: string } = {},
): ChoiceSetting<C> => ({ kind: 'choice', choices, default: fallback, about, ...options });

/** One row of the table of regimes: `threshold 1, stop 1.5, hold 1.5, block SHORT`. */
export const regimeEffect = (fallback: RegimeEffect, about: string): RegimeEffectSetting => ({
  kind: 'regime effect',
  default: fallback,
  about,
});
