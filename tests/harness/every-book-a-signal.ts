import { IMBALANCE_ALONE_ENVIRONMENT } from '@helios/shared/testing/imbalance-alone.ts';

/** Settings of signal-engine without gates that would keep a trigger from becoming a signal. */
export const WITHOUT_GATES = {
  ...IMBALANCE_ALONE_ENVIRONMENT,
  SIGNALS_COOLDOWN_SEC: '0',
  SIGNALS_CONFIRMATION_COUNT: '1',
  SIGNALS_MIN_BOOK_HISTORY_SEC: '0',
  SIGNALS_VOLUME_GATE: 'false',
  SIGNALS_VWAP_GATE: 'false',
  SIGNALS_MAX_ENTRY_SPREAD_BP: '1000',
  SIGNALS_EDGE_GATE: 'off',
  TREND_ENABLED: 'false',
  REGIME_ENABLED: 'false',
};

/** Settings with which every book becomes a signal while no position is open. */
export const EVERY_BOOK_A_SIGNAL = {
  ...WITHOUT_GATES,
  SIGNALS_CONFIRMATION_SAMPLE_MS: '0',
  RISK_REVERSAL_EXIT: 'off',
};
