import type { MarketSource, VenueFrame } from '@helios/market-data/source.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';

const FIRST_MS = Date.UTC(2026, 9, 7);

/** One contract whose prices never move. */
export interface GivenPrices {
  readonly symbol: string;
  readonly tickSize: string;
  readonly stepSize: string;
  readonly bid: string;
  readonly ask: string;
  /** With eight decimals. */
  readonly mark: string;
}

/** A market that stands still at given prices, with much to buy and to sell. */
export class PricedMarket implements MarketSource {
  readonly #prices: GivenPrices;

  constructor(prices: GivenPrices) {
    this.#prices = prices;
  }

  async instruments(): Promise<readonly Instrument[]> {
    const { symbol, tickSize, stepSize } = this.#prices;
    return [{ symbol, tick_size: tickSize, step_size: stepSize, min_notional: '5' }];
  }

  async history(): Promise<[]> {
    return [];
  }

  async *frames(): AsyncIterable<VenueFrame> {
    const { symbol, bid, ask, mark: p } = this.#prices;
    const [name, at, e] = [symbol.toLowerCase(), { E: FIRST_MS, T: FIRST_MS }, 'markPriceUpdate'];
    const book = { lastUpdateId: 1, ...at, symbol, bids: [[bid, '100000']], asks: [[ask, '100000']] };
    yield frame({ stream: `${name}@depth`, data: book });
    yield frame({ stream: `${name}@markPrice@1s`, data: { e, ...at, s: symbol, p, ap: p, P: p, i: p, r: '0' } });
    const trade = { e: 'trade', ...at, s: symbol, t: 1, p: bid, q: '1', X: 'MARKET', m: true };
    yield frame({ stream: `${name}@trade`, data: trade });
  }
}

function frame(message: unknown): VenueFrame {
  return { tsReceived: FIRST_MS, text: JSON.stringify(message) };
}
