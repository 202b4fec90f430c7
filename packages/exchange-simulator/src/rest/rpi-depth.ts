import { depthBody } from './depth.ts';
import { ok, type ServedEndpoint } from './endpoint.ts';
import { mandatorySymbol, wholeParameter } from './parameters.ts';
import { badDepthLimit, invalidSymbol, unavailable } from './refusal.ts';

/** The only accepted limit. */
const LIMIT = 1_000;

/** `GET /fapi/v1/rpiDepth`: the book including RPI orders; the simulator has none. */
export const rpiDepth: ServedEndpoint = {
  method: 'GET',
  path: '/fapi/v1/rpiDepth',
  weight: () => 20,
  answer(query, exchange) {
    const symbol = mandatorySymbol(query);
    if (symbol.kind !== 'VALUE') return symbol;
    const limit = wholeParameter(query, 'limit');
    if (limit.kind !== 'VALUE') return limit;
    if (limit.value !== undefined && limit.value !== LIMIT) return badDepthLimit(limit.value);
    const listed = exchange.listed(symbol.value);
    if (listed === undefined) return invalidSymbol();
    const book = listed.market.book(LIMIT);
    return book === undefined ? unavailable() : ok(depthBody(book, exchange.now()));
  },
};
