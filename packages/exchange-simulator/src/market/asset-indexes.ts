import type { Exchange } from '../exchange.ts';

/** An asset's price in US dollars, as the venue values what is put up as margin. */
export interface AssetIndexView {
  readonly symbol: string;
  readonly index: number;
  /** Parts of the price that are taken off a bid and put on an ask. */
  readonly buffer: number;
  readonly autoExchangeBuffer: number;
}

/** Dollars on a chain; they are valued at one. */
const DOLLARS = ['USDT', 'USDC'];
/** What else is put up as margin, or settled in. */
const COINS = ['BTC', 'ETH', 'BNB', 'SOL', 'XRP', 'ADA', 'DOGE'];

/** The index of every asset that is priced here. The buffers are made up. */
export function assetIndexes(exchange: Exchange, nowTs: number): readonly AssetIndexView[] {
  const dollars = DOLLARS.map((asset) => ({
    symbol: `${asset}USD`,
    index: 1,
    buffer: 0.0001,
    autoExchangeBuffer: 0.0001,
  }));
  const coins = COINS.flatMap((asset) => {
    const mark = exchange.listed(`${asset}USDT`)?.market.mark(nowTs);
    if (mark === undefined) return [];
    return [{ symbol: `${asset}USD`, index: Number(mark.indexPrice), buffer: 0.05, autoExchangeBuffer: 0.025 }];
  });
  return [...dollars, ...coins];
}
