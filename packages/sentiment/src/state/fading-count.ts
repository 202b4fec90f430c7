interface Count {
  value: number;
  ts: number;
}

/** Counts by key, halved with time. Holds a limited number of keys and drops the least recently used first. */
export class FadingCount {
  readonly #halfLifeMs: number;
  readonly #capacity: number;
  readonly #counts = new Map<string, Count>();

  constructor(halfLifeMs: number, capacity: number) {
    this.#halfLifeMs = halfLifeMs;
    this.#capacity = capacity;
  }

  /** Adds one to the key's count; returns the previous count, faded to `ts` (epoch ms). */
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
