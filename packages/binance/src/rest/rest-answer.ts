/** Why a request came to nothing, from the worst to the mildest. */
export type RestFailureCode =
  /** 418: the address is banned for a while; every further request prolongs it. */
  | 'BANNED'
  /** 429: too many requests. */
  | 'LIMITED'
  /** 403: a web firewall turned the request away; 451: the server does not serve this country. */
  | 'GEO_BLOCKED'
  /** No answer: refused, timed out, broken off, or a 5xx. */
  | 'DOWN'
  /** An answer that is not what the server documents: HTML, cut JSON, another shape. */
  | 'GARBAGE'
  /** The server understood and said no, for example to a symbol it does not know. */
  | 'REJECTED';

/** A request that came to nothing, as a value: what happened, and what an operator can do. */
export interface RestFailure {
  readonly kind: 'FAILURE';
  readonly code: RestFailureCode;
  /** What was asked and what came back; one sentence. */
  readonly detail: string;
  readonly advice: string;
  readonly status?: number;
  /** The server's own error code, e.g. −1121. */
  readonly serverCode?: number;
  /** How long the server asked to be left alone, ms. */
  readonly retryAfterMs?: number;
}

export interface RestSuccess<T> {
  readonly kind: 'OK';
  readonly value: T;
  /** When the request went out and when its answer was complete; our clock, epoch ms. */
  readonly tsSent: number;
  readonly tsReceived: number;
}

export type RestAnswer<T> = RestSuccess<T> | RestFailure;
