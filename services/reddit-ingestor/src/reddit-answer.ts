/** Why a request brought nothing. */
export type Failure =
  | 'BAD_CREDENTIALS'
  | 'CLOSED'
  | 'RATE_LIMITED'
  | 'SERVER_ERROR'
  | 'NOT_JSON'
  | 'TOO_LARGE'
  | 'TIMEOUT'
  | 'UNREACHABLE'
  | 'STOPPED';

/** What a request brought. */
export type RedditAnswer =
  | { readonly kind: 'OK'; readonly body: unknown }
  | {
      readonly kind: 'FAILED';
      readonly failure: Failure;
      /** One sentence part: what was seen. */
      readonly detail: string;
      /** How long Reddit asks to be left alone, ms. */
      readonly retryAfterMs?: number;
    };

export const failed = (failure: Failure, detail: string, retryAfterMs?: number): RedditAnswer => ({
  kind: 'FAILED',
  failure,
  detail,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
