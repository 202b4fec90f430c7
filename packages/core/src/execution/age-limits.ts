/**
 * An older book or trade says nothing about the price now, ms; as long as a symbol may be silent before its session ends, and
 * as long as the strategy, having started, waits for the market to be heard.
 */
export const VENUE_PRICE_SAYS_MS = 60_000;

/**
 * A price from elsewhere stands in for the venue's until it is this old at least, ms. CoinGecko makes a new one about once a minute,
 * and hands out what it has for another.
 */
export const FALLBACK_PRICE_SAYS_MS = 240_000;

/**
 * An entry made longer ago than this was meant for another market, ms: it waited in the stream while its reader was away. As
 * long as a symbol may be silent before its session ends, so that a restart costs none. An exit is taken whatever its age.
 */
export const ENTRY_MAX_AGE_MS = 60_000;

/** After so long, ms, nothing can become of an entry that nobody has spoken of: read now, it would be MISSED. */
export const ENTRY_SETTLED_MS = ENTRY_MAX_AGE_MS + 5_000;
