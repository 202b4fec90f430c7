import type { HttpOutcome, PostingHttpClient } from '@helios/shared/runtime/http-client.ts';
import { z } from 'zod';
import { readRedditReply } from './read-reddit-reply.ts';
import { type FailedAnswer, failed, type RedditAnswer } from './reddit-answer.ts';
import type { RequestPace } from './request-pace.ts';

/** Time before its end at which a token is renewed. */
const RENEW_BEFORE_MS = 60_000;
const Token = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

export interface RedditAccess {
  readonly authUrl: string;
  readonly apiUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly userAgent: string;
  readonly timeoutMs: number;
}

/** Reads Reddit as an application, without a user (OAuth client credentials). */
export class RedditClient {
  readonly #access: RedditAccess;
  readonly #pace: RequestPace;
  readonly #now: () => number;
  readonly #http: PostingHttpClient;
  #token: { readonly text: string; readonly untilMs: number } | undefined;

  /** @param now wall clock, epoch ms */
  constructor(access: RedditAccess, pace: RequestPace, now: () => number, http: PostingHttpClient) {
    this.#access = access;
    this.#pace = pace;
    this.#now = now;
    this.#http = http;
  }

  /** The JSON of a path. Requests a new token once if Reddit refuses the present one. Never rejects. */
  async get(path: string, query: Readonly<Record<string, string>>): Promise<RedditAnswer> {
    const first = await this.#getOnce(path, query);
    const again = first.kind === 'FAILED' && first.failure === 'BAD_CREDENTIALS' && this.#token !== undefined;
    this.#token = again ? undefined : this.#token;
    const answer = again ? await this.#getOnce(path, query) : first;
    if (answer.kind === 'OK') this.#pace.onSuccess();
    else this.#pace.onFailure(answer.failure, this.#now(), answer.retryAfterMs);
    return answer;
  }

  async #getOnce(path: string, query: Readonly<Record<string, string>>): Promise<RedditAnswer> {
    const token = await this.#tokenInForce();
    if (typeof token !== 'string') return token;
    const { apiUrl, timeoutMs } = this.#access;
    const url = `${apiUrl}${path}?${new URLSearchParams({ raw_json: '1', ...query })}`;
    return this.#read(await this.#http.get(url, timeoutMs, this.#headers(`Bearer ${token}`)));
  }

  async #tokenInForce(): Promise<string | RedditAnswer> {
    if (this.#token && this.#now() < this.#token.untilMs) return this.#token.text;
    this.#token = undefined;
    const { authUrl, clientId, clientSecret, timeoutMs } = this.#access;
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    const headers = { ...this.#headers(`Basic ${basic}`), 'content-type': 'application/x-www-form-urlencoded' };
    const url = `${authUrl}/api/v1/access_token`;
    const answer = this.#read(await this.#http.post(url, timeoutMs, headers, 'grant_type=client_credentials'));
    if (answer.kind === 'FAILED') return refusedToken(answer);
    const token = Token.safeParse(answer.body);
    // Reddit answers some wrong credentials with status 200 and {"error": …}.
    if (!token.success) return failed('BAD_CREDENTIALS', 'an answer without a token');
    const { access_token, expires_in } = token.data;
    this.#token = { text: access_token, untilMs: this.#now() + expires_in * 1_000 - RENEW_BEFORE_MS };
    return access_token;
  }

  #headers(authorization: string): Record<string, string> {
    return { authorization, 'user-agent': this.#access.userAgent };
  }

  #read(outcome: HttpOutcome): RedditAnswer {
    if (outcome.headers) this.#pace.onHeaders(outcome.headers, this.#now());
    return readRedditReply(outcome);
  }
}

/** Failure of a token request. Nothing is private there: FORBIDDEN means that Reddit blocks this program, CLOSED that the credentials are wrong. */
function refusedToken(answer: FailedAnswer): FailedAnswer {
  if (answer.failure === 'FORBIDDEN') return failed('BLOCKED', answer.detail);
  return answer.failure === 'CLOSED' ? failed('BAD_CREDENTIALS', answer.detail) : answer;
}
