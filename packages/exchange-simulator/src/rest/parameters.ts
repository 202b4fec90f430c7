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

/** Letters of any script: the venue lists symbols with Chinese names. */
const SYMBOL = /^[\p{L}\p{N}_.-]{1,40}$/u;
const WHOLE = /^\d{1,16}$/;

/** A parsed parameter, or the refusal of a bad one. */
export type Parameter<T> = { readonly kind: 'VALUE'; readonly value: T } | Refusal;

const value = <T>(of: T): Parameter<T> => ({ kind: 'VALUE', value: of });

/** `symbol` in upper case: the venue accepts both cases. */
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

/** A mandatory `symbol`, or `pair` of several contracts. */
export function mandatorySymbol(query: URLSearchParams, name: 'symbol' | 'pair' = 'symbol'): Parameter<string> {
  const symbol = symbolParameter(query, name);
  if (symbol.kind !== 'VALUE') return symbol;
  return symbol.value === undefined ? missing(name) : value(symbol.value);
}

/** An optional whole number such as a limit, an id or a time. */
export function wholeParameter(query: URLSearchParams, name: string): Parameter<number | undefined> {
  const text = query.get(name);
  if (text === null || text === '') return value(undefined);
  if (!WHOLE.test(text)) return illegalCharacters(name);
  return value(Number(text));
}

/** `limit` within 1..`most`; default `usual`. */
export function limitParameter(query: URLSearchParams, usual: number, most: number): Parameter<number> {
  const limit = wholeParameter(query, 'limit');
  if (limit.kind !== 'VALUE') return limit;
  const asked = limit.value ?? usual;
  return asked < 1 || asked > most ? badValue('limit') : value(asked);
}

/** Times from `startTime` to `endTime`, both inclusive; undefined if not sent. */
export interface TimeWindow {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** `startTime` and `endTime`; the start must not be later. */
export function windowParameters(query: URLSearchParams): Parameter<TimeWindow> {
  const from = wholeParameter(query, 'startTime');
  if (from.kind !== 'VALUE') return from;
  const to = wholeParameter(query, 'endTime');
  if (to.kind !== 'VALUE') return to;
  if (from.value !== undefined && to.value !== undefined && from.value > to.value) return startAfterEnd();
  return value({ from: from.value, to: to.value });
}

/** A mandatory `interval`. */
export function intervalParameter(query: URLSearchParams): Parameter<VenueInterval> {
  const interval = query.get('interval') ?? '';
  if (interval === '') return missing('interval');
  return isVenueInterval(interval) ? value(interval) : invalidInterval();
}

/** A mandatory word from a list. */
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
