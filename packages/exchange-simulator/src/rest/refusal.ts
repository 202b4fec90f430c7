/** A refusal of the venue: an HTTP status and the body `{code, msg}`. Clients match on the venue's codes and texts. */
export interface Refusal {
  readonly kind: 'REFUSED';
  readonly status: number;
  readonly code: number;
  readonly msg: string;
}

const badRequest = (code: number, msg: string): Refusal => ({ kind: 'REFUSED', status: 400, code, msg });

export const invalidSymbol = (): Refusal => badRequest(-1121, 'Invalid symbol.');
export const invalidInterval = (): Refusal => badRequest(-1120, 'Invalid interval.');
export const badDepthLimit = (limit: number): Refusal => badRequest(-4021, `${limit} is not valid depth limit`);
export const tooOld = (): Refusal => badRequest(-4166, 'Search window is restricted to recent 2 days only.');
export const startAfterEnd = (): Refusal => badRequest(-4059, 'Start time is greater than end time.');
/** Text from the venue's documentation; not yet seen from the futures venue itself. */
export const sentTwice = (): Refusal => badRequest(-1101, 'Duplicate values for a parameter detected.');
export const missing = (name: string): Refusal =>
  badRequest(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);
export const illegalCharacters = (name: string): Refusal =>
  badRequest(-1100, `Illegal characters found in parameter '${name}'.`);
export const badValue = (name: string): Refusal => badRequest(-1130, `Data sent for parameter '${name}' is not valid.`);
/** A word outside the list; the code depends on the parameter. */
export const badEnum = (name: string): Refusal =>
  name === 'contractType' ? badRequest(-4088, 'Invalid contractType.') : badValue(name);
export const badTimestamp = (): Refusal =>
  badRequest(-1021, 'Timestamp for this request is outside of the recvWindow.');
export const aheadOfTime = (): Refusal =>
  badRequest(-1021, "Timestamp for this request was 1000ms ahead of the server's time.");
export const badSignature = (): Refusal => badRequest(-1022, 'Signature for this request is not valid.');
export const badKeyFormat = (): Refusal => ({
  kind: 'REFUSED',
  status: 401,
  code: -2014,
  msg: 'API-key format invalid.',
});
/** The venue answers the same for an unknown key, a blocked address and a missing permission. */
export const unknownKey = (): Refusal => ({
  kind: 'REFUSED',
  status: 401,
  code: -2015,
  msg: 'Invalid API-key, IP, or permissions for action, request ip: 127.0.0.1',
});

export const unknownPath = (method: string, path: string): Refusal => ({
  kind: 'REFUSED',
  status: 404,
  code: -5000,
  msg: `Path ${path}, Method ${method} is invalid`,
});
/** No documented text: the venue's gateway answers before the venue. */
export const tooLarge = (): Refusal => ({
  kind: 'REFUSED',
  status: 413,
  code: -1130,
  msg: 'Request body is too large.',
});
/** Too many requests of a pool with a separate limit. */
export const tooManyOfPool = (limit: number): Refusal => ({
  kind: 'REFUSED',
  status: 429,
  code: -1003,
  msg: `Too many requests; current limit of IP(127.0.0.1) is ${limit} requests per 5 minutes.`,
});
export const tooManyRequests = (limit: number): Refusal => ({
  kind: 'REFUSED',
  status: 429,
  code: -1003,
  msg: `Too many requests; current limit of IP(127.0.0.1) is ${limit} requests per minute. Please use the websocket for live updates to avoid polling the API.`,
});
export const banned = (untilMs: number): Refusal => ({
  kind: 'REFUSED',
  status: 418,
  code: -1003,
  msg: `Way too many requests; IP(127.0.0.1) banned until ${untilMs}. Please use the websocket for live updates to avoid bans.`,
});
/** The source has no data for the symbol yet. */
export const unavailable = (): Refusal => ({
  kind: 'REFUSED',
  status: 503,
  code: -1008,
  msg: 'Server is currently overloaded with other requests. Please try again in a few minutes.',
});
/** The documented text of an overload, which spares orders that reduce a position. */
export const throttled = (): Refusal => ({
  kind: 'REFUSED',
  status: 503,
  code: -1008,
  msg: 'Request throttled by system-level protection. Reduce-only/close-position orders are exempt. Please try again.',
});
