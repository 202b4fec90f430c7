import type { TapeAggregate } from '../market/trade-tape.ts';
import { sumOf } from '../market/venue-kline.ts';
import { ok, type ServedEndpoint } from './endpoint.ts';
import { limitParameter, mandatorySymbol, wholeParameter } from './parameters.ts';
import { invalidSymbol, startAfterEnd, tooOld } from './refusal.ts';

const WINDOW_MS = 48 * 3_600_000;

/** `GET /fapi/v1/aggTrades`: aggregate trades, oldest first; from an id, from a time, or the newest. */
export const aggTrades: ServedEndpoint = {
  method: 'GET',
  path: '/fapi/v1/aggTrades',
  weight: () => 20,
  answer(query, exchange) {
    const symbol = mandatorySymbol(query);
    if (symbol.kind !== 'VALUE') return symbol;
    const limit = limitParameter(query, 500, 1_000);
    if (limit.kind !== 'VALUE') return limit;
    const [fromId, from, to] = [
      wholeParameter(query, 'fromId'),
      wholeParameter(query, 'startTime'),
      wholeParameter(query, 'endTime'),
    ];
    if (fromId.kind !== 'VALUE') return fromId;
    if (from.kind !== 'VALUE') return from;
    if (to.kind !== 'VALUE') return to;
    const listed = exchange.listed(symbol.value);
    if (listed === undefined) return invalidSymbol();
    if (from.value !== undefined && from.value < exchange.now() - WINDOW_MS) return tooOld();
    if (from.value !== undefined && to.value !== undefined && from.value > to.value) return startAfterEnd();
    const wanted = listed.market.tape.aggregates.filter(
      (one) =>
        (fromId.value === undefined || one.id >= fromId.value) &&
        (from.value === undefined || one.time >= from.value) &&
        (to.value === undefined || one.time <= to.value),
    );
    const isFromStart = fromId.value !== undefined || from.value !== undefined;
    return ok((isFromStart ? wanted.slice(0, limit.value) : wanted.slice(-limit.value)).map(rowOf));
  },
};

function rowOf(aggregate: TapeAggregate): Record<string, unknown> {
  const q = sumOf(aggregate.trades.map(({ qty }) => qty));
  const { id, price, firstId, lastId, time, buyerIsMaker } = aggregate;
  return { a: id, p: price, q, nq: q, f: firstId, l: lastId, T: time, m: buyerIsMaker };
}
