import type { RestFailure, RestFailureCode } from '@helios/binance/rest/rest-answer.ts';
import { Wait } from '@helios/core/time/wait.ts';
import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';

/** Delays between retries. A block by country does not end within seconds. */
const BACKOFF: Readonly<Record<RestFailureCode, Backoff>> = {
  DOWN: { baseMs: 1_000, maxMs: 60_000, jitter: 0.25 },
  GARBAGE: { baseMs: 2_000, maxMs: 60_000, jitter: 0.25 },
  REJECTED: { baseMs: 5_000, maxMs: 60_000, jitter: 0.25 },
  LIMITED: { baseMs: 5_000, maxMs: 60_000, jitter: 0.25 },
  GEO_BLOCKED: { baseMs: 30_000, maxMs: 600_000, jitter: 0.25 },
  BANNED: { baseMs: 120_000, maxMs: 600_000, jitter: 0.25 },
};

/** Conclusive failures; the others may concern a single request. */
const AT_ONCE: ReadonlySet<RestFailureCode> = new Set(['BANNED', 'LIMITED', 'GEO_BLOCKED']);
/** Minimum time of answers for a recovery: if the venue fails again sooner, the delay keeps growing. */
const STEADY_MS = 60_000;
const FAILURES_IN_A_ROW = 3;
const FAILING_FOR_MS = 2_000;

export interface VenueStateOptions {
  /** Epoch ms. */
  readonly now: () => number;
  /** Uniform in 0..1; spreads the retries of several installations. */
  readonly random: () => number;
}

/** Whether the venue can be requested, and when to retry if not. Pure except for its own memory. */
export class VenueState {
  readonly #now: () => number;
  readonly #random: () => number;
  #cause: RestFailure | undefined;
  #awaySince = 0;
  #tries = 0;
  readonly #pause = new Wait();
  #answered = false;
  #backTs = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #failingSince = 0;

  constructor({ now, random }: VenueStateOptions) {
    this.#now = now;
    this.#random = random;
  }

  /** Why requests are paused; undefined while they are allowed. */
  get cause(): RestFailure | undefined {
    return this.#cause;
  }

  /** Start of the pause, epoch ms. */
  get awaySince(): number {
    return this.#awaySince;
  }

  /** Remaining pause, ms. */
  get waitMs(): number {
    return this.#pause.leftMs(this.#now());
  }

  /** Processes an answer. Returns true if the venue had been away. */
  onAnswer(): boolean {
    const isBack = this.#cause !== undefined;
    if (isBack) this.#backTs = this.#now();
    this.#cause = undefined;
    this.#answered = true;
    this.#failures = 0;
    return isBack;
  }

  /** Processes a failure. Returns true if the venue is now away, or away for another reason. */
  onFailure(failure: RestFailure): boolean {
    const now = this.#now();
    // A clock that was set back restarts the count of seconds.
    if (this.#failures === 0 || this.#failingSince > now) this.#failingSince = now;
    this.#failures += 1;
    const before = this.#cause;
    if (before === undefined && !this.#isConvincing(failure, now)) return false;
    // Parallel requests fail together and count as one try. Only a refusal carries more information than a timeout.
    const isSameTry = before !== undefined && this.#pause.leftMs(now) > 0;
    if (isSameTry && (AT_ONCE.has(before.code) || !AT_ONCE.has(failure.code))) return false;
    if (before === undefined) this.#awaySince = now;
    const isRelapse = before === undefined && Math.abs(now - this.#backTs) < STEADY_MS;
    if (!isRelapse && before?.code !== failure.code) this.#tries = 0;
    this.#cause = failure;
    this.#pause.restart(this.#delayMs(failure), now);
    this.#tries += 1;
    return before?.code !== failure.code;
  }

  #isConvincing(failure: RestFailure, now: number): boolean {
    if (!this.#answered || AT_ONCE.has(failure.code)) return true;
    return this.#failures >= FAILURES_IN_A_ROW && now - this.#failingSince >= FAILING_FOR_MS;
  }

  #delayMs({ code, retryAfterMs }: RestFailure): number {
    // If the venue names a time, use it plus a little, for clock differences.
    if (retryAfterMs !== undefined) return retryAfterMs + 1_000 + 1_000 * this.#random();
    return backoffMs(BACKOFF[code], this.#tries, this.#random);
  }
}
