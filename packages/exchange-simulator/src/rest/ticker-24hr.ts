import { mergerFields } from '../listing/contract.ts';
import type { Listed } from '../listing/listed.ts';
import { dayStatistics } from '../market/day-statistics.ts';
import { ok, type ServedEndpoint } from './endpoint.ts';
import { symbolParameter } from './parameters.ts';
import { invalidSymbol, unavailable } from './refusal.ts';

/** `GET /fapi/v1/ticker/24hr`: one symbol, or without `symbol` every TRADING symbol. */
export const ticker24hr: ServedEndpoint = {
  method: 'GET',
  path: '/fapi/v1/ticker/24hr',
  weight: (query) => (query.has('symbol') ? 1 : 40),
  answer(query, exchange) {
    const symbol = symbolParameter(query);
    if (symbol.kind !== 'VALUE') return symbol;
    const nowTs = exchange.now();
    if (symbol.value === undefined) {
      const trading = exchange.allListed().filter(({ contract }) => contract.status === 'TRADING');
      return ok(trading.flatMap((listed) => rowOf(listed, nowTs) ?? []));
    }
    const listed = exchange.listed(symbol.value);
    if (listed === undefined) return invalidSymbol();
    const row = rowOf(listed, nowTs);
    return row === undefined ? unavailable() : ok(row);
  },
};

function rowOf({ contract, market }: Listed, nowTs: number): Record<string, unknown> | undefined {
  const day = dayStatistics(market, nowTs);
  return day && { symbol: contract.symbol, ...day, ...mergerFields(contract) };
}
