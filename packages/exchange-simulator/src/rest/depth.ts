import type { BookView } from '../market/served-book.ts';
import { ok, type ServedEndpoint } from './endpoint.ts';
import { mandatorySymbol, wholeParameter } from './parameters.ts';
import { badDepthLimit, invalidSymbol, unavailable } from './refusal.ts';

/** Weight by the limit's text. A map, because every object has a property such as “constructor”. */
const WEIGHTS: ReadonlyMap<string, number> = new Map([
  ['5', 2],
  ['10', 2],
  ['20', 2],
  ['50', 2],
  ['100', 5],
  ['500', 10],
  ['1000', 20],
]);
/** Levels without a limit parameter. */
const USUAL_LIMIT = 500;

/** `GET /fapi/v1/depth`: the book's best levels; `E` is now, `T` the time of their last change. Weight as measured: 1 without a limit or with an invalid one. */
export const depthEndpoint: ServedEndpoint = {
  method: 'GET',
  path: '/fapi/v1/depth',
  weight: (query) => WEIGHTS.get(query.get('limit') ?? '') ?? 1,
  answer(query, exchange) {
    const symbol = mandatorySymbol(query);
    if (symbol.kind !== 'VALUE') return symbol;
    const limit = wholeParameter(query, 'limit');
    if (limit.kind !== 'VALUE') return limit;
    const asked = limit.value ?? USUAL_LIMIT;
    if (!WEIGHTS.has(String(asked))) return badDepthLimit(asked);
    const listed = exchange.listed(symbol.value);
    if (listed === undefined) return invalidSymbol();
    const book = listed.market.book(asked);
    if (book === undefined) return unavailable();
    return ok(depthBody(book, exchange.now()));
  },
};

/** Body of a depth snapshot. */
export function depthBody({ lastUpdateId, tsEvent, bids, asks }: BookView, nowTs: number): Record<string, unknown> {
  return { lastUpdateId, E: Math.max(nowTs, tsEvent), T: tsEvent, bids, asks };
}
