import type { RestFailure, RestFailureCode } from '@helios/binance/rest/rest-answer.ts';
import { Wait } from '@helios/core/time/wait.ts';
import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';

/** The waits between new tries. A refusal by country does not pass in seconds. */
const BACKOFF: Readonly<Record<RestFailureCode, Backoff>> = {
  DOWN: { baseMs: 1_000, maxMs: 60_000, jitter: 0.25 },
  GARBAGE: { baseMs: 2_000, maxMs: 60_000, jitter: 0.25 },
  REJECTED: { baseMs: 5_000, maxMs: 60_000, jitter: 0.25 },
  LIMITED: { baseMs: 5_000, maxMs: 60_000, jitter: 0.25 },
  GEO_BLOCKED: { baseMs: 30_000, maxMs: 600_000, jitter: 0.25 },
  BANNED: { baseMs: 120_000, maxMs: 600_000, jitter: 0.25 },
};

/** These say all there is to say; the others may be a hiccup of one request. */
const AT_ONCE: ReadonlySet<RestFailureCode> = new Set(['BANNED', 'LIMITED', 'GEO_BLOCKED']);
/** A venue that is away again so soon after it came back was not really there: the wait goes on growing. */
const STEADY_MS = 60_000;
const FAILURES_IN_A_ROW = 3;
const FAILING_FOR_MS = 2_000;

export interface VenueStateOptions {
  /** Epoch ms. */
  readonly now: () => number;
  /** Uniform in 0..1; spreads the tries of several installations. */
  readonly random: () => number;
}

/** Whether the venue can be asked, and when to try again where it cannot. Pure but for its own memory. */
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

  /** Why the venue cannot be asked; undefined while it can. */
  get cause(): RestFailure | undefined {
    return this.#cause;
  }

  /** Since when it cannot, epoch ms. */
  get awaySince(): number {
    return this.#awaySince;
  }

  /** How long to leave it alone, ms. */
  get waitMs(): number {
    return this.#pause.leftMs(this.#now());
  }

  /** It answered. True where it had been away. */
  onAnswer(): boolean {
    const isBack = this.#cause !== undefined;
    if (isBack) this.#backTs = this.#now();
    this.#cause = undefined;
    this.#answered = true;
    this.#failures = 0;
    return isBack;
  }

  /** A request failed. True where the venue is away by that, or away for another reason than before. */
  onFailure(failure: RestFailure): boolean {
    const now = this.#now();
    // A clock that was set back begins the count of seconds again.
    if (this.#failures === 0 || this.#failingSince > now) this.#failingSince = now;
    this.#failures += 1;
    const before = this.#cause;
    if (before === undefined && !this.#isConvincing(failure, now)) return false;
    // Requests that were under way together fail together: that is one try. Only a refusal says more than a silence.
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
    // Where the venue names a time, that is the time; a little later, for its clock and ours.
    if (retryAfterMs !== undefined) return retryAfterMs + 1_000 + 1_000 * this.#random();
    return backoffMs(BACKOFF[code], this.#tries, this.#random);
  }
}
