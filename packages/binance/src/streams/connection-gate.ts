import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';
import type { StreamTrouble, TroubleCode } from './stream-trouble.ts';

/** Refusals of our address as a whole; they last longer than seconds. */
const HOLDS: Partial<Record<TroubleCode, Backoff>> = {
  LIMITED: { baseMs: 10_000, maxMs: 120_000, jitter: 0.25 },
  GEO_BLOCKED: { baseMs: 30_000, maxMs: 600_000, jitter: 0.25 },
  BANNED: { baseMs: 120_000, maxMs: 600_000, jitter: 0.25 },
};

/**
 * Decides whether a connection may be opened. After the venue refused our address, all connections wait, and then only one tries:
 * each further try of a banned address prolongs the ban.
 */
export class ConnectionGate {
  readonly #random: () => number;
  #refusals = 0;
  #closedUntilMs = 0;
  #isTried = false;

  /** @param random uniform in 0..1 */
  constructor(random: () => number) {
    this.#random = random;
  }

  mayTry(nowMs: number): boolean {
    if (this.#refusals === 0) return true;
    return nowMs >= this.#closedUntilMs && !this.#isTried;
  }

  /** Call when a connection attempt starts. */
  tried(): void {
    this.#isTried = true;
  }

  /** Call when a connection is open. */
  opened(): void {
    this.#refusals = 0;
    this.#isTried = false;
  }

  /** Call when a connection attempt failed or was given up. */
  failed(trouble: StreamTrouble | undefined, nowMs: number): void {
    this.#isTried = false;
    const hold = trouble && HOLDS[trouble.code];
    if (trouble === undefined || hold === undefined) return;
    // Refusals of simultaneous attempts count as one.
    const isSameRefusal = this.#refusals > 0 && nowMs < this.#closedUntilMs;
    if (!isSameRefusal) this.#refusals += 1;
    this.#closedUntilMs = Math.max(this.#closedUntilMs, nowMs + this.#delayMs(hold, trouble.retryAfterMs));
  }

  #delayMs(hold: Backoff, retryAfterMs: number | undefined): number {
    // If the venue names a time, wait a little longer than that, because the clocks may differ.
    if (retryAfterMs !== undefined) return retryAfterMs + 1_000 + 1_000 * this.#random();
    return backoffMs(hold, this.#refusals - 1, this.#random);
  }
}
