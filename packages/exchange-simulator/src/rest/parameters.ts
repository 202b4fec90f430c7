import { badValue, illegalCharacters, missing, type Refusal } from './refusal.ts';

/** Letters of any script: the venue lists symbols in Chinese. */
const SYMBOL = /^[\p{L}\p{N}_.-]{1,40}$/u;
const WHOLE = /^\d{1,16}$/;

/** A parameter as asked for; undefined where it was not sent. */
export type Parameter<T> = { readonly kind: 'VALUE'; readonly value: T } | Refusal;

const value = <T>(of: T): Parameter<T> => ({ kind: 'VALUE', value: of });

/** `symbol`, upper case: the venue takes both. */
export function symbolParameter(query: URLSearchParams): Parameter<string | undefined> {
  const text = query.get('symbol');
  if (text === null) return value(undefined);
  if (text === '') return missing('symbol');
  if (!SYMBOL.test(text)) return illegalCharacters('symbol');
  return value(text.toUpperCase());
}

/** `symbol` where it has to be sent. */
export function mandatorySymbol(query: URLSearchParams): Parameter<string> {
  const symbol = symbolParameter(query);
  if (symbol.kind !== 'VALUE') return symbol;
  return symbol.value === undefined ? missing('symbol') : value(symbol.value);
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
