/** Maximum ages, and maximum stamps in the future, of data that we read. All in milliseconds. Ages that an operator can set are settings. */

/** A symbol that is silent for longer has ended its session. Its book history starts again. */
export const SESSION_GAP_MS = 60_000;

/** An older trade or mark price is used only as the last resort. */
export const FRESH_PRICE_MS = 10_000;

/** Klines are stale when the newest one closed more than this many of its intervals ago. */
export const STALE_KLINE_INTERVALS = 2;

/** A 24-hour ticker this far behind the venue's time means that nothing trades there, even if the status is TRADING. */
export const TICKER_STANDSTILL_MS = 15 * 60_000;

/** An older operator command is ignored: it no longer reflects what the operator wants. */
export const COMMAND_MAX_AGE_MS = 60_000;

/** Maximum time that a stamp may lie ahead of our clock or the venue's. Correct clocks differ this much, delay included. */
export const MAX_AHEAD_MS = 5_000;

/** A market event or ticker stamped further ahead is invalid: correct clocks never differ this much. */
export const MAX_EVENT_AHEAD_MS = 60_000;

/**
 * Maximum age at which a book or trade counts as the current price. Equals the session gap. After a start the strategy waits
 * this long for market data.
 */
export const VENUE_PRICE_MAX_AGE_MS = 60_000;

/**
 * Maximum age at which a fallback price replaces the venue's. CoinGecko computes a new price about once a minute and caches it
 * for another.
 */
export const FALLBACK_PRICE_MAX_AGE_MS = 240_000;

/**
 * Maximum age of an entry signal when decision-logger reads it. An older one waited in the stream while its reader was away, and
 * the market has moved on. A restart is shorter than this. Exits have no maximum age.
 */
export const ENTRY_MAX_AGE_MS = 60_000;

/** Maximum age of the live account at which risk-manager sizes an entry. execution-manager writes it every second. */
export const ACCOUNT_MAX_AGE_MS = 5_000;

/** Maximum age of the metrics that /api/metrics answers with: three times the interval at which monitoring-agent gathers them. */
export const METRICS_MAX_AGE_MS = 30_000;
