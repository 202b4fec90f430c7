import type { WireFault } from '../wire/wire-fault.ts';

/** One request of the public REST interface: what is sent, what it weighs, how its answer is read. */
export interface Endpoint<P, T> {
  /** Below the base URL, e.g. `/fapi/v1/depth`. */
  readonly path: string;
  query(params: P): Readonly<Record<string, string | number | undefined>>;
  /** What the venue counts for it; where documentation and measurement differ, the larger. */
  weight(params: P): number;
  /** Reads the JSON of a 200. Never throws. */
  parse(json: unknown, params: P): T | WireFault;
}

/** Types an endpoint; there is nothing else to it. */
export function defineEndpoint<P, T>(endpoint: Endpoint<P, T>): Endpoint<P, T> {
  return endpoint;
}

/** True where an answer could not be read. */
export function isFault(value: unknown): value is WireFault {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'FAULT';
}

/** Path with query as it is asked for. */
export function pathWithQuery<P>(endpoint: Endpoint<P, unknown>, params: P): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(endpoint.query(params))) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? endpoint.path : `${endpoint.path}?${query}`;
}

/** Reads each row of an array; the first that cannot be read spoils the answer. */
export function parseEveryRow<T>(
  message: string,
  json: unknown,
  parse: (row: unknown) => T | WireFault,
): readonly T[] | WireFault {
  if (!Array.isArray(json)) return { kind: 'FAULT', code: 'BAD_FIELD', detail: `${message}: the answer is no array` };
  const rows: T[] = [];
  for (const row of json) {
    const read = parse(row);
    if (isFault(read)) return read;
    rows.push(read);
  }
  return rows;
}
