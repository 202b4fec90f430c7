import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';

/**
 * Why a book waits for a snapshot. OPENED: a stream was opened or lost. GAP: an update is missing. CROSSED: the book crossed.
 * STALE: the last snapshot was older than the updates.
 */
export type SnapshotCause = 'OPENED' | 'GAP' | 'CROSSED' | 'STALE';

/**
 * Up to `burst` snapshots may be requested at once; one more is allowed per `everyMs`. Two requests are at least `apartMs` apart.
 */
interface Allowance {
  readonly burst: number;
  readonly everyMs: number;
  readonly apartMs: number;
}

/** A snapshot weighs 20. A symbol with endless gaps costs a weight of 120 per minute, and each recovery takes 10 s. */
const ALLOWANCES: Readonly<Record<SnapshotCause, Allowance>> = {
  OPENED: { burst: 3, everyMs: 10_000, apartMs: 0 },
  GAP: { burst: 5, everyMs: 10_000, apartMs: 0 },
  // A book that crosses right after its snapshot will cross again: the fault is at the venue.
  CROSSED: { burst: 2, everyMs: 30_000, apartMs: 1_000 },
  // The REST server is behind the stream server, usually for a moment.
  STALE: { burst: 5, everyMs: 5_000, apartMs: 300 },
};
/** Delay after a failed request. */
const RETRY: Backoff = { baseMs: 1_000, maxMs: 60_000 };
/** Tolerance for sums of fractions of a snapshot. */
const ROUNDING = 1e-9;

interface Account {
  /** Number of allowed snapshots at `ts`, fractions included. */
  readonly free: number;
  readonly ts: number;
}

interface Failures {
  readonly ts: number;
  readonly count: number;
}

/**
 * Limits the snapshot requests of a symbol. Each cause has its own allowance, so a lost connection or a refusal does not delay
 * the answer to a gap. After a failed request the delay grows, for any cause.
 */
export class SnapshotPace {
  readonly #now: () => number;
  readonly #accounts = new Map<string, Account>();
  readonly #failures = new Map<string, Failures>();

  constructor(now: () => number) {
    this.#now = now;
  }

  mayAsk(symbol: string, cause: SnapshotCause): boolean {
    if (this.#isBackingOff(symbol)) return false;
    const { free, sinceMs } = this.#stateOf(symbol, cause);
    return free >= 1 - ROUNDING && sinceMs >= ALLOWANCES[cause].apartMs;
  }

  onAsked(symbol: string, cause: SnapshotCause): void {
    const { free } = this.#stateOf(symbol, cause);
    this.#accounts.set(keyOf(symbol, cause), { free: Math.max(0, free - 1), ts: this.#now() });
  }

  onAnswer(symbol: string): void {
    this.#failures.delete(symbol);
  }

  onFailure(symbol: string): void {
    const count = (this.#failures.get(symbol)?.count ?? 0) + 1;
    this.#failures.set(symbol, { ts: this.#now(), count });
  }

  /** The current allowance, and the time since the last request. */
  #stateOf(symbol: string, cause: SnapshotCause): { readonly free: number; readonly sinceMs: number } {
    const { burst, everyMs } = ALLOWANCES[cause];
    const account = this.#accounts.get(keyOf(symbol, cause));
    if (account === undefined) return { free: burst, sinceMs: Number.POSITIVE_INFINITY };
    const sinceMs = this.#now() - account.ts;
    // The clock was set back: the waits restart.
    if (sinceMs < 0) return { free: burst, sinceMs: Number.POSITIVE_INFINITY };
    return { free: Math.min(burst, account.free + sinceMs / everyMs), sinceMs };
  }

  #isBackingOff(symbol: string): boolean {
    const failures = this.#failures.get(symbol);
    if (failures === undefined) return false;
    const sinceMs = this.#now() - failures.ts;
    return sinceMs >= 0 && sinceMs < backoffMs(RETRY, failures.count - 1);
  }
}

function keyOf(symbol: string, cause: SnapshotCause): string {
  return `${symbol}:${cause}`;
}
