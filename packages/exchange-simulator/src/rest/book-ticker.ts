import { mergerFields } from '../listing/contract.ts';
import type { Listed } from '../listing/listed.ts';
import { ok, type ServedEndpoint } from './endpoint.ts';
import { symbolParameter } from './parameters.ts';
import { invalidSymbol, unavailable } from './refusal.ts';

/** `GET /fapi/v1/ticker/bookTicker`: best bid and ask of one symbol or of all. Weights as documented. */
export const bookTicker: ServedEndpoint = {
  method: 'GET',
  path: '/fapi/v1/ticker/bookTicker',
  weight: (query) => (query.has('symbol') ? 2 : 5),
  answer(query, exchange) {
    const symbol = symbolParameter(query);
    if (symbol.kind !== 'VALUE') return symbol;
    if (symbol.value === undefined) return ok(exchange.allListed().flatMap((listed) => rowOf(listed) ?? []));
    const listed = exchange.listed(symbol.value);
    if (listed === undefined) return invalidSymbol();
    const row = rowOf(listed);
    return row === undefined ? unavailable() : ok(row);
  },
};

/** An empty side is written as 0. */
function rowOf({ contract, market }: Listed): Record<string, unknown> | undefined {
  const book = market.book(1);
  if (book === undefined) return undefined;
  const [bidPrice, bidQty] = book.bids[0] ?? ['0', '0'];
  const [askPrice, askQty] = book.asks[0] ?? ['0', '0'];
  return { symbol: contract.symbol, bidPrice, bidQty, askPrice, askQty, time: book.tsEvent, ...mergerFields(contract) };
}
