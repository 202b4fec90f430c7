import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';
import type { StreamTrouble, TroubleCode } from './stream-trouble.ts';

/** Refusals that concern this address, whichever connection was refused; they do not pass in seconds. */
const HOLDS: Partial<Record<TroubleCode, Backoff>> = {
  LIMITED: { baseMs: 10_000, maxMs: 120_000, jitter: 0.25 },
  GEO_BLOCKED: { baseMs: 30_000, maxMs: 600_000, jitter: 0.25 },
  BANNED: { baseMs: 120_000, maxMs: 600_000, jitter: 0.25 },
};

/**
 * Whether the venue may be asked for a connection. Where it refused this address, nobody asks for a while, and then one
 * connection only: each further try of a banned address prolongs the ban.
 */
export class ConnectionGate {
  readonly #random: () => number;
  #refusals = 0;
  #closedUntilMs = 0;
  #isTried = false;

  /** @param chance uniform in 0..1 */
  constructor(random: () => number) {
    this.#random = random;
  }

  mayTry(nowMs: number): boolean {
    if (this.#refusals === 0) return true;
    return nowMs >= this.#closedUntilMs && !this.#isTried;
  }

  /** A connection is being opened. */
  tried(): void {
    this.#isTried = true;
  }

  /** A connection was opened. */
  opened(): void {
    this.#refusals = 0;
    this.#isTried = false;
  }

  /** A connection could not be opened, or was given up while it was being opened. */
  failed(trouble: StreamTrouble | undefined, nowMs: number): void {
    this.#isTried = false;
    const hold = trouble && HOLDS[trouble.code];
    if (trouble === undefined || hold === undefined) return;
    // Connections that were under way together are refused together: that is one refusal.
    const isSameRefusal = this.#refusals > 0 && nowMs < this.#closedUntilMs;
    if (!isSameRefusal) this.#refusals += 1;
    this.#closedUntilMs = Math.max(this.#closedUntilMs, nowMs + this.#delayMs(hold, trouble.retryAfterMs));
  }

  #delayMs(hold: Backoff, retryAfterMs: number | undefined): number {
    // Where the venue names a time, that is the time; a little later, for its clock and ours.
    if (retryAfterMs !== undefined) return retryAfterMs + 1_000 + 1_000 * this.#random();
    return backoffMs(hold, this.#refusals - 1, this.#random);
  }
}
