import { type AssetIndexView, assetIndexes } from '../market/asset-indexes.ts';
import { ok, type ServedEndpoint } from './endpoint.ts';
import { symbolParameter } from './parameters.ts';
import { invalidSymbol } from './refusal.ts';

/** `GET /fapi/v1/assetIndex`: dollar prices of margin assets, one (`BTCUSD`) or all. */
export const assetIndex: ServedEndpoint = {
  method: 'GET',
  path: '/fapi/v1/assetIndex',
  weight: (query) => (query.has('symbol') ? 1 : 10),
  answer(query, exchange) {
    const symbol = symbolParameter(query);
    if (symbol.kind !== 'VALUE') return symbol;
    const nowTs = exchange.now();
    const views = assetIndexes(exchange, nowTs);
    if (symbol.value === undefined) return ok(views.map((view) => rowOf(view, nowTs)));
    const found = views.find((view) => view.symbol === symbol.value);
    return found === undefined ? invalidSymbol() : ok(rowOf(found, nowTs));
  },
};

function rowOf({ symbol, index, buffer, autoExchangeBuffer }: AssetIndexView, time: number): Record<string, unknown> {
  const decimal = (value: number): string => value.toFixed(8);
  return {
    symbol,
    time,
    index: decimal(index),
    bidBuffer: decimal(buffer),
    askBuffer: decimal(buffer),
    bidRate: decimal(index * (1 - buffer)),
    askRate: decimal(index * (1 + buffer)),
    autoExchangeBidBuffer: decimal(autoExchangeBuffer),
    autoExchangeAskBuffer: decimal(autoExchangeBuffer),
    autoExchangeBidRate: decimal(index * (1 - autoExchangeBuffer)),
    autoExchangeAskRate: decimal(index * (1 + autoExchangeBuffer)),
  };
}
