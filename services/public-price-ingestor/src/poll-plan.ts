/** How often each kind of data is asked for, ms. */
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
  /** Request weight that may be spent per minute. */
  readonly weightPerMinute: number;
  /** No book more often than this. */
  readonly minIntervalMs: number;
}

const MINUTE_MS = 60_000;
const TRADES_PER_BOOK = 10;
const SHORTEST_TRADES_MS = 5_000;
const MAX_TRADES_MS = 60_000;
/** Mark prices move with the index; funding hardly at all. */
const MARKS_MS = 5_000;
const BOOK_WEIGHT = 2;
const TRADES_WEIGHT = 5;
const ALL_MARKS_WEIGHT = 10;
/** Candles of a symbol per minute: each of five intervals as it closes, the longer ones once more a minute later. */
const KLINES_PER_MINUTE = 2;
/** Everything else: the clock, the list of symbols. */
const REST_PER_MINUTE = 4;
/** A plan that cannot be kept within the budget asks this rarely, until there is more. */
const RAREST_MS = 60_000;

/** Asking for every mark at once is cheaper from here on. */
export const MARKS_AT_ONCE_FROM = 10;

/**
 * Spreads a budget over the symbols. Books come first, because decisions are taken on them; trades are asked for a tenth as often;
 * candles and mark prices take what they need.
 */
export function planPolls({ symbols, weightPerMinute, minIntervalMs }: PlanInput): PollPlan {
  const marksWeight = symbols < MARKS_AT_ONCE_FROM ? symbols : ALL_MARKS_WEIGHT;
  const fixed = symbols * KLINES_PER_MINUTE + REST_PER_MINUTE + (marksWeight * MINUTE_MS) / MARKS_MS;
  const left = weightPerMinute - fixed;
  const count = Math.max(1, symbols);
  const bookMs = left <= 0 ? RAREST_MS : pace(count, left);
  const atLeast = Math.min(RAREST_MS, Math.max(bookMs, minIntervalMs));
  return {
    bookMs: atLeast,
    tradesMs: clamp(atLeast * TRADES_PER_BOOK, SHORTEST_TRADES_MS, MAX_TRADES_MS),
    marksMs: left <= 0 ? RAREST_MS : MARKS_MS,
  };
}

/** Shortest book interval with which books and trades of all symbols fit into `left` per minute. */
function pace(symbols: number, left: number): number {
  const perBook = BOOK_WEIGHT + TRADES_WEIGHT / TRADES_PER_BOOK;
  const together = (symbols * perBook * MINUTE_MS) / left;
  if (together * TRADES_PER_BOOK >= SHORTEST_TRADES_MS && together * TRADES_PER_BOOK <= MAX_TRADES_MS) return together;
  // Trades are at one of their bounds, so only books adapt.
  const tradesMs = clamp(together * TRADES_PER_BOOK, SHORTEST_TRADES_MS, MAX_TRADES_MS);
  const forBooks = left - (symbols * TRADES_WEIGHT * MINUTE_MS) / tradesMs;
  return forBooks <= 0 ? RAREST_MS : (symbols * BOOK_WEIGHT * MINUTE_MS) / forBooks;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
