import type { TapeTrade } from '../market/trade-tape.ts';
import { productOf } from '../market/venue-kline.ts';
import { ok, type ServedEndpoint } from './endpoint.ts';
import { limitParameter, mandatorySymbol } from './parameters.ts';
import { invalidSymbol } from './refusal.ts';

/** `GET /fapi/v1/trades`: the newest trades, oldest first. Weight as documented. */
export const tradesEndpoint: ServedEndpoint = {
  method: 'GET',
  path: '/fapi/v1/trades',
  weight: () => 5,
  answer(query, exchange) {
    const symbol = mandatorySymbol(query);
    if (symbol.kind !== 'VALUE') return symbol;
    const limit = limitParameter(query, 500, 1_000);
    if (limit.kind !== 'VALUE') return limit;
    const listed = exchange.listed(symbol.value);
    if (listed === undefined) return invalidSymbol();
    return ok(listed.market.tape.trades.slice(-limit.value).map(tradeRow));
  },
};

/** A trade's row in the lists of single trades. */
export function tradeRow({ id, price, qty, time, buyerIsMaker }: TapeTrade): Record<string, unknown> {
  return { id, price, qty, quoteQty: productOf(price, qty), time, isBuyerMaker: buyerIsMaker, isRPITrade: false };
}
