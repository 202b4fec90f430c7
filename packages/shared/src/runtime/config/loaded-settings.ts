import type { Settings } from '../../domain/settings.ts';

/** Which source a value came from. `withheld`: this process must not, or cannot, know it. */
export type Origin =
  | 'default'
  | 'withheld'
  | `environment ${string}`
  | `.env ${string} line ${number}`
  | `config/config.ini line ${number}`
  /** Said of a value that stands under a former name of its setting. */
  | `${string}, from old name ${string}`
  /** Said of a value that a template left there: it counts as not set. */
  | `${string}, a placeholder: not set`;

/** What may not stand in a file of the project that is easily shared, and is off unless set. */
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
