/** JSON.rawJSON, and the third argument of a reviver: TypeScript's library does not know them yet. */
const { rawJSON } = JSON as typeof JSON & { rawJSON(text: string): unknown };
const parse = JSON.parse as (
  text: string,
  revive: (name: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown;

/** A number of a request as its client wrote it: `0.10` stays `0.10`, and an id above 2^53 keeps its digits. */
class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): unknown {
    return rawJSON(this.text);
  }
}

/** One request of the WebSocket API. */
export interface WsRequest {
  readonly kind: 'REQUEST';
  /** The id as JSON text; the answer repeats it unchanged. */
  readonly id: string;
  readonly method: string;
  /** Parameters as texts, as the client wrote them. */
  readonly params: ReadonlyMap<string, string>;
}

/** A message that is no request: its id as JSON text, if it has one, and what is wrong. */
export interface BadWsRequest {
  readonly kind: 'BAD';
  readonly id: string;
  readonly problem: 'NO_JSON' | 'NO_METHOD' | 'BAD_PARAMS';
}

const NO_ID = 'null';

/** Reads a message of a client. */
export function readWsRequest(text: string): WsRequest | BadWsRequest {
  let json: unknown;
  try {
    json = parse(text, (_, value, { source }) =>
      typeof value === 'number' ? new NumberText(source ?? String(value)) : value,
    );
  } catch {
    return { kind: 'BAD', id: NO_ID, problem: 'NO_JSON' };
  }
  if (!isObject(json)) return { kind: 'BAD', id: NO_ID, problem: 'NO_JSON' };
  const { id, method, params = {} } = json;
  const echoed = typeof id === 'string' || id instanceof NumberText ? JSON.stringify(id) : NO_ID;
  if (typeof method !== 'string') return { kind: 'BAD', id: echoed, problem: 'NO_METHOD' };
  if (!isObject(params)) return { kind: 'BAD', id: echoed, problem: 'BAD_PARAMS' };
  const texts = Object.entries(params).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[name, textOf(value)]],
  );
  return { kind: 'REQUEST', id: echoed, method, params: new Map(texts) };
}

/** The signed text: all parameters but the signature, sorted by name. */
export function signedTextOf(params: ReadonlyMap<string, string>): string {
  return [...params]
    .filter(([name]) => name !== 'signature')
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function textOf(value: unknown): string {
  if (value instanceof NumberText) return value.text;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText);
}
