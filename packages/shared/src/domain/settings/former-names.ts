/**
 * Old setting names from the first documentation, by the present `section.key`. They stay valid in config.ini and as
 * `SECTION_KEY`.
 */
export const FORMER_NAMES: Readonly<Record<string, readonly string[]>> = {
  'trading.leverage': ['risk.leverage'],
  'signals.nobi_threshold': ['signals.nobi_trigger_threshold'],
};
