/** Differences up to this are counted by the millisecond, larger ones by the second. */
const FINE_MS = 10_000;

/** Median and maximum of receive time − venue time, in constant memory. */
export class ClockDifferences {
  readonly #counts = new Map<number, number>();
  #total = 0;
  #max: number | undefined;

  add(ms: number): void {
    const key = Math.abs(ms) < FINE_MS ? Math.round(ms) : Math.round(ms / 1_000) * 1_000;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    this.#total += 1;
    if (this.#max === undefined || ms > this.#max) this.#max = ms;
  }

  /** True for one message. */
  get isFirst(): boolean {
    return this.#total === 1;
  }

  /** The largest difference, ms; undefined without messages. */
  get maxMs(): number | undefined {
    return this.#max;
  }

  /** Lower median, ms; undefined without messages. */
  get medianMs(): number | undefined {
    let seen = 0;
    for (const [ms, count] of [...this.#counts].toSorted(([a], [b]) => a - b)) {
      seen += count;
      if (seen * 2 >= this.#total) return ms;
    }
    return undefined;
  }
}
