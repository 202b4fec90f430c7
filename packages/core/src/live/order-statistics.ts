/** Orders whose latency counts. */
const WINDOW = 100;

/** How fast the venue answers orders, and what it refuses. */
export class OrderStatistics {
  readonly #latenciesMs: number[] = [];
  readonly #rejects = new Map<string, number>();

  /** Records the time from sending an order to the venue's first answer. */
  onAcknowledged(latencyMs: number): void {
    this.#latenciesMs.push(Math.max(latencyMs, 0));
    if (this.#latenciesMs.length > WINDOW) this.#latenciesMs.shift();
  }

  onRejected(code: string): void {
    this.#rejects.set(code, (this.#rejects.get(code) ?? 0) + 1);
  }

  /** Undefined before the first order. */
  latencyMs(): { p50: number; p99: number } | undefined {
    const sorted = this.#latenciesMs.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)];
    const [p50, p99] = [at(0.5), at(0.99)];
    return p50 === undefined || p99 === undefined ? undefined : { p50, p99 };
  }

  rejects(): Record<string, number> {
    return Object.fromEntries(this.#rejects);
  }
}
