/** The wait after a snapshot before the next one of the same symbol, doubled each time until the longest. */
const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
/** A book that held so long was a good one: the waits begin anew. */
const STEADY_MS = 120_000;

interface Asked {
  readonly ts: number;
  readonly waitMs: number;
}

/** How often a symbol's snapshot may be asked for: a book that breaks again and again must not eat the budget of the others. */
export class SnapshotPace {
  readonly #now: () => number;
  readonly #asked = new Map<string, Asked>();

  constructor(now: () => number) {
    this.#now = now;
  }

  mayAsk(symbol: string): boolean {
    const asked = this.#asked.get(symbol);
    if (asked === undefined) return true;
    const passedMs = this.#now() - asked.ts;
    // A clock that was set back must not bar the symbol until it has come again.
    return passedMs >= asked.waitMs || passedMs < 0;
  }

  onAsked(symbol: string): void {
    const before = this.#asked.get(symbol);
    const ts = this.#now();
    const isRelapse = before !== undefined && ts - before.ts < Math.max(STEADY_MS, 2 * before.waitMs);
    this.#asked.set(symbol, { ts, waitMs: isRelapse ? Math.min(2 * before.waitMs, LONGEST_MS) : FIRST_MS });
  }
}
