import type { Settings } from '../../domain/settings.ts';

/** The source of a value. `withheld`: this process must not or cannot know it. */
export type Origin =
  | 'default'
  | 'withheld'
  | `environment ${string}`
  | `.env ${string} line ${number}`
  | `config/config.ini line ${number}`
  /** A value under a former name of its setting. */
  | `${string}, from old name ${string}`
  /** A placeholder from a template, which counts as not set. */
  | `${string}, a placeholder: not set`;

/** Switches, off unless set. Only the environment and `.env` may set them, because config.ini is easily shared. */
export interface Switches {
  readonly allowPublicMode: boolean;
  readonly allowSynthetic: boolean;
  readonly liveTradingConfirm: string | undefined;
}

export interface LoadedSettings {
  readonly settings: Settings;
  readonly switches: Switches;
  /** By `section.key`, and by name for the switches. */
  readonly origins: Readonly<Record<string, Origin>>;
}
