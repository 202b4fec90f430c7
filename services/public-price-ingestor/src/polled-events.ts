import type { PremiumIndex } from '@helios/binance/rest/endpoints/premium-index.ts';
import type { RestTrade } from '@helios/binance/rest/endpoints/trades.ts';
import type { DepthSnapshot } from '@helios/binance/wire/depth-snapshot.ts';
import type { Moment } from '@helios/market-data/venue/venue-clock.ts';
import type { Book, MarketTrade, MarkPrice } from '@helios/shared/domain/market-data.ts';

const PUBLISHED_LEVELS = 20;

/** A stamp of the venue's, by our clock: whoever reads it makes an age of it by our clock, too. */
function ours(ts: number, { now, venueNow }: Moment): number {
  return ts - (venueNow - now);
}

/**
 * A polled book. `ts_event` is when the venue sent it (`E`), because it stood like this at that moment, even where it last changed
 * earlier (`T`). Undefined where a side is empty or the sides cross: such a book prices nothing.
 */
export function bookEvent(snapshot: DepthSnapshot, moment: Moment): Book | undefined {
  const bids = snapshot.bids.filter(isThere).slice(0, PUBLISHED_LEVELS);
  const asks = snapshot.asks.filter(isThere).slice(0, PUBLISHED_LEVELS);
  const bid = Number(bids[0]?.[0]);
  const ask = Number(asks[0]?.[0]);
  if (!(bid < ask)) return undefined;
  return {
    type: 'book',
    symbol: snapshot.symbol,
    ts_event: ours(snapshot.tsSent, moment),
    ts_init: moment.now,
    last_update_id: snapshot.lastUpdateId,
    bids,
    asks,
  };
}

function isThere([, qty]: readonly [string, string]): boolean {
  return Number(qty) > 0;
}

export function tradeEvent(symbol: string, trade: RestTrade, moment: Moment): MarketTrade {
  return {
    type: 'trade',
    symbol,
    ts_event: ours(trade.tsEvent, moment),
    ts_init: moment.now,
    trade_id: trade.tradeId,
    price: trade.price,
    qty: trade.qty,
    buyer_is_maker: trade.buyerIsMaker,
  };
}

/** Undefined for a row without a mark price, as delisted symbols have. */
export function markEvent(row: PremiumIndex, moment: Moment): MarkPrice | undefined {
  if (row.markPrice === undefined) return undefined;
  return {
    type: 'mark',
    symbol: row.symbol,
    ts_event: ours(row.tsEvent, moment),
    ts_init: moment.now,
    mark_price: row.markPrice,
    ...(row.indexPrice === undefined ? {} : { index_price: row.indexPrice }),
    ...(row.fundingRate === undefined ? {} : { funding_rate: row.fundingRate }),
    ...(row.nextFundingTs === undefined ? {} : { next_funding_ts: row.nextFundingTs }),
  };
}
