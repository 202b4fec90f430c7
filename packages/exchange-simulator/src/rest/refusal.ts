/** The venue's “no”: an HTTP status and the body `{code, msg}`. Codes and wordings are the venue's, which clients match on. */
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
/** In the words of the venue's documentation: nobody here has seen the answer of the futures venue itself. */
export const sentTwice = (): Refusal => badRequest(-1101, 'Duplicate values for a parameter detected.');
export const missing = (name: string): Refusal =>
  badRequest(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);
export const illegalCharacters = (name: string): Refusal =>
  badRequest(-1100, `Illegal characters found in parameter '${name}'.`);
export const badValue = (name: string): Refusal => badRequest(-1130, `Data sent for parameter '${name}' is not valid.`);
/** A word that is not on the list; the codes of these lists differ from name to name. */
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
/** The venue says the same of a key it does not know, of an address that is not on its list and of a right it lacks. */
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
/** Too many requests of a kind that has a limit of its own, besides weight. */
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
/** No data yet: the source has not said anything about the symbol. */
export const unavailable = (): Refusal => ({
  kind: 'REFUSED',
  status: 503,
  code: -1008,
  msg: 'Server is currently overloaded with other requests. Please try again in a few minutes.',
});
