import { FaultBoard } from '@helios/exchange-simulator/faults/fault-board.ts';
import {
  type FaultyServer,
  type ServerPlace,
  startFaultyServer,
} from '@helios/exchange-simulator/http/faulty-server.ts';
import { RequestLog } from '@helios/exchange-simulator/limits/request-log.ts';
import { createTokens, RedditLimit, type RedditTokens } from './reddit-access.ts';
import { type ClosedSubreddit, redditAnswer } from './reddit-answers.ts';
import type { RedditPost } from './reddit-things.ts';

export interface RedditStart extends ServerPlace {
  readonly posts: readonly RedditPost[];
  /** Accepted credentials; default: `test-id` and `test-secret`. */
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Epoch ms; default: the machine's clock. Future posts are hidden. */
  readonly nowMs?: () => number;
  /** Requests per window of ten minutes; default 1,000. */
  readonly requestsPerWindow?: number;
  /** Lifetime of a token, s; default: a day, like the real site. */
  readonly tokenSec?: number;
  /** Unreadable subreddits, by name in lower case. */
  readonly closed?: Readonly<Record<string, ClosedSubreddit>>;
}

/** A running fake of Reddit, with tokens and data under one address. */
export interface RunningReddit extends FaultyServer {
  /** Replaces the posts. */
  setPosts(posts: readonly RedditPost[]): void;
  /** Revokes all tokens so far. */
  revokeTokens(): void;
}

/**
 * Serves `POST /api/v1/access_token`, `/r/{sub}/new|hot|rising`, `/comments/{id}` (also under `/r/{sub}`) and `/api/info`, with or without
 * `.json`. A client needs a token and its own user agent.
 */
export async function startReddit(options: RedditStart): Promise<RunningReddit> {
  const nowMs = options.nowMs ?? Date.now;
  const limit = new RedditLimit(options.requestsPerWindow ?? 1_000);
  const tokens: RedditTokens = createTokens(
    options.clientId ?? 'test-id',
    options.clientSecret ?? 'test-secret',
    options.tokenSec ?? 86_400,
  );
  const state = { posts: options.posts, closed: options.closed ?? {} };
  const site = {
    faults: new FaultBoard(),
    requests: new RequestLog(),
    now: nowMs,
    clock: nowMs,
    errors: (status: number) => (status >= 500 ? undefined : { message: `status ${status}`, error: status }),
    async answer(request: Parameters<typeof redditAnswer>[0], url: URL) {
      return { reply: await redditAnswer(request, url, { ...state, limit, tokens, nowMs: nowMs() }), weight: 1 };
    },
  };
  const server = await startFaultyServer(site, options);
  return {
    ...server,
    setPosts(posts) {
      state.posts = posts;
    },
    revokeTokens: () => tokens.revoke(),
  };
}
