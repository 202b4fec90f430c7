import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';

const BACKOFF: Backoff = { baseMs: 1_000, maxMs: 60_000, jitter: 0.25 };

/** Decides when a lost connection may try again. */
export class ReconnectPause {
  readonly #random: () => number;
  #failures = 0;
  #dueMs = 0;

  /** @param random uniform in 0..1 */
  constructor(random: () => number) {
    this.#random = random;
  }

  isOver(nowMs: number): boolean {
    return nowMs >= this.#dueMs;
  }

  /** @param wasSteady it delivered for a while, so this is a new trouble and not a relapse */
  failed(nowMs: number, wasSteady: boolean): void {
    if (wasSteady) this.#failures = 0;
    const delayMs = backoffMs(BACKOFF, this.#failures, this.#random);
    this.#failures += 1;
    this.#dueMs = nowMs + delayMs;
  }
}
