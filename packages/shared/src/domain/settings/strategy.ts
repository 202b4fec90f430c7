import { boolean, choice, integer, LIVE_PROFILE, NOT_YET, number, regimeEffect, wordList } from './setting.ts';

/** What is traded and with how much. */
export const trading = {
  symbols: wordList(
    [],
    'Symbols to watch. Empty: public mode chooses by itself, synthetic takes five. A recording brings its own.',
    { capitals: true },
  ),
  watchlist_size: integer(10, 'Symbols on the dynamic watchlist.', { min: 1, max: 100, env: 'WATCHLIST_SIZE' }),
  rescan_interval_sec: integer(900, 'The dynamic watchlist is chosen anew after this many seconds.', {
    min: 60,
    max: 86_400,
  }),
  whitelist: wordList([], 'Only these may be on the dynamic watchlist; empty: any.', { capitals: true }),
  blacklist: wordList([], 'These are never on the dynamic watchlist.', { capitals: true }),
  min_listing_age_days: integer(30, 'Symbols listed for fewer days are not watched.', { min: 0, max: 3_650 }),
  min_quote_volume: number(20_000_000, 'Least 24 h volume to get onto the dynamic watchlist, quote currency.', {
    min: 0,
    max: 1e12,
  }),
  max_spread_bp: number(10, 'Widest spread to get onto the dynamic watchlist, basis points.', {
    min: 0.01,
    max: 1_000,
  }),
  volume_weight: number(0.35, 'Weight of the rank by 24 h volume in a symbol’s score.', { min: 0, max: 100 }),
  depth_weight: number(0.15, 'Weight of the rank by money at the best prices.', { min: 0, max: 100 }),
  spread_weight: number(0.15, 'Weight of the rank by narrow spread.', { min: 0, max: 100 }),
  volatility_weight: number(0.35, 'Weight of a volatility within the band.', { min: 0, max: 100 }),
  volatility_low_pct: number(0.4, 'Quieter symbols score less: hourly ATR, percent of price.', { min: 0.001, max: 50 }),
  volatility_high_pct: number(2, 'Wilder symbols score less: hourly ATR, percent of price.', { min: 0.001, max: 50 }),
  watchlist_margin: number(0.05, 'A challenger’s score (0..1) must be above a member’s by this to take its place.', {
    min: 0,
    max: 1,
  }),
  watchlist_min_age_min: integer(60, 'No challenger takes the place of a symbol watched for fewer minutes.', {
    min: 0,
    max: 10_080,
  }),
  leverage: integer(5, `Leverage of every position. ${LIVE_PROFILE}`, {
    min: 1,
    max: 125,
    env: 'LEVERAGE',
  }),
  max_open_positions: integer(3, 'No entry while this many positions or entry orders are open.', { min: 1, max: 100 }),
} as const;

/** From order book to trigger, and the gates that have no section of their own. */
export const signals = {
  nobi_threshold: number(0.4, 'Imbalance that triggers: at or above it SHORT, at or below its negative LONG.', {
    min: 0.01,
    max: 1,
  }),
  nobi_depth: integer(10, 'Book levels on each side that the imbalance is summed over.', { min: 1, max: 20 }),
  max_book_age_ms: integer(2_000, 'Entries need a book younger than this, milliseconds.', { min: 100, max: 60_000 }),
  min_book_history_sec: integer(60, 'Entries need this many seconds of unbroken books first.', { min: 0, max: 3_600 }),
  cooldown_sec: integer(120, 'Seconds after an entry before the next one on that symbol (HF modes).', {
    min: 0,
    max: 86_400,
  }),
  cooldown_lf_sec: integer(900, 'The same in the LF modes.', { min: 0, max: 86_400 }),
  confirmation_count: integer(3, 'Sampled triggers of one direction needed within the window.', { min: 1, max: 100 }),
  confirmation_window_ms: integer(2_000, 'Window for the confirmation count, milliseconds.', {
    min: 100,
    max: 600_000,
  }),
  polled_confirmation_window_ms: integer(
    15_000,
    'The same in public mode, where a book is polled every half second to seven seconds.',
    { min: 100, max: 600_000 },
  ),
  confirmation_sample_ms: integer(250, 'At most one trigger per this many milliseconds counts as a confirmation.', {
    min: 0,
    max: 60_000,
  }),
  volume_gate: boolean(true, 'Refuse entries in candles with too little volume.'),
  min_volume_ratio: number(0.5, 'Volume of the last closed 1m candle over its 20-candle mean.', { min: 0, max: 100 }),
  vwap_gate: boolean(true, 'Refuse entries too far from the session VWAP in the direction of the trade.'),
  max_vwap_distance_atr: number(3, 'Largest distance from the VWAP, in ATRs.', { min: 0, max: 100 }),
  edge_gate: choice(
    ['auto', 'enforce', 'observe', 'off'],
    'auto',
    'Expected move against fees, spread and slippage; auto: enforce in live, observe in public and synthetic.',
  ),
  edge_min_ratio: number(1, 'Expected move divided by expected cost must reach this.', { min: 0, max: 100 }),
  ml_confidence_threshold: number(
    0.5,
    `Least confidence that the model must have in an entry, 0..1. ${NOT_YET.model}`,
    {
      min: 0,
      max: 1,
    },
  ),
  refusal_log_interval_sec: integer(10, 'At most one logged refusal per symbol and gate in this many seconds.', {
    min: 0,
    max: 3_600,
  }),
  signal_max_age_ms: integer(
    10_000,
    `A signal older than this when read is not acted on in live, milliseconds. ${NOT_YET.liveTrading}`,
    {
      min: 100,
      max: 600_000,
    },
  ),
  accept_external: boolean(false, `Act on signals published by hand in live mode. ${NOT_YET.liveTrading}`),
} as const;

/** Agreement of several timeframes. */
export const trend = {
  enabled: boolean(true, 'Refuse entries against the trend.'),
  timeframes: wordList(['5m', '15m', '1h'], 'Closed candles that vote: any of 1m, 5m, 15m, 1h, 4h.'),
  ema_fast: integer(9, 'Fast EMA, candles.', { min: 2, max: 200 }),
  ema_slow: integer(21, 'Slow EMA, candles.', { min: 3, max: 400 }),
  momentum_period: integer(10, 'Rate of change looks back this many candles.', { min: 1, max: 200 }),
  min_agreement: number(0.5, 'Refused when the share of warm timeframes against the trade exceeds this.', {
    min: 0,
    max: 1,
  }),
} as const;

/** Market regime, how much of it is needed, and what it changes: trends are not faded; wild markets want more imbalance, wider stops, shorter holds. */
export const regime = {
  enabled: boolean(true, 'Let the regime change thresholds, stops and hold times and block directions.'),
  interval: choice(['1m', '5m', '15m', '1h', '4h'], '5m', 'Candles the regime is read from.'),
  adx_period: integer(14, 'ADX period, candles.', { min: 2, max: 200 }),
  adx_trending: number(25, 'ADX at or above this is a trend.', { min: 1, max: 100 }),
  ema_separation_pct: number(0.1, 'Fast and slow EMA at least this far apart in a trend, percent of price.', {
    min: 0,
    max: 100,
  }),
  volatility_window: integer(96, 'Candles over which the volatility percentile is taken.', { min: 20, max: 2_000 }),
  volatile_percentile: number(85, 'Realised volatility at or above this percentile is VOLATILE.', {
    min: 50,
    max: 100,
  }),
  quiet_percentile: number(15, 'At or below this percentile is QUIET.', { min: 0, max: 50 }),
  trending_up: regimeEffect(
    { thresholdFactor: 1, stopFactor: 1.2, holdFactor: 1.5, blocked: ['SHORT'] },
    'In TRENDING_UP: factors on threshold, stop and trailing distance, and holding time; the directions it blocks.',
  ),
  trending_down: regimeEffect(
    { thresholdFactor: 1, stopFactor: 1.2, holdFactor: 1.5, blocked: ['LONG'] },
    'The same in TRENDING_DOWN.',
  ),
  ranging: regimeEffect({ thresholdFactor: 1.1, stopFactor: 1, holdFactor: 0.75, blocked: [] }, 'The same in RANGING.'),
  volatile: regimeEffect(
    { thresholdFactor: 1.4, stopFactor: 1.5, holdFactor: 0.5, blocked: [] },
    'The same in VOLATILE.',
  ),
  quiet: regimeEffect({ thresholdFactor: 1.2, stopFactor: 0.8, holdFactor: 1, blocked: [] }, 'The same in QUIET.'),
  unknown: regimeEffect(
    { thresholdFactor: 1, stopFactor: 1, holdFactor: 1, blocked: [] },
    'The same while too few candles are known.',
  ),
} as const;
