import { Wait } from '@helios/core/time/wait.ts';
import type { HttpHeaders } from '@helios/shared/runtime/http-client.ts';
import type { RequestLimits } from '../rest/endpoints/exchange-info.ts';
import { RateGovernor, type Ticket } from '../rest/rate-governor.ts';
import type { RestAnswer, RestFailureCode } from '../rest/rest-answer.ts';
import type { VenueLimits } from './live-venue-options.ts';
import { OrderCount } from './order-count.ts';

/**
 * ENTRY: uses its share of the limits. KNOWLEDGE: queries and snapshots, which leave a tenth of the weight to protection. PROTECTION:
 * stops, cancels and exits, which use the whole limits, and after a 429 try again soon.
 */
export type Priority = 'ENTRY' | 'KNOWLEDGE' | 'PROTECTION';

/** A request before it is sent. */
export interface GovernedRequest {
  readonly priority: Priority;
  readonly weight: number;
  /** How many orders the venue counts for it. */
  readonly orders: 0 | 1;
}

export type Permission =
  | { readonly kind: 'GO'; readonly ticket: Ticket }
  | { readonly kind: 'WAIT'; readonly code: 'LIMITED' | 'BANNED'; readonly waitMs: number };

/** Limits per account since 2026. exchangeInfo replaces them. */
const ORDERS_10S = 300;
const ORDERS_1M = 1_200;
/** Share of the weight limit that queries and snapshots may use. */
const KNOWLEDGE_SHARE = 0.9;
/** Share of the order counts that entries may use. */
const ENTRY_SHARE = 0.7;
/** After the venue refused an order as one too many, entries use this share of theirs, and a tenth more with each minute. */
const AFTER_TOO_MANY = 0.5;
const SMALLEST_FACTOR = 0.1;
const REGAINED_PER_MINUTE = 0.1;
/** After a 429 protection tries again after this time, then after twice as long, until an answer comes. Orders have no weight. */
const FIRST_PROBE_MS = 1_000;
const MAX_PROBE_MS = 16_000;
/** The venue says -1015 when the orders are too many; requests without orders go on. */
const TOO_MANY_ORDERS = -1015;
/** The shortest documented ban, for a ban without a named end. */
const SHORTEST_BAN_MS = 120_000;

/** Keeps requests within the limits of the venue, with a share kept for protection. */
export class LiveGovernor {
  readonly #now: () => number;
  readonly #weights: RateGovernor;
  readonly #orders10s: OrderCount;
  readonly #orders1m: OrderCount;
  readonly #ban = new Wait();
  readonly #probe = new Wait();
  readonly #orderPause = new Wait();
  #probeMs = FIRST_PROBE_MS;
  /** Share of their orders that entries had left after the last refusal; undefined before one. */
  #lowered: { readonly factor: number; readonly ts: number } | undefined;
  /** The venue's newest count of weight, and when it came. */
  #counted: { readonly usedWeight: number; readonly ts: number } | undefined;

  /**
   * @param now the venue's time, epoch ms
   * @param weightShare share of the weight limit that entries may use, 0..1
   */
  constructor(now: () => number, weightShare: number) {
    this.#now = now;
    this.#weights = new RateGovernor({ now, share: weightShare });
    this.#orders10s = new OrderCount(now, 10_000, ORDERS_10S);
    this.#orders1m = new OrderCount(now, 60_000, ORDERS_1M);
  }

  get limits(): VenueLimits {
    const bannedMs = this.#ban.leftMs(this.#now());
    return {
      weight: { used: this.#weights.used, limit: this.#weights.limit },
      orders10s: this.#orders10s.state,
      orders1m: this.#orders1m.state,
      blockedMs: Math.max(bannedMs, this.#weights.blockedMs),
      isBanned: bannedMs > 0,
    };
  }

  /** Takes over the limits that the venue lists; what it does not list stays. */
  setLimits({ weightPerMinute, ordersPer10s, ordersPerMinute }: RequestLimits): void {
    if (weightPerMinute !== undefined) this.#weights.limitPerMinute = weightPerMinute;
    if (ordersPer10s !== undefined) this.#orders10s.limit = ordersPer10s;
    if (ordersPerMinute !== undefined) this.#orders1m.limit = ordersPerMinute;
  }

  /** Permits and counts a request, or says how long it must wait. The caller must end each permitted request. */
  begin(request: GovernedRequest): Permission {
    const waitMs = this.waitMs(request);
    if (waitMs > 0) return { kind: 'WAIT', code: this.limits.isBanned ? 'BANNED' : 'LIMITED', waitMs };
    if (request.orders > 0) for (const count of [this.#orders10s, this.#orders1m]) count.add();
    return { kind: 'GO', ticket: this.#weights.beginNow(request.weight) };
  }

  /** How long the request must wait, ms; 0 means now. */
  waitMs(request: GovernedRequest): number {
    const bannedMs = this.#ban.leftMs(this.#now());
    if (bannedMs > 0) return bannedMs;
    return Math.max(this.#weightWaitMs(request), request.orders === 0 ? 0 : this.#orderWaitMs(request));
  }

  /** Takes over the venue's counts from the headers of a reply. */
  observe(headers: HttpHeaders): void {
    const count = (name: string): number => Number(headers[name] ?? Number.NaN);
    const usedWeight = count('x-mbx-used-weight-1m');
    if (Number.isFinite(usedWeight)) this.#counted = { usedWeight, ts: this.#now() };
    const [in10s, in1m] = [count('x-mbx-order-count-10s'), count('x-mbx-order-count-1m')];
    if (Number.isFinite(in10s)) this.#orders10s.observe(in10s);
    if (Number.isFinite(in1m)) this.#orders1m.observe(in1m);
  }

  /** Ends a permitted request with its answer. */
  end(ticket: Ticket, answer: RestAnswer<unknown>): void {
    const counted = this.#counted;
    const usedWeight = counted !== undefined && counted.ts >= ticket.begunTs ? counted.usedWeight : undefined;
    const refusal = refusalOf(answer);
    if (refusal?.isOfOrders) {
      this.#orderPause.extend(refusal.retryAfterMs ?? 10_000, this.#now());
      this.#lowered = { factor: Math.max(SMALLEST_FACTOR, this.#orderFactor * AFTER_TOO_MANY), ts: this.#now() };
      this.#weights.end(ticket, { usedWeight });
    } else this.#weights.end(ticket, { usedWeight, refusal });
    if (refusal !== undefined) this.#onRefusal(refusal.code, refusal.retryAfterMs);
    else if (answer.kind === 'OK') this.#probeMs = FIRST_PROBE_MS;
  }

  #onRefusal(code: 'LIMITED' | 'BANNED', retryAfterMs: number | undefined): void {
    const now = this.#now();
    if (code === 'BANNED') this.#ban.extend(Math.max(retryAfterMs ?? SHORTEST_BAN_MS, 1_000), now);
    if (this.#probe.leftMs(now) > 0) return;
    this.#probe.extend(Math.min(this.#probeMs, retryAfterMs ?? Number.POSITIVE_INFINITY), now);
    this.#probeMs = Math.min(MAX_PROBE_MS, 2 * this.#probeMs);
  }

  #weightWaitMs({ priority, weight }: GovernedRequest): number {
    if (priority === 'ENTRY') return this.#weights.waitMs(weight);
    const { blockedMs } = this.#weights;
    if (blockedMs > 0) return priority === 'PROTECTION' ? this.#probe.leftMs(this.#now()) : blockedMs;
    const most = priority === 'PROTECTION' ? this.#weights.limit : KNOWLEDGE_SHARE * this.#weights.loweredLimit;
    if (this.#weights.used + weight <= most) return 0;
    return Math.max(this.#weights.waitMs(weight), 1);
  }

  get #orderFactor(): number {
    if (this.#lowered === undefined) return 1;
    const minutes = Math.max(0, this.#now() - this.#lowered.ts) / 60_000;
    return Math.min(1, this.#lowered.factor + minutes * REGAINED_PER_MINUTE);
  }

  #orderWaitMs({ priority }: GovernedRequest): number {
    const share = priority === 'ENTRY' ? ENTRY_SHARE * this.#orderFactor : 1;
    const pauseMs = (priority === 'ENTRY' ? this.#orderPause : this.#probe).leftMs(this.#now());
    return Math.max(pauseMs, this.#orders10s.waitMs(share), this.#orders1m.waitMs(share));
  }
}

interface LimitRefusal {
  readonly code: 'LIMITED' | 'BANNED';
  readonly retryAfterMs: number | undefined;
  readonly isOfOrders: boolean;
}

const LIMITS: ReadonlySet<RestFailureCode> = new Set(['LIMITED', 'BANNED']);

function refusalOf(answer: RestAnswer<unknown>): LimitRefusal | undefined {
  if (answer.kind === 'OK') return undefined;
  const { code, retryAfterMs, serverCode } = answer;
  if (serverCode === TOO_MANY_ORDERS) return { code: 'LIMITED', retryAfterMs, isOfOrders: true };
  if (!LIMITS.has(code)) return undefined;
  return { code: code === 'BANNED' ? 'BANNED' : 'LIMITED', retryAfterMs, isOfOrders: false };
}
