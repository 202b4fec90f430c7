import type { RestSuccess } from '@helios/binance/rest/rest-answer.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

/** A difference that is worth telling, and a change that has to be measured twice before it is believed, ms. */
const LARGE_MS = 1_000;

/** One moment by our clock and by the venue's, epoch ms. */
export interface ClockReading {
  readonly now: number;
  readonly venueNow: number;
}

/** A stamp of the venue's, by our clock: whoever reads it makes an age of it by our clock, too. */
export function ours(ts: number, { now, venueNow }: ClockReading): number {
  return ts - (venueNow - now);
}

/** The venue's time, by our clock and the difference measured last. */
export class VenueClock {
  readonly #local: () => number;
  readonly #log: Logger;
  #offsetMs = 0;
  /** Measured once, too far from what is believed; positive where the venue's clock is ahead of ours. */
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
   * Takes an answer of `GET /fapi/v1/time`; it was made somewhere between request and answer, taken to be in the middle. False:
   * it is far from what was believed so far, and is believed only if the next one agrees.
   */
  measure({ value, tsSent, tsReceived }: RestSuccess<number>): boolean {
    const offsetMs = Math.round(value - (tsSent + tsReceived) / 2);
    const unconfirmedMs = this.#unconfirmedMs;
    const isConfirmed = unconfirmedMs !== undefined && Math.abs(offsetMs - unconfirmedMs) <= LARGE_MS;
    if (unconfirmedMs !== undefined && !isConfirmed) {
      this.#log.warn(
        { venue_ahead_ms: unconfirmedMs },
        'the venue told a time that its next one does not confirm, not used',
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
      const advice = 'Set this machine’s clock (timedatectl set-ntp true): candles close by the venue’s.';
      this.#log.warn({ venue_ahead_ms: this.#offsetMs, advice }, 'our clock and the venue’s differ');
    } else if (!isOff && this.#told) {
      this.#log.info({ venue_ahead_ms: this.#offsetMs }, 'our clock and the venue’s agree again');
    }
    this.#told = isOff;
  }
}
