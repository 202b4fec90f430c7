import { COVER_LIMITS } from './cover-limits.ts';

/** Counts stops that the venue refused or ended, one after another, and spaces out the attempts after too many. Times are epoch ms. */
export class PlacementFailures {
  #count = 0;
  #said = '';
  #nextTryMs = 0;

  get count(): number {
    return this.#count;
  }
  /** What the venue said to the last one. */
  get said(): string {
    return this.#said;
  }

  add(said: string, nowMs: number): void {
    const { maxFailures, retryMs, maxRetryMs } = COVER_LIMITS;
    this.#count += 1;
    this.#said = said;
    if (this.#count < maxFailures) return;
    this.#nextTryMs = nowMs + Math.min(retryMs * 2 ** (this.#count - maxFailures), maxRetryMs);
  }

  /** True if the next attempt is due. */
  mayTry(nowMs: number): boolean {
    return nowMs >= this.#nextTryMs;
  }

  forget(): void {
    this.#count = 0;
    this.#said = '';
    this.#nextTryMs = 0;
  }
}
