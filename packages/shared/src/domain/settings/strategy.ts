import { autoNumber, boolean, choice, integer, LIVE_PROFILE, number, text, wordList } from './setting.ts';

/** Watchlist, leverage and number of positions. */
export const trading = {
  symbols: wordList(
    [],
    'Symbols to watch. Empty: public mode chooses them, synthetic mode uses five. A replay uses those of its recording.',
    { capitals: true },
  ),
  watchlist_size: integer(10, 'Number of symbols on the dynamic watchlist.', {
    min: 1,
    max: 100,
    env: 'WATCHLIST_SIZE',
  }),
  rescan_interval_sec: integer(900, 'Time between two selections of the dynamic watchlist, seconds.', {
    min: 60,
    max: 86_400,
  }),
  whitelist: wordList([], 'Only these symbols may be on the dynamic watchlist; empty: all may.', { capitals: true }),
  blacklist: wordList([], 'These symbols are never on the dynamic watchlist.', { capitals: true }),
  min_listing_age_days: integer(30, 'Minimum age of a listing, days; younger symbols are not watched.', {
    min: 0,
    max: 3_650,
  }),
  min_quote_volume: number(20_000_000, 'Minimum 24 h volume to get onto the dynamic watchlist, quote currency.', {
    min: 0,
    max: 1e12,
  }),
  max_spread_bp: number(10, 'Maximum spread to get onto the dynamic watchlist, basis points.', {
    min: 0.01,
    max: 1_000,
  }),
  volume_weight: number(0.35, 'Weight of the 24 h volume, by logarithm, in a symbol’s score.', { min: 0, max: 100 }),
  depth_weight: number(0.15, 'Weight of the rank by depth at the best prices.', { min: 0, max: 100 }),
  spread_weight: number(0.15, 'Weight of the rank by narrow spread.', { min: 0, max: 100 }),
  volatility_weight: number(0.35, 'Weight of volatility within its band.', { min: 0, max: 100 }),
  volatility_low_pct: number(
    0.4,
    'Lower end of the volatility band: hourly ATR, percent of price. Quieter symbols score less.',
    { min: 0.001, max: 50 },
  ),
  volatility_high_pct: number(
    2,
    'Upper end of the volatility band: hourly ATR, percent of price. More volatile symbols score less.',
    { min: 0.001, max: 50 },
  ),
  watchlist_margin: number(0.05, 'A challenger replaces a member only if its score (0..1) is higher by this margin.', {
    min: 0,
    max: 1,
  }),
  watchlist_min_age_min: integer(
    60,
    'Minimum time on the watchlist before a challenger may replace a symbol, minutes.',
    {
      min: 0,
      max: 10_080,
    },
  ),
  leverage: integer(5, `Leverage of every position. ${LIVE_PROFILE}`, {
    min: 1,
    max: 125,
    env: 'LEVERAGE',
  }),
  max_open_positions: integer(3, 'No entry while this many positions or entry orders are open.', { min: 1, max: 100 }),
} as const;

/** Trigger, confirmation, and the gates without a section of their own. */
export const signals = {
  nobi_threshold: autoNumber(
    0.4,
    'Imbalance that triggers: SHORT at or above it, LONG at or below its negative. auto: the nobi_quantile of the symbol’s own recent imbalances.',
    { min: 0.01, max: 1 },
  ),
  nobi_quantile: number(0.9, 'With nobi_threshold = auto: share of the recent imbalances that trigger nothing, 0..1.', {
    min: 0.5,
    max: 0.999,
  }),
  nobi_depth: integer(10, 'Number of book levels on each side that the imbalance sums.', { min: 1, max: 20 }),
  max_book_age_ms: integer(2_000, 'Maximum age of the book for an entry, milliseconds.', { min: 100, max: 60_000 }),
  min_book_history_sec: integer(60, 'Time of unbroken books before the first entry, seconds.', { min: 0, max: 3_600 }),
  cooldown_sec: integer(120, 'Minimum time between two entries on one symbol (HF modes), seconds.', {
    min: 0,
    max: 86_400,
  }),
  cooldown_lf_sec: integer(900, 'The same in the LF modes, seconds.', { min: 0, max: 86_400 }),
  confirmation_count: integer(3, 'Number of sampled triggers in one direction that an entry needs within the window.', {
    min: 1,
    max: 100,
  }),
  confirmation_window_ms: integer(2_000, 'Window for the confirmation count, milliseconds.', {
    min: 100,
    max: 600_000,
  }),
  polled_confirmation_window_ms: integer(
    15_000,
    'The same in public mode, where a book is polled every 0.5 to 7 seconds, milliseconds.',
    { min: 100, max: 600_000 },
  ),
  confirmation_sample_ms: integer(250, 'At most one trigger per this many milliseconds counts as a confirmation.', {
    min: 0,
    max: 60_000,
  }),
  max_entry_spread_bp: number(3, 'A spread up to this never prevents an entry, basis points.', { min: 0, max: 1_000 }),
  max_spread_of_target: number(0.1, 'A wider spread passes up to this share of the distance to the target, 0..1.', {
    min: 0,
    max: 1,
  }),
  volume_gate: boolean(true, 'Refuse entries when the volume is too low.'),
  min_volume_ratio: number(0.5, 'Minimum volume of the last closed 1m kline, as a multiple of the 20-kline mean.', {
    min: 0,
    max: 100,
  }),
  order_flow_gate: boolean(
    false,
    'Refuse entries that the order flow of the last ten seconds points against. It needs recorded or live books.',
  ),
  vwap_gate: boolean(false, 'Refuse entries too far from the session VWAP in the direction of the trade.'),
  max_vwap_distance_sigma: number(
    2,
    'Maximum distance from the VWAP, volume-weighted standard deviations of the session. A steady trend stays below 1.8.',
    { min: 0, max: 100 },
  ),
  edge_gate: choice(
    ['enforce', 'observe', 'off'],
    'enforce',
    'Gate on the expected move against fees, spread and slippage. observe: the trade is made and marked; before thirty moves live still refuses it.',
  ),
  edge_min_ratio: number(1, 'Minimum of expected move divided by expected cost.', { min: 0, max: 100 }),
  ml_confidence_threshold: autoNumber(
    'auto',
    'Minimum probability of a net gain by the model, 0..1. auto: from where on a trade pays on average, by the model’s own training.',
    { min: 0, max: 1 },
  ),
  model_dir: text('models', 'Folder of the model, seen from the project’s folder; none: decide without a model.'),
  refusal_log_interval_sec: integer(120, 'Minimum time between two logged refusals per symbol and gate, seconds.', {
    min: 0,
    max: 3_600,
  }),
  signal_max_age_ms: integer(
    10_000,
    'Maximum age of a signal in live mode, milliseconds. No order is made for an older one.',
    {
      min: 100,
      max: 600_000,
    },
  ),
  accept_external: boolean(false, 'Act on signals published by hand in live mode.'),
} as const;

/** Why to enter: a cause with a horizon. The imbalance only chooses the moment. */
export const reasons = {
  enabled: wordList(
    ['EXHAUSTION'],
    'Reasons that may open a position, the first that applies counts: EXHAUSTION, TREND, RELATIVE_MOMENTUM, SENTIMENT, MODEL, IMBALANCE (the trigger alone).',
    { capitals: true },
  ),
  exhaustion_minutes: integer(60, 'EXHAUSTION: length of the fall, minutes.', { min: 5, max: 480 }),
  exhaustion_sigmas: number(
    4,
    'EXHAUSTION: minimum size of the fall, standard deviations of as many minutes of the last day.',
    { min: 0.1, max: 20 },
  ),
  exhaustion_horizon_min: integer(30, 'EXHAUSTION: horizon, minutes.', { min: 1, max: 240 }),
  trend_agreement: number(1, 'TREND: minimum share of the warm timeframes that vote for the direction.', {
    min: 0.01,
    max: 1,
  }),
  trend_horizon_min: integer(60, 'TREND: horizon, minutes.', { min: 1, max: 240 }),
  momentum_minutes: integer(240, 'RELATIVE_MOMENTUM: length of the move, minutes.', { min: 5, max: 480 }),
  momentum_sigmas: number(
    2,
    'RELATIVE_MOMENTUM: minimum lead over the mean of the watchlist, standard deviations of as many minutes.',
    { min: 0.1, max: 20 },
  ),
  momentum_horizon_min: integer(60, 'RELATIVE_MOMENTUM: horizon, minutes.', { min: 1, max: 240 }),
  sentiment_score: number(0.5, 'SENTIMENT: minimum score in the direction, 0..1.', { min: 0.01, max: 1 }),
  sentiment_horizon_min: integer(60, 'SENTIMENT: horizon, minutes.', { min: 1, max: 240 }),
  model_horizon_min: integer(30, 'MODEL: horizon, minutes. Train with the same one: it sets the stops of each label.', {
    min: 1,
    max: 240,
  }),
} as const;

/** Effect of sentiment on entries and stops. */
export const sentiment = {
  enabled: boolean(true, 'Let sentiment refuse or weaken entries against it, and tighten stops in a shock.', {
    env: 'SENTIMENT_ENABLED',
  }),
  block_score: number(0.5, 'Refuse entries against a score of at least this strength, 0..1.', { min: 0, max: 1 }),
  weaken_score: number(0.25, 'Entries against a score stronger than this lose confidence, 0..1.', { min: 0, max: 1 }),
  weaken_factor: number(0.5, 'Share of the confidence that is left at block_score.', { min: 0, max: 1 }),
  shock_momentum: number(0.5, 'A sentiment momentum of at least this much against a position is a shock.', {
    min: 0.01,
    max: 2,
  }),
  shock_stop_factor: number(
    0.7,
    'Factor on the stop distances of entries and open positions in a shock, and on the take-profit distance of entries.',
    {
      min: 0.1,
      max: 1,
    },
  ),
  max_age_sec: integer(1_800, 'Maximum age of sentiment, seconds; older sentiment is neutral.', {
    min: 1,
    max: 604_800,
  }),
} as const;
