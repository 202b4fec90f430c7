import type { UsedOfLimit } from './live-venue-options.ts';

/** Counts the orders of one window of the venue, such as ten seconds; windows begin at multiples of their length. */
export class OrderCount {
  readonly #now: () => number;
  readonly #windowMs: number;
  #limit: number;
  #window = 0;
  #used = 0;

  /** @param now the venue's time, epoch ms */
  constructor(now: () => number, windowMs: number, limit: number) {
    this.#now = now;
    this.#windowMs = windowMs;
    this.#limit = limit;
  }

  /** The venue's limit of the window. */
  set limit(limit: number) {
    this.#limit = limit;
  }

  get state(): UsedOfLimit {
    this.#roll();
    return { used: this.#used, limit: this.#limit };
  }

  /** Wait until one more order stays within `share` of the limit, ms; 0 means now. */
  waitMs(share: number): number {
    this.#roll();
    if (this.#used + 1 <= Math.floor(this.#limit * share)) return 0;
    return (this.#window + 1) * this.#windowMs - this.#now();
  }

  add(): void {
    this.#roll();
    this.#used += 1;
  }

  /** Takes over the venue's own count of the window, which includes other programs. */
  observe(used: number): void {
    this.#roll();
    this.#used = Math.max(this.#used, used);
  }

  #roll(): void {
    const window = Math.floor(this.#now() / this.#windowMs);
    if (window === this.#window) return;
    this.#window = window;
    this.#used = 0;
  }
}
