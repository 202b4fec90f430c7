import type { Exchange } from '../exchange.ts';
import { klineClose, type VenueInterval } from '../market/kline-times.ts';
import type { SymbolMarket } from '../market/symbol-market.ts';
import type { VenueKline } from '../market/venue-kline.ts';
import { type Answer, ok, type ServedEndpoint } from './endpoint.ts';
import {
  intervalParameter,
  limitParameter,
  mandatorySymbol,
  type Parameter,
  windowParameters,
  wordParameter,
} from './parameters.ts';
import { invalidSymbol } from './refusal.ts';

const USUAL_LIMIT = 500;
const MAX_LIMIT = 1_500;
const CONTRACT_TYPES = ['PERPETUAL', 'CURRENT_QUARTER', 'NEXT_QUARTER', 'TRADIFI_PERPETUAL'] as const;

/** Finds the market of a request; undefined if there is none. */
type Find = (query: URLSearchParams, exchange: Exchange) => Parameter<SymbolMarket | undefined>;
type RowOf = (kline: VenueKline, interval: VenueInterval) => readonly unknown[];

/** `GET /fapi/v1/klines`: klines, oldest first; the last one is open unless `endTime` excludes it. */
export const klinesEndpoint = klineEndpoint('klines', bySymbol, tradeRow);

/** `GET /fapi/v1/continuousKlines`: klines of a pair's present contract of a type. */
export const continuousKlines = klineEndpoint('continuousKlines', byPairAndType, tradeRow);

/** `GET /fapi/v1/markPriceKlines`: equal to the traded prices, because the simulator has no mark history. */
export const markPriceKlines = klineEndpoint('markPriceKlines', bySymbol, priceRow);

/** `GET /fapi/v1/indexPriceKlines`: like those of the mark price, from the pair's perpetual. */
export const indexPriceKlines = klineEndpoint('indexPriceKlines', byPair, priceRow);

/** `GET /fapi/v1/premiumIndexKlines`: mark over index; both are equal here. */
export const premiumIndexKlines = klineEndpoint('premiumIndexKlines', bySymbol, (kline, interval) =>
  priceRow({ ...kline, open: '0', high: '0', low: '0', close: '0' }, interval),
);

function klineEndpoint(name: string, find: Find, rowOf: RowOf): ServedEndpoint {
  return {
    method: 'GET',
    path: `/fapi/v1/${name}`,
    weight: klinesWeight,
    answer: (query, exchange) => answer(query, exchange, find, rowOf),
  };
}

function answer(query: URLSearchParams, exchange: Exchange, find: Find, rowOf: RowOf): Answer {
  const market = find(query, exchange);
  if (market.kind !== 'VALUE') return market;
  const interval = intervalParameter(query);
  if (interval.kind !== 'VALUE') return interval;
  const limit = limitParameter(query, USUAL_LIMIT, MAX_LIMIT);
  if (limit.kind !== 'VALUE') return limit;
  const window = windowParameters(query);
  if (window.kind !== 'VALUE') return window;
  if (market.value === undefined) return invalidSymbol();
  market.value.advanceKlines(exchange.now());
  const { from, to } = window.value;
  const wanted = market.value.klines
    .klines(interval.value)
    .filter(({ openTs }) => (from === undefined || openTs >= from) && (to === undefined || openTs <= to));
  const rows = from === undefined ? wanted.slice(-limit.value) : wanted.slice(0, limit.value);
  return ok(rows.map((kline) => rowOf(kline, interval.value)));
}

function bySymbol(query: URLSearchParams, exchange: Exchange): Parameter<SymbolMarket | undefined> {
  const symbol = mandatorySymbol(query);
  return symbol.kind === 'VALUE' ? { kind: 'VALUE', value: exchange.listed(symbol.value)?.market } : symbol;
}

function byPair(query: URLSearchParams, exchange: Exchange): Parameter<SymbolMarket | undefined> {
  const pair = mandatorySymbol(query, 'pair');
  return pair.kind === 'VALUE' ? { kind: 'VALUE', value: exchange.ofPair(pair.value)?.market } : pair;
}

function byPairAndType(query: URLSearchParams, exchange: Exchange): Parameter<SymbolMarket | undefined> {
  const pair = mandatorySymbol(query, 'pair');
  if (pair.kind !== 'VALUE') return pair;
  const type = wordParameter(query, 'contractType', CONTRACT_TYPES);
  if (type.kind !== 'VALUE') return type;
  return { kind: 'VALUE', value: exchange.ofPair(pair.value, type.value)?.market };
}

/** Measured at every edge: the upper edge belongs to its band, and a missing limit costs 5. */
function klinesWeight(query: URLSearchParams): number {
  const limit = query.get('limit');
  if (limit === null || limit === '') return 5;
  const asked = Number(limit);
  if (asked <= 100) return 1;
  if (asked <= 500) return 2;
  return asked <= 1_000 ? 5 : 10;
}

function tradeRow(kline: VenueKline, interval: VenueInterval): readonly unknown[] {
  return [
    kline.openTs,
    kline.open,
    kline.high,
    kline.low,
    kline.close,
    kline.volume,
    klineClose(interval, kline.openTs),
    kline.quoteVolume,
    kline.trades,
    kline.takerVolume,
    kline.takerQuoteVolume,
    '0',
  ];
}

/** A row of a price without trades: eight decimals, and zeros instead of volumes. */
function priceRow(kline: VenueKline, interval: VenueInterval): readonly unknown[] {
  const { openTs, open, high, low, close, trades } = kline;
  const prices = [open, high, low, close].map((price) => Number(price).toFixed(8));
  return [openTs, ...prices, '0', klineClose(interval, openTs), '0', trades, '0', '0', '0'];
}
