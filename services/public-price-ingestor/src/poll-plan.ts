/** Polling interval of each kind of data, ms. */
export interface PollPlan {
  /** Each symbol's book. */
  readonly bookMs: number;
  /** Each symbol's trades. */
  readonly tradesMs: number;
  /** Every symbol's mark price. */
  readonly marksMs: number;
}

export interface PlanInput {
  readonly symbols: number;
  /** Available request weight per minute. */
  readonly weightPerMinute: number;
  /** Minimum interval between two requests for one book. */
  readonly minIntervalMs: number;
}

const MINUTE_MS = 60_000;
const TRADES_PER_BOOK = 10;
const MIN_TRADES_MS = 5_000;
const MAX_TRADES_MS = 60_000;
/** Mark prices move with the index; funding hardly at all. */
const MARKS_MS = 5_000;
const BOOK_WEIGHT = 2;
const TRADES_WEIGHT = 5;
const ALL_MARKS_WEIGHT = 10;
/** Kline requests of a symbol per minute: each of five intervals as it closes, the longer ones once more a minute later. */
const KLINES_PER_MINUTE = 2;
/** Everything else: the clock, the list of symbols. */
const REST_PER_MINUTE = 4;
/** Maximum interval, used while the budget is too small for the plan. */
const MAX_INTERVAL_MS = 60_000;

/** Number of symbols from which one request for all mark prices is cheaper. */
export const MARKS_AT_ONCE_FROM = 10;

/**
 * Divides the budget among the symbols. Books come first, because decisions use them; trades are polled a tenth as often;
 * klines and mark prices take what they need.
 */
export function planPolls({ symbols, weightPerMinute, minIntervalMs }: PlanInput): PollPlan {
  const marksWeight = symbols < MARKS_AT_ONCE_FROM ? symbols : ALL_MARKS_WEIGHT;
  const fixed = symbols * KLINES_PER_MINUTE + REST_PER_MINUTE + (marksWeight * MINUTE_MS) / MARKS_MS;
  const left = weightPerMinute - fixed;
  const count = Math.max(1, symbols);
  const bookMs = left <= 0 ? MAX_INTERVAL_MS : pace(count, left);
  const atLeast = Math.min(MAX_INTERVAL_MS, Math.max(bookMs, minIntervalMs));
  return {
    bookMs: atLeast,
    tradesMs: clamp(atLeast * TRADES_PER_BOOK, MIN_TRADES_MS, MAX_TRADES_MS),
    marksMs: left <= 0 ? MAX_INTERVAL_MS : MARKS_MS,
  };
}

/** Minimum book interval with which books and trades of all symbols fit into `left` per minute. */
function pace(symbols: number, left: number): number {
  const perBook = BOOK_WEIGHT + TRADES_WEIGHT / TRADES_PER_BOOK;
  const together = (symbols * perBook * MINUTE_MS) / left;
  if (together * TRADES_PER_BOOK >= MIN_TRADES_MS && together * TRADES_PER_BOOK <= MAX_TRADES_MS) return together;
  // The trades interval is at one of its bounds, so only books adapt.
  const tradesMs = clamp(together * TRADES_PER_BOOK, MIN_TRADES_MS, MAX_TRADES_MS);
  const forBooks = left - (symbols * TRADES_WEIGHT * MINUTE_MS) / tradesMs;
  return forBooks <= 0 ? MAX_INTERVAL_MS : (symbols * BOOK_WEIGHT * MINUTE_MS) / forBooks;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
