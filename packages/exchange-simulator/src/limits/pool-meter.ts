/** Requests that share a separate limit per five minutes and address. */
export type RequestPool = 'FUNDING' | 'STATISTICS';

const WINDOW_MS = 300_000;
/** Requests per five minutes and address, as documented. We guess that the window follows the clock, like that of weight. */
const VENUE_LIMITS: PoolLimits = { FUNDING: 500, STATISTICS: 1_000 };

/** Requests per five minutes. */
export type PoolLimits = Readonly<Record<RequestPool, number>>;

/** Counts the requests of each pool against its own limit. */
export class PoolMeter {
  readonly #limits: PoolLimits;
  readonly #counts = new Map<RequestPool, { readonly window: number; requests: number }>();

  /** @param limits the venue's limits by default */
  constructor(limits: Partial<PoolLimits> = {}) {
    this.#limits = { ...VENUE_LIMITS, ...limits };
  }

  /** Counts a request; returns the limit if the request exceeds it. */
  charge(pool: RequestPool, nowMs: number): number | undefined {
    const window = Math.floor(nowMs / WINDOW_MS);
    const known = this.#counts.get(pool);
    const count = known?.window === window ? known : { window, requests: 0 };
    this.#counts.set(pool, count);
    count.requests += 1;
    const limit = this.#limits[pool];
    return count.requests > limit ? limit : undefined;
  }
}
