import { ok } from '../endpoint.ts';
import { mandatorySymbol, wholeParameter } from '../parameters.ts';
import { invalidSymbol, missing } from '../refusal.ts';
import { signedEndpoint } from './signed-endpoint.ts';

/** `POST /fapi/v1/countdownCancelAll`: cancels the orders of a contract unless it is called again in time; 0 stops it. */
export const countdownCancelAll = signedEndpoint({
  method: 'POST',
  path: '/fapi/v1/countdownCancelAll',
  weight: () => 10,
  answer: ({ query, account: { id: accountId }, trading }) => {
    const symbol = mandatorySymbol(query);
    if (symbol.kind !== 'VALUE') return symbol;
    const time = wholeParameter(query, 'countdownTime');
    if (time.kind !== 'VALUE') return time;
    if (time.value === undefined) return missing('countdownTime');
    if (trading.marketOf(symbol.value) === undefined) return invalidSymbol();
    if (time.value === 0) trading.countdowns.stop(accountId, symbol.value);
    else trading.countdowns.start({ accountId, symbol: symbol.value, dueTs: trading.now() + time.value });
    return ok({ symbol: symbol.value, countdownTime: String(time.value) });
  },
});
