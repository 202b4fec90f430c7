/** Why a request failed, from the worst to the mildest. */
export type RestFailureCode =
  /** 418: the venue has banned the address for a time; every further request prolongs the ban. */
  | 'BANNED'
  /** 429: too many requests. */
  | 'LIMITED'
  /** 403: a web firewall blocked the request; 451: the server does not serve this country. */
  | 'GEO_BLOCKED'
  /** No answer: connection refused, timed out or broken off, or a 5xx. */
  | 'DOWN'
  /** An answer that differs from the documentation: HTML, cut JSON, another format. */
  | 'GARBAGE'
  /** The server refused a readable request, for example for an unknown symbol. */
  | 'REJECTED';

/** A failed request as a value: what happened, and what an operator can do. */
export interface RestFailure {
  readonly kind: 'FAILURE';
  readonly code: RestFailureCode;
  /** The request and its result, in one sentence. */
  readonly detail: string;
  readonly advice: string;
  readonly status?: number;
  /** The server's own error code, e.g. −1121. */
  readonly serverCode?: number;
  /** True if the server certainly did not get the request. */
  readonly isUnsent?: true;
  /** Wait that the server demands, ms. */
  readonly retryAfterMs?: number;
}

export interface RestSuccess<T> {
  readonly kind: 'OK';
  readonly value: T;
  /** Send time of the request, and receive time of its complete answer; our clock, epoch ms. */
  readonly tsSent: number;
  readonly tsReceived: number;
}

export type RestAnswer<T> = RestSuccess<T> | RestFailure;
