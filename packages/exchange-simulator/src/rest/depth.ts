import type { BookView } from '../market/served-book.ts';
import { ok, type ServedEndpoint } from './endpoint.ts';
import { mandatorySymbol, wholeParameter } from './parameters.ts';
import { badDepthLimit, invalidSymbol, unavailable } from './refusal.ts';

/** By limit as text; a map, for a limit such as “constructor” is found in every object. */
const WEIGHTS: ReadonlyMap<string, number> = new Map([
  ['5', 2],
  ['10', 2],
  ['20', 2],
  ['50', 2],
  ['100', 5],
  ['500', 10],
  ['1000', 20],
]);
/** Levels given where no limit was sent. */
const USUAL_LIMIT = 500;

/** `GET /fapi/v1/depth`: the book's best levels; `E` is now, `T` when they last changed. Weight as measured: 1 without a limit or with one that is none. */
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

/** A book as every snapshot shows it. */
export function depthBody({ lastUpdateId, tsEvent, bids, asks }: BookView, nowTs: number): Record<string, unknown> {
  return { lastUpdateId, E: Math.max(nowTs, tsEvent), T: tsEvent, bids, asks };
}
