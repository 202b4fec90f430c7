import { defineEndpoint } from '../rest/endpoint.ts';
import { isLoose } from '../wire/field-checks.ts';
import { badField } from '../wire/wire-fault.ts';

/**
 * `POST /fapi/v1/countdownCancelAll`, signed: the venue cancels the orders of a symbol after `countdownMs` unless it is asked again; 0
 * stops the countdown. Whether it spares stops is not documented. Source: developers.binance.com, USDⓈ-M, Auto-Cancel All Open Orders.
 */
export const postCountdown = defineEndpoint<
  { readonly symbol: string; readonly countdownMs: number },
  { readonly symbol: string }
>({
  method: 'POST',
  path: '/fapi/v1/countdownCancelAll',
  query: ({ symbol, countdownMs }) => ({ symbol, countdownTime: countdownMs }),
  weight: () => 10,
  parse(json, { symbol }) {
    const named = isLoose(json) ? json['symbol'] : undefined;
    return named === symbol ? { symbol } : badField('countdownCancelAll', 'symbol', named);
  },
});
