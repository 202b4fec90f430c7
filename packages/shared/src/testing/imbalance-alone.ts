import { valueText } from '../domain/settings/setting.ts';

/**
 * Settings under which every confirmed imbalance opens a position. The shipped strategy trades a few times a month; tests of orders,
 * exits and ledgers need trades within minutes.
 */
export const IMBALANCE_ALONE = {
  reasons: { enabled: ['IMBALANCE'] },
  signals: { edge_gate: 'observe', refusal_log_interval_sec: 10, vwap_gate: true },
  trend: { enabled: true },
  regime: { enabled: true },
  risk: {
    stop_loss_atr: 2,
    take_profit_atr: 3,
    trailing_stop: true,
    max_hold_sec: 1_800,
    reversal_exit: 'always',
    min_target_costs: 0,
  },
} as const;

/** The same by environment name, for tests that start processes. */
export const IMBALANCE_ALONE_ENVIRONMENT: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(IMBALANCE_ALONE).flatMap(([section, values]) =>
    Object.entries(values).map(([key, value]) => [`${section}_${key}`.toUpperCase(), valueText(value)]),
  ),
);
