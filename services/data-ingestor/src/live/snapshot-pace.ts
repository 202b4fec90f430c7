import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';

/**
 * Why a book waits for a snapshot. OPENED: a stream was opened or lost. GAP: an update is missing. CROSSED: the book crossed.
 * STALE: the last snapshot was older than the updates.
 */
export type SnapshotCause = 'OPENED' | 'GAP' | 'CROSSED' | 'STALE';

/** `burst` snapshots may be asked for at once; one more becomes free each `everyMs`. Two are at least `apartMs` apart. */
interface Allowance {
  readonly burst: number;
  readonly everyMs: number;
  readonly apartMs: number;
}

/** A snapshot weighs 20. A symbol that gaps without end costs 120 of weight a minute, and is back after 10 s each time. */
const ALLOWANCES: Readonly<Record<SnapshotCause, Allowance>> = {
  OPENED: { burst: 3, everyMs: 10_000, apartMs: 0 },
  GAP: { burst: 5, everyMs: 10_000, apartMs: 0 },
  // A book that crosses right after its snapshot crosses again: the venue is wrong, not we.
  CROSSED: { burst: 2, everyMs: 30_000, apartMs: 1_000 },
  // The server that answers is behind the one that streams, for a moment as a rule.
  STALE: { burst: 5, everyMs: 5_000, apartMs: 300 },
};
/** The wait after a request that failed. */
const RETRY: Backoff = { baseMs: 1_000, maxMs: 60_000 };
/** Fractions of a snapshot are added up. */
const ROUNDING = 1e-9;

interface Account {
  /** Snapshots that may be asked for, fractions included, at `ts`. */
  readonly free: number;
  readonly ts: number;
}

interface Failures {
  readonly ts: number;
  readonly count: number;
}

/**
 * How often a symbol's snapshot may be asked for. Each cause has an allowance of its own, so that a cut connection or a refusal
 * does not delay the answer to a gap. A failed request waits longer each time, whatever the cause.
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

  /** What may be asked for now, and how long ago the last one was asked for. */
  #stateOf(symbol: string, cause: SnapshotCause): { readonly free: number; readonly sinceMs: number } {
    const { burst, everyMs } = ALLOWANCES[cause];
    const account = this.#accounts.get(keyOf(symbol, cause));
    if (account === undefined) return { free: burst, sinceMs: Number.POSITIVE_INFINITY };
    const sinceMs = this.#now() - account.ts;
    // A clock that was set back: the waits begin again.
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
