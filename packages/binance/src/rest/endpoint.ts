import type { HttpMethod } from '@helios/shared/runtime/http-client.ts';
import { isOfOtherSymbol } from '../wire/field-checks.ts';
import type { WireFault } from '../wire/wire-fault.ts';

/** One kind of REST request: its path, its weight, and the parser of its answer. */
export interface Endpoint<P, T> {
  /** GET if absent. */
  readonly method?: HttpMethod;
  /** Path after the base URL, e.g. `/fapi/v1/depth`. */
  readonly path: string;
  query(params: P): Readonly<Record<string, string | number | undefined>>;
  /** The request weight; if documentation and measurement differ, the larger. */
  weight(params: P): number;
  /** Parses the JSON of a 200. Never throws. */
  parse(json: unknown, params: P): T | WireFault;
}

/** Returns its argument; it only infers the types. */
export function defineEndpoint<P, T>(endpoint: Endpoint<P, T>): Endpoint<P, T> {
  return endpoint;
}

/** True if a parser returned a fault. */
export function isFault(value: unknown): value is WireFault {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'FAULT';
}

/** Path and query of a request. */
export function pathWithQuery<P>(endpoint: Endpoint<P, unknown>, params: P): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(endpoint.query(params))) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? endpoint.path : `${endpoint.path}?${query}`;
}

/**
 * Parses the rows of an account's list. Rows of symbols that Helios does not trade, such as those with other letters than A to Z, are
 * left out: they are not ours, and must not make the whole answer a fault.
 */
export function parseAccountRows<T>(
  message: string,
  json: unknown,
  parse: (row: unknown) => T | WireFault,
): readonly T[] | WireFault {
  const rows = Array.isArray(json) ? json.filter((row) => !isOfOtherSymbol(row, 'symbol')) : json;
  return parseEveryRow(message, rows, parse);
}

/** Parses each row of an array; one unreadable row makes the whole answer a fault. */
export function parseEveryRow<T>(
  message: string,
  json: unknown,
  parse: (row: unknown) => T | WireFault,
): readonly T[] | WireFault {
  if (!Array.isArray(json))
    return { kind: 'FAULT', code: 'BAD_FIELD', detail: `${message}: the answer is not an array` };
  const rows: T[] = [];
  for (const row of json) {
    const read = parse(row);
    if (isFault(read)) return read;
    rows.push(read);
  }
  return rows;
}
