import type { Exchange } from '../exchange.ts';

/** The venue's price of a margin asset in US dollars. */
export interface AssetIndexView {
  readonly symbol: string;
  readonly index: number;
  /** Fraction of the price, subtracted for a bid and added for an ask. */
  readonly buffer: number;
  readonly autoExchangeBuffer: number;
}

/** Stablecoins; their price is one dollar. */
const DOLLARS = ['USDT', 'USDC'];
/** Other assets for margin or settlement. */
const COINS = ['BTC', 'ETH', 'BNB', 'SOL', 'XRP', 'ADA', 'DOGE'];

/** The index of every asset with a price here. The buffers are made up. */
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
