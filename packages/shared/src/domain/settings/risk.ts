import { boolean, choice, integer, LIVE_PROFILE, number } from './setting.ts';

/** Stops, holding time, sizing and margin levels. */
export const risk = {
  kelly_fraction: number(0.5, `Share of the Kelly fraction that is used. ${LIVE_PROFILE}`, {
    min: 0.01,
    max: 1,
    env: 'KELLY_FRACTION',
  }),
  kelly_trades: integer(100, `Number of newest closed trades that Kelly uses. ${LIVE_PROFILE}`, {
    min: 1,
    max: 10_000,
  }),
  kelly_prior_trades: integer(30, `Number of extra trades that the prior counts as. ${LIVE_PROFILE}`, {
    min: 1,
    max: 10_000,
  }),
  kelly_prior_win_rate: number(0.45, `Share of winners in the prior, 0..1. ${LIVE_PROFILE}`, {
    min: 0.01,
    max: 0.99,
  }),
  kelly_prior_payoff: number(1.5, `Mean gain over mean loss in the prior. ${LIVE_PROFILE}`, {
    min: 0.01,
    max: 100,
  }),
  kelly_floor: number(0.01, `Minimum of Kelly, so that losing trades do not end trading. ${LIVE_PROFILE}`, {
    min: 0.000_1,
    max: 1,
  }),
  margin_mode: choice(
    ['isolated', 'crossed'],
    'isolated',
    `isolated: a position can lose only its own margin. crossed: it can lose the whole account. ${LIVE_PROFILE}`,
  ),
  max_symbol_exposure_pct: number(
    100,
    `Maximum open value on one symbol, percent of the margin balance. A larger entry is reduced to it. ${LIVE_PROFILE}`,
    { min: 0.1, max: 12_500 },
  ),
  max_total_exposure_pct: number(
    200,
    `Maximum open value on all symbols, percent of the margin balance. A larger entry is reduced to it. ${LIVE_PROFILE}`,
    { min: 0.1, max: 12_500 },
  ),
  max_cluster_exposure_pct: number(
    150,
    'Maximum open value on one side in coins that move together, percent of the margin balance. Live only.',
    { min: 0.1, max: 12_500 },
  ),
  cluster_correlation: number(
    0.7,
    'Coins whose returns correlate at least this much move together, 0..1; unknown counts as together. Live only.',
    { min: 0, max: 1 },
  ),
  liquidation_buffer_pct: number(
    1,
    `Minimum distance between stop and liquidation price of an entry, percent of the entry price. ${LIVE_PROFILE}`,
    { min: 0, max: 50 },
  ),
  atr_period: integer(
    14,
    'Period of the ATR of 1m klines: the distances of IMBALANCE, and of all reasons before an hour of klines.',
    { min: 2, max: 200 },
  ),
  stop_loss_atr: number(1, 'Distance of the initial stop from the entry, ATRs of the horizon.', { min: 0.1, max: 50 }),
  take_profit_atr: number(0.5, 'Distance of the take profit from the entry, ATRs of the horizon.', {
    min: 0.1,
    max: 100,
  }),
  trailing_stop: boolean(false, 'Trail the stop behind the best price.'),
  trailing_activation_atr: number(1, 'Move in favour after which trailing starts, ATRs of the horizon.', {
    min: 0,
    max: 50,
  }),
  trailing_distance_atr: number(1.5, 'Trailing distance, ATRs of the horizon.', { min: 0.1, max: 50 }),
  min_stop_pct: number(0.05, 'Minimum distance of a stop, percent of price.', { min: 0.001, max: 50 }),
  max_stop_pct: number(3, 'Maximum distance of a stop, percent of price.', { min: 0.01, max: 90 }),
  max_hold_sec: integer(3_600, 'Maximum holding time, seconds; then TIME_EXIT.', { min: 1, max: 604_800 }),
  reversal_exit: choice(
    ['off', 'in_gain', 'always'],
    'off',
    'Exit on a confirmed trigger in the opposite direction: never, if the price pays for the round trip, or always.',
  ),
  min_target_costs: number(
    3,
    'Refuse an entry whose target lies closer than this multiple of the cost of a round trip; 0: do not ask.',
    { min: 0, max: 100 },
  ),
  reversal_min_hold_sec: integer(
    60,
    'Minimum time between entry and SIGNAL_REVERSAL, seconds. An imbalance often turns within seconds.',
    {
      min: 0,
      max: 604_800,
    },
  ),
  warning_margin_ratio: number(30, `Free margin at or below this percent: no entries. ${LIVE_PROFILE}`, {
    min: 1,
    max: 99,
  }),
  critical_margin_ratio: number(
    15,
    `Free margin at or below this percent: reduce until above the warning, worst position first. ${LIVE_PROFILE}`,
    {
      min: 1,
      max: 98,
    },
  ),
  warning_maintenance_ratio: number(
    50,
    `Maintenance margin at or above this percent of the margin balance: no entries. ${LIVE_PROFILE}`,
    { min: 1, max: 99 },
  ),
  critical_maintenance_ratio: number(
    80,
    `Maintenance margin at or above this percent: reduce until below the warning, worst position first. ${LIVE_PROFILE}`,
    { min: 2, max: 99 },
  ),
} as const;

/** Protections that pause entries after losses. A count or a percentage of 0 turns its protection off. */
export const protections = {
  cooldown_sec: integer(60, `No entry on a symbol for this long after an exit there, seconds. ${LIVE_PROFILE}`, {
    min: 0,
    max: 86_400,
  }),
  stop_guard_count: integer(
    4,
    `No entry on any symbol after stops closed this many positions at a loss within the window. ${LIVE_PROFILE}`,
    { min: 0, max: 1_000 },
  ),
  stop_guard_window_min: integer(60, `Window of stop_guard_count, minutes. ${LIVE_PROFILE}`, { min: 1, max: 43_200 }),
  stop_guard_lock_min: integer(60, `How long the lock lasts after the last of these stops, minutes. ${LIVE_PROFILE}`, {
    min: 1,
    max: 43_200,
  }),
  max_drawdown_pct: number(
    15,
    `No entry after the balance fell this far from its peak within the window, percent. ${LIVE_PROFILE}`,
    { min: 0, max: 100 },
  ),
  drawdown_window_min: integer(1_440, `Window of max_drawdown_pct, minutes. ${LIVE_PROFILE}`, { min: 1, max: 43_200 }),
  drawdown_lock_min: integer(720, `How long the lock lasts after the last such trade, minutes. ${LIVE_PROFILE}`, {
    min: 1,
    max: 43_200,
  }),
  daily_loss_pct: number(
    5,
    `No entry for the rest of a UTC day after this loss, percent of the balance at its start. ${LIVE_PROFILE}`,
    { min: 0, max: 100 },
  ),
  low_profit_count: integer(
    4,
    `No entry on a symbol that lost money in sum over at least this many trades within the window. ${LIVE_PROFILE}`,
    { min: 0, max: 1_000 },
  ),
  low_profit_window_min: integer(360, `Window of low_profit_count, minutes. ${LIVE_PROFILE}`, { min: 1, max: 43_200 }),
  low_profit_lock_min: integer(60, `How long the lock lasts after the last of these trades, minutes. ${LIVE_PROFILE}`, {
    min: 1,
    max: 43_200,
  }),
  loss_streak_count: integer(6, `No entry on any symbol after this many trades in a row lost money. ${LIVE_PROFILE}`, {
    min: 0,
    max: 1_000,
  }),
  loss_streak_lock_min: integer(
    60,
    `How long the lock lasts after the last of these trades, minutes. ${LIVE_PROFILE}`,
    {
      min: 1,
      max: 43_200,
    },
  ),
} as const;
