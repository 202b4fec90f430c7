interface Count {
  value: number;
  ts: number;
}

/** Counts by key, each halved with time; holds a bounded number of keys, those not heard of longest leave first. */
export class FadingCount {
  readonly #halfLifeMs: number;
  readonly #capacity: number;
  readonly #counts = new Map<string, Count>();

  constructor(halfLifeMs: number, capacity: number) {
    this.#halfLifeMs = halfLifeMs;
    this.#capacity = capacity;
  }

  /** What was counted under the key before, faded to `ts` (epoch ms); counts one more. */
  add(key: string, ts: number): number {
    const known = this.#counts.get(key);
    const before = known ? known.value * 0.5 ** (Math.max(0, ts - known.ts) / this.#halfLifeMs) : 0;
    this.#counts.delete(key);
    this.#counts.set(key, { value: before + 1, ts: Math.max(ts, known?.ts ?? ts) });
    if (this.#counts.size > this.#capacity) {
      const [oldest] = this.#counts.keys();
      if (oldest !== undefined) this.#counts.delete(oldest);
    }
    return before;
  }

  get size(): number {
    return this.#counts.size;
  }
}
