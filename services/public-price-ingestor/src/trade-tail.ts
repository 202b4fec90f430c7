import type { RestTrade } from '@helios/binance/rest/endpoints/trades.ts';

/** Filters polled trades: returns only new ones. */
export class TradeTail {
  #last: RestTrade | undefined;

  /** Takes an answer, oldest first. Of the first answer only the newest trade counts, because the others are history. */
  take(rows: readonly RestTrade[]): readonly RestTrade[] {
    const newest = rows.at(-1);
    if (newest === undefined) return [];
    const last = this.#last;
    if (last === undefined || hasRestarted(last, newest)) {
      this.#last = newest;
      return [newest];
    }
    const fresh = rows.filter((row) => row.tradeId > last.tradeId);
    if (fresh.length > 0) this.#last = newest;
    return fresh;
  }

  /** After a break earlier trades are history again. */
  reset(): void {
    this.#last = undefined;
  }
}

/** The test venue is wiped from time to time, and its ids start again: later trades then have smaller ones. */
function hasRestarted(last: RestTrade, newest: RestTrade): boolean {
  return newest.tradeId < last.tradeId && newest.tsEvent > last.tsEvent;
}
