import type { Candle } from '../market/candle.ts';
import { candleClose, isVenueInterval, type VenueInterval } from '../market/candle-times.ts';
import { type Endpoint, ok } from './endpoint.ts';
import { limitParameter, mandatorySymbol, wholeParameter } from './parameters.ts';
import { invalidInterval, invalidSymbol, missing, startAfterEnd } from './refusal.ts';

const USUAL_LIMIT = 500;
const MOST = 1_500;

/** `GET /fapi/v1/klines`: candles oldest first; the last one is open unless `endTime` leaves it out. */
export const klines: Endpoint = {
  method: 'GET',
  path: '/fapi/v1/klines',
  weight: klinesWeight,
  answer(query, exchange) {
    const symbol = mandatorySymbol(query);
    if (symbol.kind !== 'VALUE') return symbol;
    const interval = query.get('interval') ?? '';
    if (interval === '') return missing('interval');
    if (!isVenueInterval(interval)) return invalidInterval();
    const [limit, from, to] = [
      limitParameter(query, USUAL_LIMIT, MOST),
      wholeParameter(query, 'startTime'),
      wholeParameter(query, 'endTime'),
    ];
    if (limit.kind !== 'VALUE') return limit;
    if (from.kind !== 'VALUE') return from;
    if (to.kind !== 'VALUE') return to;
    const listed = exchange.listed(symbol.value);
    if (listed === undefined) return invalidSymbol();
    if (from.value !== undefined && to.value !== undefined && from.value > to.value) return startAfterEnd();
    listed.market.advanceCandles(exchange.now());
    const wanted = listed.market.candles
      .candles(interval)
      .filter(
        ({ openTs }) =>
          (from.value === undefined || openTs >= from.value) && (to.value === undefined || openTs <= to.value),
      );
    const rows = from.value === undefined ? wanted.slice(-limit.value) : wanted.slice(0, limit.value);
    return ok(rows.map((candle) => rowOf(candle, interval)));
  },
};

/** Measured at every edge: the bands are closed at the top, and no limit at all costs 5. */
function klinesWeight(query: URLSearchParams): number {
  const limit = query.get('limit');
  if (limit === null || limit === '') return 5;
  const asked = Number(limit);
  if (asked <= 100) return 1;
  if (asked <= 500) return 2;
  return asked <= 1_000 ? 5 : 10;
}

function rowOf(candle: Candle, interval: VenueInterval): readonly unknown[] {
  return [
    candle.openTs,
    candle.open,
    candle.high,
    candle.low,
    candle.close,
    candle.volume,
    candleClose(interval, candle.openTs),
    candle.quoteVolume,
    candle.trades,
    candle.takerVolume,
    candle.takerQuoteVolume,
    '0',
  ];
}
