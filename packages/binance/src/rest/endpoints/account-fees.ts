import { isLoose, isSignedDecimal, isSymbol } from '../../wire/field-checks.ts';
import { badField } from '../../wire/wire-fault.ts';
import { defineEndpoint } from '../endpoint.ts';

/** Fees of the account on a symbol; decimal strings, fractions of the value. */
export interface AccountFees {
  readonly symbol: string;
  readonly maker: string;
  readonly taker: string;
}

/** `GET /fapi/v1/commissionRate`, signed. Source: developers.binance.com, USDⓈ-M, User Commission Rate. */
export const accountFees = defineEndpoint<{ readonly symbol: string }, AccountFees>({
  path: '/fapi/v1/commissionRate',
  query: ({ symbol }) => ({ symbol }),
  weight: () => 20,
  parse(json) {
    if (!isLoose(json)) return badField('commissionRate', 'the answer', json);
    const { symbol, makerCommissionRate: maker, takerCommissionRate: taker } = json;
    if (!isSymbol(symbol)) return badField('commissionRate', 'symbol', symbol);
    if (!isSignedDecimal(maker)) return badField('commissionRate', 'makerCommissionRate', maker);
    if (!isSignedDecimal(taker)) return badField('commissionRate', 'takerCommissionRate', taker);
    return { symbol, maker, taker };
  },
});
