/** Allows an action once per interval. If the clock is set back, the wait still ends: it never lasts longer than two intervals. */
export class Throttle {
  readonly #intervalMs: number;
  #lastMs: number | undefined;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** True if `take` would return true now. */
  isDue(nowMs: number): boolean {
    return this.#lastMs === undefined || Math.abs(nowMs - this.#lastMs) >= this.#intervalMs;
  }

  /** True at most once per interval; the interval begins with the true answer. */
  take(nowMs: number): boolean {
    if (!this.isDue(nowMs)) return false;
    this.#lastMs = nowMs;
    return true;
  }
}

/** One throttle per key. */
export class KeyedThrottle<K> {
  readonly #intervalMs: number;
  readonly #throttles = new Map<K, Throttle>();

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** True if `take` would return true now. */
  isDue(key: K, nowMs: number): boolean {
    return this.#throttles.get(key)?.isDue(nowMs) ?? true;
  }

  take(key: K, nowMs: number): boolean {
    const known = this.#throttles.get(key);
    if (known) return known.take(nowMs);
    const fresh = new Throttle(this.#intervalMs);
    this.#throttles.set(key, fresh);
    return fresh.take(nowMs);
  }

  /** Resets all keys: each may act at once. */
  clear(): void {
    this.#throttles.clear();
  }
}
