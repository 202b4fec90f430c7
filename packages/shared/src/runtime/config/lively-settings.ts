/**
 * Settings, by environment name, under which a fleet on a made-up venue trades within seconds: no gate of opinion refuses, and no
 * protection pauses entries.
 */
export const LIVELY_SETTINGS = {
  REASONS_ENABLED: 'IMBALANCE',
  SIGNALS_CONFIRMATION_COUNT: '1',
  SIGNALS_COOLDOWN_SEC: '3',
  SIGNALS_VOLUME_GATE: 'false',
  SIGNALS_MAX_ENTRY_SPREAD_BP: '1000',
  SIGNALS_EDGE_GATE: 'off',
  TREND_ENABLED: 'false',
  REGIME_ENABLED: 'false',
  RISK_STOP_LOSS_ATR: '2',
  RISK_TAKE_PROFIT_ATR: '3',
  RISK_TRAILING_STOP: 'true',
  RISK_MIN_TARGET_COSTS: '0',
  RISK_REVERSAL_EXIT: 'always',
  PROTECTIONS_COOLDOWN_SEC: '0',
  PROTECTIONS_STOP_GUARD_COUNT: '0',
  PROTECTIONS_LOW_PROFIT_COUNT: '0',
  PROTECTIONS_LOSS_STREAK_COUNT: '0',
  PROTECTIONS_MAX_DRAWDOWN_PCT: '0',
  PROTECTIONS_DAILY_LOSS_PCT: '0',
} as const;
