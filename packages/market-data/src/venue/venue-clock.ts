import type { RestSuccess } from '@helios/binance/rest/rest-answer.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

/** Difference that is logged, and change that needs two agreeing measurements, ms. */
const LARGE_MS = 1_000;

/** The same moment on our clock and on that of the venue, epoch ms. */
export interface ClockReading {
  readonly now: number;
  readonly venueNow: number;
}

/** Converts a venue timestamp to our clock, because readers compute ages with our clock. */
export function ours(ts: number, { now, venueNow }: ClockReading): number {
  return ts - (venueNow - now);
}

/** The time of the venue, from our clock and the last measured difference. */
export class VenueClock {
  readonly #local: () => number;
  readonly #log: Logger;
  #offsetMs = 0;
  /** An unconfirmed difference that is far from the accepted one; positive if the clock of the venue is ahead. */
  #unconfirmedMs: number | undefined;
  #told = false;

  constructor(local: () => number, log: Logger) {
    this.#local = local;
    this.#log = log;
  }

  /** Epoch ms. */
  now = (): number => this.#local() + this.#offsetMs;

  clockReading = (): ClockReading => {
    const now = this.#local();
    return { now, venueNow: now + this.#offsetMs };
  };

  /**
   * Processes an answer of `GET /fapi/v1/time`; its time is assumed to be midway between request and answer. Returns false if it
   * is far from the accepted difference; it is accepted only if the next one agrees.
   */
  measure({ value, tsSent, tsReceived }: RestSuccess<number>): boolean {
    const offsetMs = Math.round(value - (tsSent + tsReceived) / 2);
    const unconfirmedMs = this.#unconfirmedMs;
    const isConfirmed = unconfirmedMs !== undefined && Math.abs(offsetMs - unconfirmedMs) <= LARGE_MS;
    if (unconfirmedMs !== undefined && !isConfirmed) {
      this.#log.warn(
        { venue_ahead_ms: unconfirmedMs },
        'a time of the venue was not confirmed by the next one, not used',
      );
    }
    this.#unconfirmedMs = undefined;
    if (!isConfirmed && Math.abs(offsetMs - this.#offsetMs) > LARGE_MS) {
      this.#unconfirmedMs = offsetMs;
      return false;
    }
    this.#offsetMs = offsetMs;
    this.#tell();
    return true;
  }

  #tell(): void {
    const isOff = Math.abs(this.#offsetMs) > LARGE_MS;
    if (isOff && !this.#told) {
      const advice = 'Set this machine’s clock (timedatectl set-ntp true): klines close by the venue’s clock.';
      this.#log.warn({ venue_ahead_ms: this.#offsetMs, advice }, 'our clock and the venue’s differ');
    } else if (!isOff && this.#told) {
      this.#log.info({ venue_ahead_ms: this.#offsetMs }, 'our clock and the venue’s agree again');
    }
    this.#told = isOff;
  }
}
