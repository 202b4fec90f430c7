import { ok } from '../endpoint.ts';
import { optionalListedSymbol } from './asked-symbol.ts';
import { signedEndpoint } from './signed-endpoint.ts';

/** `GET /fapi/v1/apiTradingStatus`: no quantitative rule is ever violated here. */
export const apiTradingStatus = signedEndpoint({
  method: 'GET',
  path: '/fapi/v1/apiTradingStatus',
  weight: (query) => (query.has('symbol') ? 1 : 10),
  answer: ({ query, exchange, trading }) => {
    const symbol = optionalListedSymbol(query, exchange);
    return symbol.kind === 'VALUE' ? ok({ indicators: {}, updateTime: trading.now() }) : symbol;
  },
});
