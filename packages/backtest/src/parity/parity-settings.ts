import type { Settings } from '@helios/shared/domain/settings.ts';
import { LIVELY_SETTINGS } from '@helios/shared/runtime/config/lively-settings.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';

/** Settings under which minutes show every exit reason. The paper account pays the fees of the local exchange. */
const LIVELY = {
  ...LIVELY_SETTINGS,
  SIGNALS_NOBI_THRESHOLD: '0.3',
  SIGNALS_MIN_BOOK_HISTORY_SEC: '10',
  RISK_MAX_HOLD_SEC: '45',
  RISK_REVERSAL_MIN_HOLD_SEC: '30',
  RISK_MIN_STOP_PCT: '0.01',
  RISK_STOP_LOSS_ATR: '1',
  RISK_TAKE_PROFIT_ATR: '1.2',
  RISK_TRAILING_ACTIVATION_ATR: '0.3',
  RISK_TRAILING_DISTANCE_ATR: '0.1',
  FEES_TAKER_FEE: '0.0005',
  FEES_MAKER_FEE: '0.0002',
  FEES_SLIPPAGE_BP: '0',
} as const;

/** The lively settings, with more of them by their environment names. @throws SettingsError */
export function paritySettings(more: Readonly<Record<string, string>> = {}): Settings {
  return loadSettings({ env: { ...LIVELY, ...more }, root: import.meta.dirname }).settings;
}
