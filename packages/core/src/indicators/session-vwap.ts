const DAY_MS = 86_400_000;

/** Volume-weighted average price since midnight UTC. */
export class SessionVwap {
  #day = -1;
  #value = 0;
  #volume = 0;

  update(price: number, qty: number, tsMs: number): void {
    const day = Math.floor(tsMs / DAY_MS);
    // A trade stamped just before midnight may arrive after it; that day is over, so the trade is dropped.
    if (day < this.#day) return;
    if (day > this.#day) {
      this.#day = day;
      this.#value = 0;
      this.#volume = 0;
    }
    this.#value += price * qty;
    this.#volume += qty;
  }

  get value(): number | undefined {
    return this.#volume > 0 ? this.#value / this.#volume : undefined;
  }
}
