const DAY_MS = 86_400_000;

/**
 * Volume-weighted average price since midnight UTC, and the volume-weighted standard deviation of the prices around it. Both are
 * undefined until a midnight was seen: a mean of half a day is no session VWAP.
 */
export class SessionVwap {
  #day = -1;
  #isWhole = false;
  #value = 0;
  #volume = 0;
  /** Mean and sum of squares of West 1979, which stay exact for prices of any size. */
  #mean = 0;
  #squares = 0;

  update(price: number, qty: number, tsMs: number): void {
    const day = Math.floor(tsMs / DAY_MS);
    // A trade stamped just before midnight may arrive after it; that day is over, so the trade is dropped.
    if (day < this.#day) return;
    if (day > this.#day) this.#begin(day, tsMs);
    this.#value += price * qty;
    this.#volume += qty;
    if (!(this.#volume > 0)) return;
    const step = price - this.#mean;
    this.#mean += (qty / this.#volume) * step;
    this.#squares += qty * step * (price - this.#mean);
  }

  get value(): number | undefined {
    return this.#isWhole && this.#volume > 0 ? this.#value / this.#volume : undefined;
  }

  /** Price units; 0 after the first price of the day. */
  get sigma(): number | undefined {
    return this.#isWhole && this.#volume > 0 ? Math.sqrt(Math.max(0, this.#squares) / this.#volume) : undefined;
  }

  /** A day is whole if the data begin before it, or with its first minute. */
  #begin(day: number, tsMs: number): void {
    this.#isWhole = this.#day >= 0 || tsMs - day * DAY_MS < 60_000;
    this.#day = day;
    this.#value = 0;
    this.#volume = 0;
    this.#mean = 0;
    this.#squares = 0;
  }
}
