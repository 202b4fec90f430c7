import type { LoadedSettings } from './loaded-settings.ts';

/** One thing wrong with the settings. */
export interface SettingsFault {
  /** File with line, or `environment NAME`. */
  readonly where: string;
  /** What is wrong; never the value of a secret. */
  readonly what: string;
  /** What the operator can do. */
  readonly fix: string;
}

/** Thrown once, with all faults in the settings. */
export class SettingsError extends Error {
  readonly faults: readonly SettingsFault[];
  /** The settings with defaults in place of the faulty ones, for commands that must work with faulty settings. */
  readonly loaded: LoadedSettings;

  constructor(faults: readonly SettingsFault[], loaded: LoadedSettings) {
    const head = faults.length === 1 ? '1 fault in the settings:' : `${faults.length} faults in the settings:`;
    super([head, ...faults.map(describeFault)].join('\n'));
    this.name = 'SettingsError';
    this.faults = faults;
    this.loaded = loaded;
  }
}

/** One line: where, what is wrong, what to do. */
export function describeFault(fault: SettingsFault): string {
  return `  ${fault.where}: ${fault.what}. ${fault.fix}.`;
}
