import { ok, type ServedEndpoint } from './endpoint.ts';
import { mandatorySymbol } from './parameters.ts';
import { invalidSymbol, unavailable } from './refusal.ts';

/** The spot venues of an index here, in equal parts. */
const SITES = ['binance', 'okex', 'coinbase', 'kucoin'];

/** `GET /fapi/v1/constituents`: the prices that form an index; here each equals the index. */
export const constituents: ServedEndpoint = {
  method: 'GET',
  path: '/fapi/v1/constituents',
  weight: () => 2,
  answer(query, exchange) {
    const symbol = mandatorySymbol(query);
    if (symbol.kind !== 'VALUE') return symbol;
    const listed = exchange.listed(symbol.value);
    if (listed === undefined) return invalidSymbol();
    const { contract, market } = listed;
    const mark = market.mark(exchange.now());
    if (mark === undefined) return unavailable();
    // As documented, the venue hides prices of assets outside crypto.
    const price = contract.contractType === 'TRADIFI_PERPETUAL' ? '-1' : mark.indexPrice;
    const weight = (1 / SITES.length).toFixed(8);
    const rows = SITES.map((exchangeName) => ({ exchange: exchangeName, symbol: contract.pair, price, weight }));
    return ok({ symbol: contract.symbol, time: exchange.now(), constituents: rows });
  },
};
