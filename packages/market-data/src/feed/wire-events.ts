import type { MarkPriceUpdate } from '@helios/binance/wire/mark-price.ts';
import type { Trade } from '@helios/binance/wire/trade.ts';
import type { MarketTrade, MarkPrice } from '@helios/shared/domain/market-data.ts';

/** When something happened and when the message about it is made, epoch ms of our clock. */
export interface Stamps {
  readonly tsEvent: number;
  readonly tsInit: number;
}

/** A streamed trade as it is published. */
export function streamedTrade(trade: Trade, { tsEvent, tsInit }: Stamps): MarketTrade {
  return {
    type: 'trade',
    symbol: trade.symbol,
    ts_event: tsEvent,
    ts_init: tsInit,
    trade_id: trade.tradeId,
    price: trade.price,
    qty: trade.qty,
    buyer_is_maker: trade.buyerIsMaker,
  };
}

/** A streamed mark price as it is published. */
export function streamedMark(mark: MarkPriceUpdate, { tsEvent, tsInit }: Stamps): MarkPrice {
  return {
    type: 'mark',
    symbol: mark.symbol,
    ts_event: tsEvent,
    ts_init: tsInit,
    mark_price: mark.markPrice,
    ...(mark.indexPrice === undefined ? {} : { index_price: mark.indexPrice }),
    ...(mark.fundingRate === undefined ? {} : { funding_rate: mark.fundingRate }),
    ...(mark.nextFundingTs === undefined ? {} : { next_funding_ts: mark.nextFundingTs }),
  };
}
