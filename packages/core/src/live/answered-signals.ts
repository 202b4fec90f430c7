/** As many as the streams keep unread. */
const MAX_KEPT = 50_000;

/** Ids of the last signals that were answered without an order, so that none is executed later. */
export class AnsweredSignals {
  readonly #ids = new Set<string>();

  has(signalId: string): boolean {
    return this.#ids.has(signalId);
  }

  add(signalId: string): void {
    this.#ids.add(signalId);
    const oldest = this.#ids.values().next().value;
    if (this.#ids.size > MAX_KEPT && oldest !== undefined) this.#ids.delete(oldest);
  }
}
