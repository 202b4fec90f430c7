import type { MarketSource, VenueFrame } from '@helios/market-data/source.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Level } from '@helios/shared/domain/market-data.ts';

const SYMBOL = 'BTCUSDT';
/** Market ms between two frames. A change waits this long at most. */
const STEP_MS = 10;
const FIRST_MS = Date.UTC(2026, 9, 7);

/** Both sides of a book, best level first. */
export interface Quotes {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

export const FIRST_QUOTES: Quotes = {
  bids: [
    ['59999.00', '5.000'],
    ['59998.00', '5.000'],
  ],
  asks: [
    ['60001.00', '0.004'],
    ['60002.00', '5.000'],
  ],
};

/**
 * A market of BTCUSDT that stands still until the test moves it. It sends the mark price in every frame without a change, so that
 * the venue's clock never waits for it.
 */
export class ControlledMarket implements MarketSource {
  readonly #changes: ((ts: number) => unknown)[] = [];
  #quotes = FIRST_QUOTES;
  #mark = '60000.00000000';
  #updateId = 1_000;
  #tradeId = 1_000;

  async instruments(): Promise<readonly Instrument[]> {
    return [{ symbol: SYMBOL, tick_size: '0.10', step_size: '0.001', min_notional: '100' }];
  }

  async history(): Promise<[]> {
    return [];
  }

  async *frames(stop: AbortSignal): AsyncIterable<VenueFrame> {
    this.#changes.unshift(() => ({ stream: 'btcusdt@depth', data: this.#snapshot() }));
    this.trade({ price: '60000.00', quantity: '0.001', taker: 'SELL' });
    for (let ts = FIRST_MS; !stop.aborted; ts += STEP_MS) {
      const frame = (this.#changes.shift() ?? this.#markPrice)(ts);
      yield { tsReceived: ts, text: JSON.stringify(frame) };
    }
  }

  /** A trade of others. A seller as the taker fills resting buy orders at this price, and below them. */
  trade({ price, quantity, taker }: { price: string; quantity: string; taker: 'BUY' | 'SELL' }): void {
    this.#changes.push((ts) => {
      this.#tradeId += 1;
      const m = taker === 'SELL';
      const data = { e: 'trade', E: ts, T: ts, s: SYMBOL, t: this.#tradeId, p: price, q: quantity, X: 'MARKET', m };
      return { stream: 'btcusdt@trade', data };
    });
  }

  /** Replaces the book. */
  quote(quotes: Quotes): void {
    this.#changes.push((ts) => {
      const previous = this.#quotes;
      this.#quotes = quotes;
      const [U, pu] = [this.#updateId + 1, this.#updateId];
      this.#updateId = U;
      const [b, a] = [changes(previous.bids, quotes.bids), changes(previous.asks, quotes.asks)];
      return {
        stream: 'btcusdt@depth',
        data: { ...{ e: 'depthUpdate', E: ts, T: ts, s: SYMBOL, U, u: U, pu }, b, a },
      };
    });
  }

  /** Sets the mark price, with eight decimals. */
  mark(price: string): void {
    this.#changes.push((ts) => {
      this.#mark = price;
      return this.#markPrice(ts);
    });
  }

  readonly #markPrice = (ts: number): unknown => ({
    stream: 'btcusdt@markPrice@1s',
    data: {
      ...{ e: 'markPriceUpdate', E: ts, s: SYMBOL, p: this.#mark, ap: this.#mark, P: this.#mark, i: this.#mark },
      ...{ r: '0.00010000', T: FIRST_MS + 28_800_000 },
    },
  });

  #snapshot(): unknown {
    return { lastUpdateId: this.#updateId, E: FIRST_MS, T: FIRST_MS, symbol: SYMBOL, ...this.#quotes };
  }
}

/** Changed levels; the quantity of a removed one is 0. */
function changes(before: readonly Level[], after: readonly Level[]): readonly Level[] {
  const kept = new Set(after.map(([price]) => price));
  return [...before.flatMap(([price]): Level[] => (kept.has(price) ? [] : [[price, '0.000']])), ...after];
}
