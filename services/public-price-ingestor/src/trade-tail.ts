import type { RestTrade } from '@helios/binance/rest/endpoints/trades.ts';

/** Of polled trades those that were not seen before. */
export class TradeTail {
  #last: RestTrade | undefined;

  /** Takes an answer, oldest first; of the first one only the newest trade, because the others are history. */
  take(rows: readonly RestTrade[]): readonly RestTrade[] {
    const newest = rows.at(-1);
    if (newest === undefined) return [];
    const last = this.#last;
    if (last === undefined || beganAnew(last, newest)) {
      this.#last = newest;
      return [newest];
    }
    const fresh = rows.filter((row) => row.tradeId > last.tradeId);
    if (fresh.length > 0) this.#last = newest;
    return fresh;
  }

  /** After a break what lies before it is history again. */
  reset(): void {
    this.#last = undefined;
  }
}

/** The test venue is wiped now and then, and its ids begin anew: later trades then have smaller ones. */
function beganAnew(last: RestTrade, newest: RestTrade): boolean {
  return newest.tradeId < last.tradeId && newest.tsEvent > last.tsEvent;
}
