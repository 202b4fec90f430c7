import { defineEndpoint, parseAccountRows } from '../rest/endpoint.ts';
import { isLoose, isPositiveDecimal, isSignedDecimal, isSymbol, isWhole } from '../wire/field-checks.ts';
import { badField, type WireFault } from '../wire/wire-fault.ts';
import { idText } from './order-report.ts';

/** One of the account's trades. Decimal strings. */
export interface UserTrade {
  readonly symbol: string;
  readonly tradeId: string;
  readonly venueOrderId: string;
  readonly side: 'BUY' | 'SELL';
  readonly price: string;
  readonly quantity: string;
  readonly commission: string;
  readonly commissionAsset: string;
  readonly isMaker: boolean;
  /** The venue's time, epoch ms. */
  readonly tsEvent: number;
}

/** The venue shows at most this many trades in one answer. */
export const MAX_USER_TRADES = 1_000;

const PATH = '/fapi/v1/userTrades';

/** `GET /fapi/v1/userTrades`, signed: the trades of one order, oldest first. Source: developers.binance.com, Account Trade List. */
export const tradesOfOrder = defineEndpoint<
  { readonly symbol: string; readonly venueOrderId: string },
  readonly UserTrade[]
>({
  path: PATH,
  query: ({ symbol, venueOrderId }) => ({ symbol, orderId: venueOrderId, limit: MAX_USER_TRADES }),
  weight: () => 5,
  parse: (json) => parseAccountRows('userTrades', json, parseTrade),
});

/** `GET /fapi/v1/userTrades`, signed: the first thousand trades of a symbol from `startTs` on (epoch ms, the venue's clock). */
export const tradesSince = defineEndpoint<{ readonly symbol: string; readonly startTs: number }, readonly UserTrade[]>({
  path: PATH,
  query: ({ symbol, startTs }) => ({ symbol, startTime: startTs, limit: MAX_USER_TRADES }),
  weight: () => 5,
  parse: (json) => parseAccountRows('userTrades', json, parseTrade),
});

/** `GET /fapi/v1/userTrades`, signed: the last thousand trades of a symbol within seven days, oldest first; with a start (epoch ms) the first thousand from it on. */
export const tradesBetween = defineEndpoint<
  { readonly symbol: string; readonly startTs?: number; readonly endTs?: number },
  readonly UserTrade[]
>({
  path: PATH,
  query: ({ symbol, startTs, endTs }) => ({ symbol, startTime: startTs, endTime: endTs, limit: MAX_USER_TRADES }),
  weight: () => 5,
  parse: (json) => parseAccountRows('userTrades', json, parseTrade),
});

function parseTrade(json: unknown): UserTrade | WireFault {
  const bad = (field: string, value: unknown): WireFault => badField('userTrades', field, value);
  if (!isLoose(json)) return bad('a row', json);
  const { symbol, id, orderId, side, price, qty, commission, commissionAsset, maker, time } = json;
  const [tradeId, venueOrderId] = [idText(id), idText(orderId)];
  if (!isSymbol(symbol)) return bad('symbol', symbol);
  if (tradeId === undefined) return bad('id', id);
  if (venueOrderId === undefined) return bad('orderId', orderId);
  if (side !== 'BUY' && side !== 'SELL') return bad('side', side);
  if (!isPositiveDecimal(price)) return bad('price', price);
  if (!isPositiveDecimal(qty)) return bad('qty', qty);
  if (!isSignedDecimal(commission)) return bad('commission', commission);
  if (typeof commissionAsset !== 'string') return bad('commissionAsset', commissionAsset);
  if (typeof maker !== 'boolean') return bad('maker', maker);
  if (!isWhole(time)) return bad('time', time);
  return {
    ...{ symbol, tradeId, venueOrderId, side, price, quantity: qty, commission, commissionAsset },
    ...{ isMaker: maker, tsEvent: time },
  };
}
