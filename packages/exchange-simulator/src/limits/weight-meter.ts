const MINUTE_MS = 60_000;
const SHORTEST_BAN_MS = 120_000;
const MAX_BAN_MS = 3 * 86_400_000;

export interface WeightLimits {
  /** Weight per UTC clock minute and address; the venue's is 2,400. */
  readonly weightPerMinute: number;
  /** Requests answered 429 in one minute after which the address is banned. The venue does not say; 10 unless told. */
  readonly refusalsUntilBan: number;
}

/** What becomes of a request, with the headers that it carries. */
export type WeightVerdict =
  | { readonly kind: 'SERVED'; readonly usedWeight: number }
  | { readonly kind: 'TOO_MANY'; readonly usedWeight: number; readonly retryAfterSec: number }
  | { readonly kind: 'BANNED'; readonly untilMs: number; readonly retryAfterSec: number };

/**
 * Counts request weight in the UTC clock minute, as the venue was measured to do. Beyond the limit it says 429; who goes on is banned,
 * two minutes at first and twice as long each time, three days at most.
 */
export class WeightMeter {
  readonly limits: WeightLimits;
  #minute = -1;
  #used = 0;
  #refusals = 0;
  #bans = 0;
  #bannedUntilMs = 0;

  constructor(limits: WeightLimits) {
    this.limits = limits;
  }

  /** Weight used in the minute of `nowMs`. */
  used(nowMs: number): number {
    return Math.floor(nowMs / MINUTE_MS) === this.#minute ? this.#used : 0;
  }

  /** Charges a request. One that is refused for its parameters is charged too; one that is banned is not. */
  charge(weight: number, nowMs: number): WeightVerdict {
    if (nowMs < this.#bannedUntilMs) return this.#banned(nowMs);
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#used = 0;
      this.#refusals = 0;
    }
    this.#used += weight;
    if (this.#used <= this.limits.weightPerMinute) return { kind: 'SERVED', usedWeight: this.#used };
    this.#refusals += 1;
    if (this.#refusals > this.limits.refusalsUntilBan) {
      this.#bannedUntilMs = nowMs + Math.min(MAX_BAN_MS, SHORTEST_BAN_MS * 2 ** this.#bans);
      this.#bans += 1;
      return this.#banned(nowMs);
    }
    const retryAfterSec = Math.max(1, Math.ceil(((minute + 1) * MINUTE_MS - nowMs) / 1_000));
    return { kind: 'TOO_MANY', usedWeight: this.#used, retryAfterSec };
  }

  #banned(nowMs: number): WeightVerdict {
    const untilMs = this.#bannedUntilMs;
    return { kind: 'BANNED', untilMs, retryAfterSec: Math.max(1, Math.ceil((untilMs - nowMs) / 1_000)) };
  }
}
