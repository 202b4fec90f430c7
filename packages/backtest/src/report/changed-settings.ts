import { type SettingValue, valueText } from '@helios/shared/domain/settings/setting.ts';
import { SETTINGS } from '@helios/shared/domain/settings.ts';
import { type BacktestResult, REPORTED_SECTIONS } from '../backtest-result.ts';

/** A setting that differs from its default. */
export interface ChangedSetting {
  /** `section.key`. */
  readonly path: string;
  readonly value: string;
  /** Empty if there is no default. */
  readonly standard: string;
}

/** The settings of a result that differ from their defaults, in the order of docs/configuration.md. */
export function changedSettings(settings: BacktestResult['settings']): ChangedSetting[] {
  return REPORTED_SECTIONS.flatMap((section) => {
    const values: Readonly<Record<string, SettingValue | undefined>> = settings[section];
    return Object.entries(SETTINGS[section]).flatMap(([key, setting]) => {
      const [value, standard] = [valueText(values[key]), valueText(setting.default)];
      return value === standard ? [] : [{ path: `${section}.${key}`, value, standard }];
    });
  });
}
