import { mergerFields } from '../listing/contract.ts';
import type { Listed } from '../listing/listed.ts';
import { ok, type ServedEndpoint } from './endpoint.ts';
import { symbolParameter } from './parameters.ts';
import { invalidSymbol, unavailable } from './refusal.ts';

/** `GET /fapi/v1/premiumIndex`: mark and index price with funding, of one symbol or of all, including COIN-M. */
export const premiumIndexEndpoint: ServedEndpoint = {
  method: 'GET',
  path: '/fapi/v1/premiumIndex',
  weight: (query) => (query.has('symbol') ? 1 : 10),
  answer(query, exchange) {
    const symbol = symbolParameter(query);
    if (symbol.kind !== 'VALUE') return symbol;
    const nowTs = exchange.now();
    if (symbol.value === undefined) {
      return ok(exchange.allListed().flatMap((listed) => rowOf(listed, nowTs) ?? []));
    }
    const listed = exchange.listed(symbol.value);
    if (listed === undefined) return invalidSymbol();
    const row = rowOf(listed, nowTs);
    return row === undefined ? unavailable() : ok(row);
  },
};

/** Only perpetuals have funding; for other contracts its fields are empty. */
function rowOf({ contract, market }: Listed, nowTs: number): Record<string, unknown> | undefined {
  const mark = market.mark(nowTs);
  if (mark === undefined) return undefined;
  const isPerpetual = contract.contractType.endsWith('PERPETUAL');
  return {
    symbol: contract.symbol,
    markPrice: mark.markPrice,
    indexPrice: mark.indexPrice,
    estimatedSettlePrice: mark.indexPrice,
    lastFundingRate: isPerpetual ? mark.fundingRate : '',
    interestRate: isPerpetual ? '0.00010000' : '',
    nextFundingTime: isPerpetual && contract.status === 'TRADING' ? mark.nextFundingTs : 0,
    time: nowTs - (nowTs % 1_000),
    ...mergerFields(contract),
  };
}
