/**
 * How old, or how far ahead, what we read may be. All in milliseconds. Ages of prices that an execution is allowed at stand in
 * `core/execution/age-limits.ts`; times that an operator sets are settings.
 */

/** A symbol that is silent for longer has ended its session. The history of its books begins again. */
export const SESSION_GAP_MS = 60_000;

/** An older trade or mark price is the last resort only. */
export const FRESH_PRICE_MS = 10_000;

/** Candles are stale when the newest one closed more than this many of its intervals ago. */
export const STALE_KLINE_INTERVALS = 2;

/** A 24-hour ticker this far behind the venue's time stands still: nothing trades there, whatever the status says. */
export const TICKER_STANDSTILL_MS = 15 * 60_000;

/** An older command is not followed: the operator has gone on to something else. */
export const COMMAND_MAX_AGE_MS = 60_000;

/** A stamp may lie this far ahead of our clock, or of the venue's: honest clocks differ, and a message takes time. */
export const MAX_AHEAD_MS = 5_000;

/** A market event or ticker stamped further ahead is wrong: no two honest clocks are so far apart. */
export const MAX_EVENT_AHEAD_MS = 60_000;
