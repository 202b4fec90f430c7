import { ok, type ServedEndpoint } from './endpoint.ts';
import { limitParameter, mandatorySymbol, wholeParameter } from './parameters.ts';
import { invalidSymbol } from './refusal.ts';
import { calledBy } from './signature.ts';
import { tradeRow } from './trades.ts';

/** `GET /fapi/v1/historicalTrades`: trades from an id on, or the newest; needs a key, but no signature. */
export const historicalTrades: ServedEndpoint = {
  method: 'GET',
  path: '/fapi/v1/historicalTrades',
  weight: () => 200,
  answer(query, exchange, sent) {
    const caller = calledBy(exchange, sent);
    if (caller.kind !== 'CALLER') return caller;
    const symbol = mandatorySymbol(query);
    if (symbol.kind !== 'VALUE') return symbol;
    const limit = limitParameter(query, 100, 500);
    if (limit.kind !== 'VALUE') return limit;
    const fromId = wholeParameter(query, 'fromId');
    if (fromId.kind !== 'VALUE') return fromId;
    const listed = exchange.listed(symbol.value);
    if (listed === undefined) return invalidSymbol();
    const { trades } = listed.market.tape;
    const from = fromId.value;
    const rows =
      from === undefined ? trades.slice(-limit.value) : trades.filter(({ id }) => id >= from).slice(0, limit.value);
    return ok(rows.map(tradeRow));
  },
};
