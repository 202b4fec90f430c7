import type { PremiumIndex } from '@helios/binance/rest/endpoints/premium-index.ts';
import type { RestTrade } from '@helios/binance/rest/endpoints/trades.ts';
import type { DepthSnapshot } from '@helios/binance/wire/depth-snapshot.ts';
import { markEvent, tradeEvent } from '@helios/market-data/feed/wire-events.ts';
import { type ClockReading, ours } from '@helios/market-data/venue/venue-clock.ts';
import type { Book, MarketTrade, MarkPrice } from '@helios/shared/domain/market-data.ts';

const PUBLISHED_LEVELS = 20;

/**
 * A polled book. `ts_event` is when the venue sent it (`E`), because the book is valid at that time, even if it last changed
 * earlier (`T`). Undefined if a side is empty or the sides cross.
 */
export function bookEvent(snapshot: DepthSnapshot, clockReading: ClockReading): Book | undefined {
  const bids = snapshot.bids.filter(isThere).slice(0, PUBLISHED_LEVELS);
  const asks = snapshot.asks.filter(isThere).slice(0, PUBLISHED_LEVELS);
  const bid = Number(bids[0]?.[0]);
  const ask = Number(asks[0]?.[0]);
  if (!(bid < ask)) return undefined;
  return {
    type: 'book',
    symbol: snapshot.symbol,
    ts_event: ours(snapshot.tsSent, clockReading),
    ts_init: clockReading.now,
    last_update_id: snapshot.lastUpdateId,
    bids,
    asks,
  };
}

function isThere([, qty]: readonly [string, string]): boolean {
  return Number(qty) > 0;
}

export function polledTrade(symbol: string, trade: RestTrade, clockReading: ClockReading): MarketTrade {
  return tradeEvent({ ...trade, symbol }, { tsEvent: ours(trade.tsEvent, clockReading), tsInit: clockReading.now });
}

/** Undefined for a row without a mark price, as delisted symbols have. */
export function polledMark(row: PremiumIndex, clockReading: ClockReading): MarkPrice | undefined {
  const { markPrice } = row;
  if (markPrice === undefined) return undefined;
  return markEvent({ ...row, markPrice }, { tsEvent: ours(row.tsEvent, clockReading), tsInit: clockReading.now });
}
