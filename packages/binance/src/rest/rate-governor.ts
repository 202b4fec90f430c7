import { Wait } from '@helios/core/time/wait.ts';

/**
 * A request reaches the venue some time between its start and its end, and the venue's clock may differ from ours by this
 * much (ms): a weight that may fall into either of two minutes counts in both.
 */
const GUARD_MS = 1_000;
const MINUTE_MS = 60_000;
/** A ban without a named end: the shortest the venue documents. */
const SHORTEST_BAN_MS = 120_000;
/** Waited beyond what the venue names, so that a clock that runs ahead does not ask too soon. */
const BEYOND_MS = 1_000;
/** After a refusal the budget shrinks to this share of itself, and comes back by a tenth with each clean minute. */
const AFTER_LIMITED = 0.5;
const AFTER_BANNED = 0.25;
const SMALLEST_FACTOR = 0.1;
const REGAINED_PER_MINUTE = 0.1;

/** A request that was begun and has to be ended, whatever became of it. */
export interface Ticket {
  readonly weight: number;
  readonly begunTs: number;
}

/** What a finished request says of the limits. */
export interface RequestEnd {
  /** `X-MBX-USED-WEIGHT-1M`: what the venue has counted this minute for this address, other programs included. */
  readonly usedWeight?: number | undefined;
  readonly refusal?: { readonly code: 'LIMITED' | 'BANNED'; readonly retryAfterMs?: number | undefined } | undefined;
}

export interface GovernorOptions {
  /** The venue's time, epoch ms: ours, corrected by the known skew. */
  readonly now: () => number;
  /** Share of the limit that may be used, 0..1; the rest is for others on the same address. */
  readonly share: number;
  /** The venue's limit per minute; exchangeInfo names the one in force. */
  readonly limitPerMinute?: number;
}

/**
 * Keeps requests within a share of the venue's weight limit, which is counted per address and UTC clock minute. Follows what
 * the venue says it has counted, and stands still where it refuses. Pure but for its own memory.
 */
export class RateGovernor {
  readonly #now: () => number;
  readonly #share: number;
  #limit: number;
  #minute = 0;
  #used = 0;
  /** Of the minute before: requests begun right after the boundary may still fall into it. */
  #usedBefore = 0;
  #factor = 1;
  #refused = false;
  /** The venue said that nothing may be asked. */
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

  /** Weight that may be used per minute now. */
  get budget(): number {
    return Math.floor(this.#limit * this.#share * this.#factor);
  }

  /** Weight counted in the current minute. */
  get used(): number {
    this.#roll();
    return this.#used;
  }

  /** How long nothing may be asked because the venue said so, ms. */
  get blockedMs(): number {
    return this.#block.leftMs(this.#now());
  }

  /** Weight that is left per minute, were it spent evenly until the minute ends. */
  get pacePerMinute(): number {
    this.#roll();
    const leftMs = (this.#minute + 1) * MINUTE_MS - this.#now();
    return Math.max(0, ((this.budget - this.#used) * MINUTE_MS) / Math.max(leftMs, GUARD_MS));
  }

  /** How long a request of this weight has to wait, ms; 0: it may go. `keepFree` is left for more urgent ones. */
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

  /** Counts a request that goes out now; undefined where it may not. Each ticket has to be ended. */
  begin(weight: number): Ticket | undefined {
    const now = this.#now();
    if (this.waitMs(weight) > 0) return undefined;
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
    // An answer to a request of the minute's first moments may still speak of the minute before.
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

  /** Begins a new minute where the clock has come to one. */
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

  /** The clock was ahead and is right now: what counted in a minute that is yet to come was of this one. */
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
