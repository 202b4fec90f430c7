const MAX_TRADES = 20_000;

/** The trades that were reported already: a repeated trade of somebody else must not close a later position of ours. */
export class ToldTrades {
  readonly #told = new Set<string>();

  /** Notes a trade; false if it was noted before. */
  add(symbol: string, tradeId: string): boolean {
    const key = `${symbol} ${tradeId}`;
    if (this.#told.has(key)) return false;
    this.#told.add(key);
    const [oldest] = this.#told;
    if (this.#told.size > MAX_TRADES && oldest !== undefined) this.#told.delete(oldest);
    return true;
  }

  has(symbol: string, tradeId: string): boolean {
    return this.#told.has(`${symbol} ${tradeId}`);
  }
}
