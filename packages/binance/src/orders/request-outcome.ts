import type { RestAnswer, RestFailure } from '../rest/rest-answer.ts';

/**
 * What is known after a request that changes something.
 *
 * DONE: the venue carried it out. REFUSED: the venue answered that it did not. NOT_SENT: the venue did not look at it, because of a
 * limit, a ban, overload or a block. UNKNOWN: it may or may not have been carried out. Only a query by id can tell; nobody may send
 * the request again before.
 */
export type RequestOutcome<T> =
  | { readonly kind: 'DONE'; readonly value: T; readonly tsSent: number; readonly tsReceived: number }
  | { readonly kind: 'REFUSED'; readonly code: number | undefined; readonly failure: RestFailure }
  | { readonly kind: 'NOT_SENT'; readonly failure: RestFailure }
  | { readonly kind: 'UNKNOWN'; readonly failure: RestFailure };

/** The venue lost the answer of its own back end: -1006 and -1007. Source: developers.binance.com, USDⓈ-M, Error Codes. */
const OUTCOME_UNKNOWN = new Set([-1006, -1007]);
/** The venue protects itself and did not look at the order. */
const OVERLOADED = -1008;

/** Judges an answer; only a clear word of the venue counts as a refusal. */
export function outcomeOf<T>(answer: RestAnswer<T>): RequestOutcome<T> {
  if (answer.kind === 'OK') {
    const { value, tsSent, tsReceived } = answer;
    return { kind: 'DONE', value, tsSent, tsReceived };
  }
  const { code, serverCode } = answer;
  if (serverCode === OVERLOADED || code === 'LIMITED' || code === 'BANNED' || code === 'GEO_BLOCKED')
    return { kind: 'NOT_SENT', failure: answer };
  if (code === 'REJECTED' && !(serverCode !== undefined && OUTCOME_UNKNOWN.has(serverCode)))
    return { kind: 'REFUSED', code: serverCode, failure: answer };
  return { kind: 'UNKNOWN', failure: answer };
}
