const MINUTE_MS = 60_000;
const SHORTEST_BAN_MS = 120_000;
const MAX_BAN_MS = 3 * 86_400_000;

export interface WeightLimits {
  /** Weight per UTC clock minute and address; the venue's is 2,400. */
  readonly weightPerMinute: number;
  /** Number of 429 answers in one minute before a ban. The venue does not document it; default 10. */
  readonly refusalsUntilBan: number;
}

/** Decision about a request, with the headers of its answer. */
export type WeightVerdict =
  | { readonly kind: 'SERVED'; readonly usedWeight: number }
  | { readonly kind: 'TOO_MANY'; readonly usedWeight: number; readonly retryAfterSec: number }
  | { readonly kind: 'BANNED'; readonly untilMs: number; readonly retryAfterSec: number };

/**
 * Counts request weight in the UTC clock minute, as measured at the venue. Beyond the limit it answers 429. A client that continues
 * is banned: two minutes at first, twice as long each time, at most three days.
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

  /** Charges a request. A request with refused parameters costs weight too; a banned one does not. */
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
