import type { Exchange } from '../exchange.ts';
import { mergerFields } from '../listing/contract.ts';
import type { Listed } from '../listing/listed.ts';
import { type Answer, ok, type ServedEndpoint } from './endpoint.ts';
import { symbolParameter } from './parameters.ts';
import { invalidSymbol, unavailable } from './refusal.ts';

/** `GET /fapi/v1/ticker/price` and its v2: the last price of one symbol or of all. */
export const [tickerPrice, tickerPriceV2] = [1, 2].map(
  (version): ServedEndpoint => ({
    method: 'GET',
    path: `/fapi/v${version}/ticker/price`,
    weight: (query) => (query.has('symbol') ? 1 : 2),
    answer,
  }),
) as [ServedEndpoint, ServedEndpoint];

function answer(query: URLSearchParams, exchange: Exchange): Answer {
  const symbol = symbolParameter(query);
  if (symbol.kind !== 'VALUE') return symbol;
  const nowTs = exchange.now();
  if (symbol.value === undefined) return ok(exchange.allListed().flatMap((listed) => rowOf(listed, nowTs) ?? []));
  const listed = exchange.listed(symbol.value);
  if (listed === undefined) return invalidSymbol();
  const row = rowOf(listed, nowTs);
  return row === undefined ? unavailable() : ok(row);
}

/** Before the first trade the row has the mid price and the present time. */
function rowOf({ contract, market }: Listed, nowTs: number): Record<string, unknown> | undefined {
  const price = market.lastPrice;
  if (price === undefined) return undefined;
  return { symbol: contract.symbol, price, time: market.tape.last?.time ?? nowTs, ...mergerFields(contract) };
}
