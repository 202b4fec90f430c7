/** How old, or how far ahead, what we read may be. All in milliseconds. Times that an operator sets are settings. */

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

/**
 * An older book or trade says nothing about the price now: its session has ended (`SESSION_GAP_MS`). After a start the strategy
 * waits as long for news of the market.
 */
export const VENUE_PRICE_MAX_AGE_MS = 60_000;

/**
 * A price from elsewhere stands in for the venue's until it is this old at least. CoinGecko makes a new one about once a minute,
 * and hands out what it has for another.
 */
export const FALLBACK_PRICE_MAX_AGE_MS = 240_000;

/**
 * An entry made longer ago than this was meant for another market: it waited in the stream while its reader was away. A restart
 * costs none. An exit is taken whatever its age.
 */
export const ENTRY_MAX_AGE_MS = 60_000;

/** After so long nothing can become of an entry that nobody has spoken of: read now, it would be MISSED. */
export const ENTRY_SETTLED_MS = ENTRY_MAX_AGE_MS + 5_000;
