/** Why a request brought nothing. */
export type Failure =
  | 'BAD_CREDENTIALS'
  /** There is no such thing, or it is private: other things may be read. */
  | 'CLOSED'
  /** Status 403: this is private, or we are turned away altogether. */
  | 'FORBIDDEN'
  /** We are turned away altogether. */
  | 'BLOCKED'
  | 'RATE_LIMITED'
  | 'SERVER_ERROR'
  | 'NOT_JSON'
  | 'TOO_LARGE'
  | 'TIMEOUT'
  | 'UNREACHABLE'
  | 'STOPPED';

/** What a request brought. */
export type RedditAnswer = { readonly kind: 'OK'; readonly body: unknown } | FailedAnswer;

export interface FailedAnswer {
  readonly kind: 'FAILED';
  readonly failure: Failure;
  /** One sentence part: what was seen. */
  readonly detail: string;
  /** How long Reddit asks to be left alone, ms. */
  readonly retryAfterMs?: number;
}

export const failed = (failure: Failure, detail: string, retryAfterMs?: number): FailedAnswer => ({
  kind: 'FAILED',
  failure,
  detail,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
