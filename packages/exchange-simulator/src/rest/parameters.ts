import { isVenueInterval, type VenueInterval } from '../market/kline-times.ts';
import {
  badEnum,
  badValue,
  illegalCharacters,
  invalidInterval,
  missing,
  type Refusal,
  startAfterEnd,
} from './refusal.ts';

/** Letters of any script: the venue lists symbols in Chinese. */
const SYMBOL = /^[\p{L}\p{N}_.-]{1,40}$/u;
const WHOLE = /^\d{1,16}$/;

/** A parameter as asked for; undefined where it was not sent. */
export type Parameter<T> = { readonly kind: 'VALUE'; readonly value: T } | Refusal;

const value = <T>(of: T): Parameter<T> => ({ kind: 'VALUE', value: of });

/** `symbol`, upper case: the venue takes both. */
export function symbolParameter(
  query: URLSearchParams,
  name: 'symbol' | 'pair' = 'symbol',
): Parameter<string | undefined> {
  const text = query.get(name);
  if (text === null) return value(undefined);
  if (text === '') return missing(name);
  if (!SYMBOL.test(text)) return illegalCharacters(name);
  return value(text.toUpperCase());
}

/** `symbol`, or the `pair` of several contracts, where it has to be sent. */
export function mandatorySymbol(query: URLSearchParams, name: 'symbol' | 'pair' = 'symbol'): Parameter<string> {
  const symbol = symbolParameter(query, name);
  if (symbol.kind !== 'VALUE') return symbol;
  return symbol.value === undefined ? missing(name) : value(symbol.value);
}

/** A whole number such as a limit, an id or a time. */
export function wholeParameter(query: URLSearchParams, name: string): Parameter<number | undefined> {
  const text = query.get(name);
  if (text === null || text === '') return value(undefined);
  if (!WHOLE.test(text)) return illegalCharacters(name);
  return value(Number(text));
}

/** `limit` within 1..`most`; `usual` where it was not sent. */
export function limitParameter(query: URLSearchParams, usual: number, most: number): Parameter<number> {
  const limit = wholeParameter(query, 'limit');
  if (limit.kind !== 'VALUE') return limit;
  const asked = limit.value ?? usual;
  return asked < 1 || asked > most ? badValue('limit') : value(asked);
}

/** Times from `startTime` to `endTime`, both included; each undefined where it was not sent. */
export interface TimeWindow {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** `startTime` and `endTime`, in this order. */
export function windowParameters(query: URLSearchParams): Parameter<TimeWindow> {
  const from = wholeParameter(query, 'startTime');
  if (from.kind !== 'VALUE') return from;
  const to = wholeParameter(query, 'endTime');
  if (to.kind !== 'VALUE') return to;
  if (from.value !== undefined && to.value !== undefined && from.value > to.value) return startAfterEnd();
  return value({ from: from.value, to: to.value });
}

/** `interval`, which has to be sent. */
export function intervalParameter(query: URLSearchParams): Parameter<VenueInterval> {
  const interval = query.get('interval') ?? '';
  if (interval === '') return missing('interval');
  return isVenueInterval(interval) ? value(interval) : invalidInterval();
}

/** A word out of a list, which has to be sent. */
export function wordParameter<W extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly W[],
): Parameter<W> {
  const text = query.get(name) ?? '';
  if (text === '') return missing(name);
  const word = words.find((one) => one === text);
  return word === undefined ? badEnum(name) : value(word);
}
