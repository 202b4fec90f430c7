/** A client's id of its request; the answer repeats it. */
export type RequestId = number | string;

/** Refusal of a request over a stream connection. */
export interface StreamRefusal {
  readonly kind: 'REFUSED';
  readonly code: number;
  readonly msg: string;
  readonly id: RequestId | undefined;
}

/** A client's request over its connection. */
export type ClientRequest =
  | { readonly kind: 'SUBSCRIBE' | 'UNSUBSCRIBE'; readonly id: RequestId; readonly names: readonly string[] }
  | { readonly kind: 'LIST_SUBSCRIPTIONS'; readonly id: RequestId }
  | { readonly kind: 'SET_COMBINED'; readonly id: RequestId; readonly isCombined: boolean }
  | { readonly kind: 'GET_COMBINED'; readonly id: RequestId };

const METHODS = ['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS', 'SET_PROPERTY', 'GET_PROPERTY'];
const FIELDS = ['method', 'params', 'id'];

const refused = (code: number, msg: string, id?: RequestId): StreamRefusal => ({ kind: 'REFUSED', code, msg, id });
const invalid = (what: string, id?: RequestId): StreamRefusal => refused(2, `Invalid request: ${what}`, id);

export const tooManySubscriptions = (id: RequestId | undefined): StreamRefusal =>
  refused(4, 'Too many subscriptions', id);

/** Reads a client's message. Codes and texts as the venue documents them. */
export function readStreamRequest(text: string): ClientRequest | StreamRefusal {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refused(3, 'Invalid JSON: expected value at line 1 column 1');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return invalid('expected an object');
  const { method, params, id } = json as Record<string, unknown>;
  if (!isRequestId(id)) return invalid('request ID must be an unsigned integer');
  if (Object.keys(json).some((field) => !FIELDS.includes(field))) return invalid('too many parameters', id);
  if (method === undefined) return invalid(`missing field \`method\` at line 1 column ${text.length}`, id);
  if (typeof method !== 'string' || !METHODS.includes(method)) return invalid(unknownVariant(method), id);
  return readParams(method, params, id);
}

/** An id is a number or a text, for example 32 hex digits. */
function isRequestId(id: unknown): id is RequestId {
  return typeof id === 'string' || (Number.isSafeInteger(id) && (id as number) >= 0);
}

function readParams(method: string, params: unknown, id: RequestId): ClientRequest | StreamRefusal {
  if (method === 'LIST_SUBSCRIPTIONS') return { kind: method, id };
  const list: unknown[] = Array.isArray(params) ? params : [];
  if (method === 'SUBSCRIBE' || method === 'UNSUBSCRIBE') {
    const names = list.filter((name): name is string => typeof name === 'string');
    const isSound = names.length === list.length && list.length > 0;
    return isSound ? { kind: method, id, names } : invalid('params must be a list of stream names', id);
  }
  const [property, value] = list;
  if (typeof property !== 'string') return invalid('property name must be a string', id);
  if (property !== 'combined') return refused(0, 'Unknown property', id);
  if (method === 'GET_PROPERTY') return { kind: 'GET_COMBINED', id };
  if (typeof value !== 'boolean') return refused(1, 'Invalid value type: expected Boolean', id);
  return { kind: 'SET_COMBINED', id, isCombined: value };
}

function unknownVariant(method: unknown): string {
  const known = METHODS.map((name) => `\`${name}\``).join(', ');
  return `unknown variant \`${String(method)}\`, expected one of ${known} at line 1 column 28`;
}
