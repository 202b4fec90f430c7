import type { MarketSource } from '@helios/market-data/source.ts';
import type { Level } from '@helios/shared/domain/market-data.ts';

export interface StillBook {
  readonly symbol: string;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** Half a tick around 60,000 and 3,000: the mark price is the mid price. Depth enough for every test. */
export const STILL_BOOKS: readonly StillBook[] = [
  { symbol: 'BTCUSDT', bids: [['59999.9', '50']], asks: [['60000.1', '50']] },
  { symbol: 'ETHUSDT', bids: [['2999.9', '500']], asks: [['3000.1', '500']] },
];

/** A mark price with its funding rate, `at` ms after the first book. */
export interface StillMark {
  readonly at: number;
  readonly symbol: string;
  readonly price: string;
  readonly rate: string;
}

/** A market whose books stand still, so that only the test's jumps and marks move the prices. */
export function stillMarket(books: readonly StillBook[] = STILL_BOOKS, marks: readonly StillMark[] = []): MarketSource {
  return {
    instruments: async () =>
      books.map(({ symbol }) => ({ symbol, tick_size: '0.1', step_size: '0.001', min_notional: '5' })),
    history: async () => [],
    async *frames() {
      for (const { symbol, bids, asks } of books) {
        yield { tsReceived: 0, symbol, text: JSON.stringify({ lastUpdateId: 100, E: 0, T: 0, bids, asks }) };
      }
      for (const { at, symbol, price, rate } of marks) {
        const data = { e: 'markPriceUpdate', E: at, s: symbol, p: price, i: price, P: price, r: rate, T: 0 };
        const text = JSON.stringify({ stream: `${symbol.toLowerCase()}@markPrice@1s`, data });
        yield { tsReceived: at, symbol, text };
      }
    },
  };
}
