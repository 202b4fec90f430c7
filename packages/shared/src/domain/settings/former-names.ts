/**
 * Old setting names from the first documentation, by the present `section.key`. They stay valid in config.ini and as
 * `SECTION_KEY`.
 */
export const FORMER_NAMES: Readonly<Record<string, readonly string[]>> = {
  'trading.leverage': ['risk.leverage'],
  'signals.nobi_threshold': ['signals.nobi_trigger_threshold'],
};

/**
 * Settings whose value changed its meaning with its name, and their successors: the old value under the new name would mean something
 * else, so the old name is an error.
 */
export const REPLACED_NAMES: Readonly<Record<string, { readonly by: string; readonly because: string }>> = {
  'signals.max_vwap_distance_atr': {
    by: 'signals.max_vwap_distance_sigma',
    because: 'the distance counts standard deviations of the session instead of ATRs',
  },
  'regime.ema_separation_pct': {
    by: 'regime.ema_separation_atr',
    because: 'the separation counts ATRs instead of percent',
  },
  'regime.volatile_percentile': {
    by: 'regime.volatile_ratio',
    because: 'a multiple of the usual volatility decides instead of a percentile',
  },
  'regime.quiet_percentile': {
    by: 'regime.quiet_ratio',
    because: 'a multiple of the usual volatility decides instead of a percentile',
  },
};

/** Values that a setting had once, by `section.key`, and what to write in their place. */
export const FORMER_VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'signals.edge_gate': {
    auto: 'Remove it: enforce is the default everywhere. Write observe to make and mark such trades in simulation, as auto did',
  },
  'risk.reversal_exit': {
    true: 'Write always for the former behaviour, or in_gain to close only what pays for the round trip',
    false: 'Write off, which is the default',
  },
};
