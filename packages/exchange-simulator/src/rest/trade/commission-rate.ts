import { scaledText } from '@helios/core/matching/money.ts';
import { withoutEndZeros } from '@helios/core/price/decimal-text.ts';
import { ok } from '../endpoint.ts';
import { listedSymbol } from './asked-symbol.ts';
import { signedEndpoint } from './signed-endpoint.ts';

/** Decimals of a rate in units of 1e-6. */
const DECIMALS = 6;

/** `GET /fapi/v1/commissionRate`. */
export const commissionRate = signedEndpoint({
  method: 'GET',
  path: '/fapi/v1/commissionRate',
  weight: () => 20,
  answer: ({ query, account, exchange }) => {
    const symbol = listedSymbol(query, exchange);
    if (symbol.kind !== 'VALUE') return symbol;
    return ok({
      symbol: symbol.value,
      makerCommissionRate: withoutEndZeros(scaledText(account.rates.maker, DECIMALS)),
      takerCommissionRate: withoutEndZeros(scaledText(account.rates.taker, DECIMALS)),
      rpiCommissionRate: '0.00005',
    });
  },
});
