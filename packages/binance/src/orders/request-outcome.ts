import type { RestAnswer, RestFailure } from '../rest/rest-answer.ts';

/**
 * What is known after a request that changes something.
 *
 * DONE: the venue carried it out. REFUSED: the venue answered that it did not. NOT_SENT: the venue did not look at it, because of a
 * limit, a ban, overload, a block, a timestamp, or no connection. UNKNOWN: it may or may not have been carried out. Only a query by id
 * can tell; nobody may send the request again before.
 */
export type RequestOutcome<T> =
  | { readonly kind: 'DONE'; readonly value: T; readonly tsSent: number; readonly tsReceived: number }
  | { readonly kind: 'REFUSED'; readonly code: number | undefined; readonly failure: RestFailure }
  | { readonly kind: 'NOT_SENT'; readonly failure: RestFailure }
  | { readonly kind: 'UNKNOWN'; readonly failure: RestFailure };

/**
 * The venue lost the answer of its own back end (-1006, -1007) or failed in the middle (-1000, -1001). -4116: an order with this id is
 * open, so an earlier request was carried out. Source: developers.binance.com, USDⓈ-M, Error Codes.
 */
const OUTCOME_UNKNOWN: ReadonlySet<number | undefined> = new Set([-1000, -1001, -1006, -1007, -4116]);
/** The venue did not look at the order: -1008 overload, -1003 and -1015 limits, -1016 shutdown, -1021 timestamp. */
const NOT_LOOKED_AT: ReadonlySet<number | undefined> = new Set([-1003, -1008, -1015, -1016, -1021]);

/** Judges an answer; only a clear word of the venue counts as a refusal. */
export function outcomeOf<T>(answer: RestAnswer<T>): RequestOutcome<T> {
  if (answer.kind === 'OK') {
    const { value, tsSent, tsReceived } = answer;
    return { kind: 'DONE', value, tsSent, tsReceived };
  }
  const { code, serverCode, isUnsent } = answer;
  if (code === 'LIMITED' || code === 'BANNED' || code === 'GEO_BLOCKED') return { kind: 'NOT_SENT', failure: answer };
  if (isUnsent === true || NOT_LOOKED_AT.has(serverCode)) return { kind: 'NOT_SENT', failure: answer };
  if (code === 'REJECTED' && !OUTCOME_UNKNOWN.has(serverCode))
    return { kind: 'REFUSED', code: serverCode, failure: answer };
  return { kind: 'UNKNOWN', failure: answer };
}
