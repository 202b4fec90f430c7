import type { Listed } from '../listing/listed.ts';
import { ok, type ServedEndpoint } from './endpoint.ts';
import { symbolParameter } from './parameters.ts';
import { invalidSymbol } from './refusal.ts';

/** `GET /fapi/v1/indexInfo`: parts of composite indexes; only contracts on an index have one. */
export const indexInfo: ServedEndpoint = {
  method: 'GET',
  path: '/fapi/v1/indexInfo',
  weight: () => 1,
  answer(query, exchange) {
    const symbol = symbolParameter(query);
    if (symbol.kind !== 'VALUE') return symbol;
    const indexes = exchange.allListed().filter(({ contract }) => contract.underlyingType === 'INDEX');
    if (symbol.value === undefined) return ok(indexes.map((one) => rowOf(one, exchange.now())));
    const found = indexes.find(({ contract }) => contract.symbol === symbol.value);
    return found === undefined ? invalidSymbol() : ok(rowOf(found, exchange.now()));
  },
};

/** Made up: two coins in equal parts. */
function rowOf({ contract }: Listed, nowTs: number): Record<string, unknown> {
  const baseAssetList = ['BTC', 'ETH'].map((baseAsset) => ({
    baseAsset,
    quoteAsset: contract.quoteAsset,
    weightInQuantity: '1.00000000',
    weightInPercentage: '0.50000000',
  }));
  return { symbol: contract.symbol, time: nowTs, component: 'baseAsset', baseAssetList };
}
