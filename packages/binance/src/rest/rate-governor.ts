import { Wait } from '@helios/core/time/wait.ts';

/**
 * Guard around a minute's boundary, ms. The venue counts a request at some time between its start and its end, and its clock may
 * differ from ours by this much. A weight that may fall into either minute counts in both.
 */
const GUARD_MS = 1_000;
const MINUTE_MS = 60_000;
/** The shortest documented ban, for a ban without a named end. */
const SHORTEST_BAN_MS = 120_000;
/** Added to the venue's wait, in case our clock runs ahead. */
const BEYOND_MS = 1_000;
/** After a refusal the budget shrinks to this fraction, and regains a tenth with each minute without a refusal. */
const AFTER_LIMITED = 0.5;
const AFTER_BANNED = 0.25;
const SMALLEST_FACTOR = 0.1;
const REGAINED_PER_MINUTE = 0.1;

/** A started request; the caller must end it in any case. */
export interface Ticket {
  readonly weight: number;
  readonly begunTs: number;
}

/** What a finished request reports about the limits. */
export interface RequestEnd {
  /** `X-MBX-USED-WEIGHT-1M`: the venue's count of this minute for this address, including other programs. */
  readonly usedWeight?: number | undefined;
  readonly refusal?: { readonly code: 'LIMITED' | 'BANNED'; readonly retryAfterMs?: number | undefined } | undefined;
}

export interface GovernorOptions {
  /** The venue's time, epoch ms: our clock plus the measured skew. */
  readonly now: () => number;
  /** Usable share of the limit, 0..1; the rest is for other programs on the same address. */
  readonly share: number;
  /** The venue's limit per minute; exchangeInfo has the present one. */
  readonly limitPerMinute?: number;
}

/**
 * Keeps requests within a share of the venue's weight limit per address and UTC clock minute. Follows the venue's own count, and
 * blocks all requests after a refusal. It has no side effects outside its own state.
 */
export class RateGovernor {
  readonly #now: () => number;
  readonly #share: number;
  #limit: number;
  #minute = 0;
  #used = 0;
  /** Used in the previous minute: requests right after the boundary may still count there. */
  #usedBefore = 0;
  #factor = 1;
  #refused = false;
  /** Time during which the venue allows no requests. */
  readonly #block = new Wait();
  readonly #inFlight = new Set<Ticket>();
  #ended: { readonly endedTs: number; readonly weight: number }[] = [];

  constructor({ now, share, limitPerMinute = 2_400 }: GovernorOptions) {
    this.#now = now;
    this.#share = share;
    this.#limit = limitPerMinute;
  }

  set limitPerMinute(limit: number) {
    this.#limit = limit;
  }

  /** Present budget of weight per minute. */
  get budget(): number {
    return Math.floor(this.#limit * this.#share * this.#factor);
  }

  /** The venue's limit of weight per minute. */
  get limit(): number {
    return this.#limit;
  }

  /** The limit as refusals have lowered it; it returns to the venue's with time. */
  get loweredLimit(): number {
    this.#roll();
    return this.#limit * this.#factor;
  }

  /** Weight counted in the current minute. */
  get used(): number {
    this.#roll();
    return this.#used;
  }

  /** Remaining time without requests after a refusal, ms. */
  get blockedMs(): number {
    return this.#block.leftMs(this.#now());
  }

  /** Rate that would spend the remaining budget evenly until the minute ends, weight per minute. */
  get pacePerMinute(): number {
    this.#roll();
    const leftMs = (this.#minute + 1) * MINUTE_MS - this.#now();
    return Math.max(0, ((this.budget - this.#used) * MINUTE_MS) / Math.max(leftMs, GUARD_MS));
  }

  /** Wait for a request of this weight, ms; 0 means now. Leaves `keepFree` for more urgent requests. */
  waitMs(weight: number, keepFree = 0): number {
    this.#roll();
    const now = this.#now();
    const blockedMs = this.#block.leftMs(now);
    if (blockedMs > 0) return blockedMs;
    const start = this.#minute * MINUTE_MS;
    if (this.#used + weight + keepFree > this.budget) return start + MINUTE_MS - now;
    const mayFallBack = now - start < GUARD_MS;
    return mayFallBack && this.#usedBefore + weight > this.budget ? start + GUARD_MS - now : 0;
  }

  /** Counts a request that is sent now; undefined if it must wait. The caller must end each ticket. */
  begin(weight: number): Ticket | undefined {
    return this.waitMs(weight) > 0 ? undefined : this.beginNow(weight);
  }

  /** Counts a request that cannot wait for the budget. The caller must end each ticket. */
  beginNow(weight: number): Ticket {
    this.#roll();
    const now = this.#now();
    const ticket = { weight, begunTs: now };
    this.#inFlight.add(ticket);
    this.#used += weight;
    if (now - this.#minute * MINUTE_MS < GUARD_MS) this.#usedBefore += weight;
    return ticket;
  }

  end(ticket: Ticket, { usedWeight, refusal }: RequestEnd = {}): void {
    this.#roll();
    const now = this.#now();
    this.#inFlight.delete(ticket);
    this.#ended.push({ endedTs: now, weight: ticket.weight });
    const start = this.#minute * MINUTE_MS;
    // The answer to a request at the minute's beginning may still have the count of the previous minute.
    if (usedWeight !== undefined && ticket.begunTs - start >= GUARD_MS) {
      this.#used = Math.max(this.#used, usedWeight + this.#weightInFlight());
    }
    if (refusal !== undefined) this.#onRefusal(refusal, now);
  }

  #onRefusal({ code, retryAfterMs }: NonNullable<RequestEnd['refusal']>, now: number): void {
    const nextMinute = (this.#minute + 1) * MINUTE_MS - now;
    const waitMs = retryAfterMs ?? (code === 'BANNED' ? SHORTEST_BAN_MS : nextMinute);
    this.#block.extend(waitMs + BEYOND_MS, now);
    if (this.#refused) return;
    this.#refused = true;
    this.#factor = Math.max(SMALLEST_FACTOR, this.#factor * (code === 'BANNED' ? AFTER_BANNED : AFTER_LIMITED));
  }

  /** Begins a new minute if the clock has reached one. */
  #roll(): void {
    const minute = Math.floor(this.#now() / MINUTE_MS);
    if (minute < this.#minute) this.#goBackTo(minute);
    if (minute <= this.#minute) return;
    const passed = minute - this.#minute;
    this.#usedBefore = passed === 1 ? this.#used : 0;
    this.#minute = minute;
    const nearBoundary = minute * MINUTE_MS - GUARD_MS;
    this.#ended = this.#ended.filter(({ endedTs }) => endedTs > nearBoundary);
    this.#used = this.#weightInFlight() + this.#ended.reduce((sum, { weight }) => sum + weight, 0);
    if (!this.#refused) this.#factor = Math.min(1, this.#factor + REGAINED_PER_MINUTE * passed);
    this.#refused = this.#block.leftMs(minute * MINUTE_MS) > 0;
  }

  /** Handles a clock that was ahead and is now correct: the count of the future minute belongs to this one. */
  #goBackTo(minute: number): void {
    const now = this.#now();
    this.#minute = minute;
    this.#used = Math.max(this.#used, this.#usedBefore);
    this.#ended = this.#ended.map(({ endedTs, weight }) => ({ endedTs: Math.min(endedTs, now), weight }));
  }

  #weightInFlight(): number {
    let sum = 0;
    for (const { weight } of this.#inFlight) sum += weight;
    return sum;
  }
}
