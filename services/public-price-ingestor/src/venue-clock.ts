import type { RestSuccess } from '@helios/binance/rest/rest-answer.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

/** A difference that is worth telling, ms. */
const TOLD_MS = 1_000;

/** The venue's time, by our clock and the difference measured last. */
export class VenueClock {
  readonly #local: () => number;
  readonly #log: Logger;
  #offsetMs = 0;
  #told = false;

  constructor(local: () => number, log: Logger) {
    this.#local = local;
    this.#log = log;
  }

  /** Epoch ms. */
  now = (): number => this.#local() + this.#offsetMs;

  /** Positive where the venue's clock is ahead of ours, ms. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Takes an answer of `GET /fapi/v1/time`; it was made somewhere between request and answer, taken to be in the middle. */
  measure({ value, tsSent, tsReceived }: RestSuccess<number>): void {
    this.#offsetMs = Math.round(value - (tsSent + tsReceived) / 2);
    const isOff = Math.abs(this.#offsetMs) > TOLD_MS;
    if (isOff && !this.#told) {
      const advice = 'Set this machine’s clock (timedatectl set-ntp true): a book’s age is judged by it.';
      this.#log.warn({ venue_ahead_ms: this.#offsetMs, advice }, 'our clock and the venue’s differ');
    } else if (!isOff && this.#told) {
      this.#log.info({ venue_ahead_ms: this.#offsetMs }, 'our clock and the venue’s agree again');
    }
    this.#told = isOff;
  }
}
