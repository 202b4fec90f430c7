import { openInterest } from '../market/open-interest.ts';
import { ok, type ServedEndpoint } from './endpoint.ts';
import { mandatorySymbol } from './parameters.ts';
import { invalidSymbol, unavailable } from './refusal.ts';

/** `GET /fapi/v1/openInterest`: present open interest of one symbol. */
export const openInterestEndpoint: ServedEndpoint = {
  method: 'GET',
  path: '/fapi/v1/openInterest',
  weight: () => 1,
  answer(query, exchange) {
    const symbol = mandatorySymbol(query);
    if (symbol.kind !== 'VALUE') return symbol;
    const listed = exchange.listed(symbol.value);
    if (listed === undefined) return invalidSymbol();
    const open = openInterest(listed.market, exchange.now());
    if (open === undefined) return unavailable();
    return ok({ openInterest: open.toFixed(3), symbol: listed.contract.symbol, time: exchange.now() });
  },
};
