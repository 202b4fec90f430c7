import type { Settings } from '../../domain/settings.ts';

/** `section.key` of any setting. */
export type SettingPath = { [S in keyof Settings]: `${S}.${keyof Settings[S] & string}` }[keyof Settings];

/** A check of several settings, or of the words of a list. */
export interface SettingsRule {
  /** `section.key` of every setting that the rule reads. The rule is skipped if one of them is faulty. */
  readonly reads: readonly SettingPath[];
  /** What is wrong with the values, or undefined. */
  readonly complaint: (settings: Settings) => { readonly what: string; readonly fix: string } | undefined;
}
