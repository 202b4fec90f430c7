/** Why a request failed. */
export type Failure =
  | 'BAD_CREDENTIALS'
  /** The thing is missing or private; other things may be readable. */
  | 'CLOSED'
  /** Status 403: the thing is private, or Reddit blocks this program. */
  | 'FORBIDDEN'
  /** Reddit blocks this program. */
  | 'BLOCKED'
  | 'RATE_LIMITED'
  | 'SERVER_ERROR'
  | 'NOT_JSON'
  | 'TOO_LARGE'
  | 'TIMEOUT'
  | 'UNREACHABLE'
  | 'STOPPED';

/** The result of a request. */
export type RedditAnswer = { readonly kind: 'OK'; readonly body: unknown } | FailedAnswer;

export interface FailedAnswer {
  readonly kind: 'FAILED';
  readonly failure: Failure;
  /** What happened, as part of a sentence. */
  readonly detail: string;
  /** Pause that Reddit asks for, ms. */
  readonly retryAfterMs?: number;
}

export const failed = (failure: Failure, detail: string, retryAfterMs?: number): FailedAnswer => ({
  kind: 'FAILED',
  failure,
  detail,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
