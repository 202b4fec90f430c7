/** Ids of the income rows that no trade made: rising, and unique also after a restart, because they contain the time. */
export class TransactionIds {
  #last = 0;

  /** @param ts epoch ms */
  next(ts: number): number {
    this.#last = Math.max(this.#last + 1, ts * 1_000);
    return this.#last;
  }
}
