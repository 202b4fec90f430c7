import type { MarkPriceUpdate } from '@helios/binance/wire/mark-price.ts';
import type { Trade } from '@helios/binance/wire/trade.ts';
import type { MarketTrade, MarkPrice } from '@helios/shared/domain/market-data.ts';

/** Time of an event and time of the message about it, epoch ms of our clock. */
export interface Stamps {
  readonly tsEvent: number;
  readonly tsInit: number;
}

/** The published event of a streamed or polled trade. */
export function tradeEvent(
  trade: Pick<Trade, 'symbol' | 'tradeId' | 'price' | 'qty' | 'buyerIsMaker'>,
  { tsEvent, tsInit }: Stamps,
): MarketTrade {
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

/** The published event of a streamed or polled mark price. */
export function markEvent(
  mark: Pick<MarkPriceUpdate, 'symbol' | 'markPrice' | 'indexPrice' | 'fundingRate' | 'nextFundingTs'>,
  { tsEvent, tsInit }: Stamps,
): MarkPrice {
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
