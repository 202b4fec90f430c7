/** Orders that an account may send in each window. */
export interface OrderLimits {
  readonly perTenSeconds: number;
  readonly perMinute: number;
}

/** Orders counted in the present windows of an account. */
export interface OrderCounts {
  readonly tenSeconds: number;
  readonly minute: number;
}

/** The venue's limits of a usual account. */
const VENUE_LIMITS: OrderLimits = { perTenSeconds: 300, perMinute: 1_200 };
const TEN_SECONDS_MS = 10_000;
const MINUTE_MS = 60_000;

/** Counts the orders of each account, conditional ones too. We guess that the windows follow the clock, like that of weight. */
export class OrderMeter {
  readonly limits: OrderLimits;
  readonly #tenSeconds = new Map<string, Window>();
  readonly #minutes = new Map<string, Window>();

  /** @param limits the venue's limits by default */
  constructor(limits: Partial<OrderLimits> = {}) {
    this.limits = { ...VENUE_LIMITS, ...limits };
  }

  /**
   * Counts a request: `orders` in the ten seconds, and one in the minute, as documented for single orders and batches.
   * @returns the counts; `exceeded` if the request is over a limit
   */
  charge(accountId: string, orders: number, nowMs: number): OrderCounts & { readonly exceeded?: keyof OrderLimits } {
    const tenSeconds = counted(this.#tenSeconds, accountId, Math.floor(nowMs / TEN_SECONDS_MS), orders);
    const minute = counted(this.#minutes, accountId, Math.floor(nowMs / MINUTE_MS), Math.min(1, orders));
    if (tenSeconds > this.limits.perTenSeconds) return { tenSeconds, minute, exceeded: 'perTenSeconds' };
    return minute > this.limits.perMinute ? { tenSeconds, minute, exceeded: 'perMinute' } : { tenSeconds, minute };
  }

  /** The counts of an account now. */
  counts(accountId: string, nowMs: number): OrderCounts {
    const tenSeconds = this.#tenSeconds.get(accountId);
    const minute = this.#minutes.get(accountId);
    return {
      tenSeconds: tenSeconds?.index === Math.floor(nowMs / TEN_SECONDS_MS) ? tenSeconds.orders : 0,
      minute: minute?.index === Math.floor(nowMs / MINUTE_MS) ? minute.orders : 0,
    };
  }
}

interface Window {
  readonly index: number;
  orders: number;
}

function counted(windows: Map<string, Window>, accountId: string, index: number, orders: number): number {
  const known = windows.get(accountId);
  const window = known?.index === index ? known : { index, orders: 0 };
  windows.set(accountId, window);
  window.orders += orders;
  return window.orders;
}
