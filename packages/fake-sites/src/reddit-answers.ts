import type { IncomingMessage } from 'node:http';
import { jsonReply, type Reply } from '@helios/exchange-simulator/http/reply.ts';
import type { RedditLimit, RedditTokens } from './reddit-access.ts';
import {
  commentThing,
  fullName,
  listing,
  moreThing,
  postThing,
  type RedditComment,
  type RedditPost,
  type Thing,
} from './reddit-things.ts';

/** Why a subreddit is not readable. */
export type ClosedSubreddit = 'private' | 'quarantined' | 'banned';

/** State for the answers. */
export interface RedditState {
  readonly posts: readonly RedditPost[];
  readonly closed: Readonly<Record<string, ClosedSubreddit>>;
  readonly limit: RedditLimit;
  readonly tokens: RedditTokens;
  readonly nowMs: number;
}

const MAX_PER_PAGE = 100;
const USUAL_PER_PAGE = 25;
const USUAL_COMMENTS = 200;

/** Default user agents of HTTP libraries; the site refuses them. */
const COMMON_AGENTS = /^(node|undici|python-requests.*|axios.*)?$/i;

const refusal = (status: number, message: string, more = {}): Reply =>
  jsonReply(status, { message, error: status, ...more });

/** Answers one request, from the check of the user agent to the listing. */
export async function redditAnswer(request: IncomingMessage, url: URL, state: RedditState): Promise<Reply> {
  const { authorization } = request.headers;
  const agent = request.headers['user-agent'] ?? '';
  if (COMMON_AGENTS.test(agent)) return refusal(429, 'Too Many Requests');
  const path = url.pathname.replace(/\.json$/, '').replace(/\/$/, '');
  if (path === '/api/v1/access_token') return token(request, state);
  if (!state.tokens.isGood(authorization, state.nowMs)) return refusal(401, 'Unauthorized');
  const { isOver, headers } = state.limit.count(state.nowMs);
  if (isOver) return { ...refusal(429, 'Too Many Requests'), headers };
  const reply = data(path, url.searchParams, state);
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

async function token(request: IncomingMessage, state: RedditState): Promise<Reply> {
  if (request.method !== 'POST') return refusal(405, 'Method Not Allowed');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
  const given = state.tokens.give(request.headers.authorization, state.nowMs);
  if (given === undefined) return refusal(401, 'Unauthorized');
  if (form.get('grant_type') !== 'client_credentials') return jsonReply(400, { error: 'unsupported_grant_type' });
  return jsonReply(200, given);
}

function data(path: string, query: URLSearchParams, state: RedditState): Reply {
  const [, subreddit, rest] = /^\/r\/([^/]+)\/(.+)$/.exec(path) ?? [undefined, undefined, path.slice(1)];
  const closed = subreddit === undefined ? undefined : ownEntry(state.closed, subreddit.toLowerCase());
  if (closed === 'banned') return refusal(404, 'Not Found', { reason: 'banned' });
  if (closed !== undefined) return refusal(403, 'Forbidden', { reason: closed });
  const written = state.posts.filter((post) => post.created_utc * 1_000 <= state.nowMs);
  const comments = /^comments\/([^/]+)/.exec(rest ?? '')?.[1];
  if (comments !== undefined) return commentsOf(written, comments, query);
  if (rest === 'api/info') return info(written, query);
  const order = ownEntry(ORDERS, rest ?? '');
  if (subreddit === undefined || order === undefined) return refusal(404, 'Not Found');
  const names = subreddit.toLowerCase().split('+');
  const own = written.filter((post) => names.includes(post.subreddit.toLowerCase()) && isListed(post));
  return page(order(own, state.nowMs), query);
}

/** The entry of a name from the wire. Ignores properties of every object, such as “constructor”. */
function ownEntry<T>(entries: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}

/** True if listings show the post. They omit deleted posts, but `info` still finds them by name. */
function isListed({ deleted }: RedditPost): boolean {
  return deleted === undefined || deleted === 'account';
}

/** The site's ranking by score and age: ten times the score equals 45,000 seconds. */
function hotRank(post: RedditPost): number {
  const size = Math.log10(Math.max(1, Math.abs(post.score)));
  return Math.sign(post.score) * size + post.created_utc / 45_000;
}

type Order = (posts: readonly RedditPost[], nowMs: number) => readonly RedditPost[];

const ORDERS: Readonly<Record<string, Order>> = {
  new: (posts) => posts.toSorted((a, b) => b.created_utc - a.created_utc),
  hot: (posts) =>
    posts.toSorted((a, b) => Number(b.stickied ?? false) - Number(a.stickied ?? false) || hotRank(b) - hotRank(a)),
  rising: (posts, nowMs) => {
    const pace = (post: RedditPost): number => post.score / Math.max(600, nowMs / 1_000 - post.created_utc);
    return posts.toSorted((a, b) => pace(b) - pace(a));
  },
};

const isRaw = (query: URLSearchParams): boolean => query.get('raw_json') === '1';

/** The page after the post `after`; empty if that post is gone. */
function page(posts: readonly RedditPost[], query: URLSearchParams): Reply {
  const asked = Number(query.get('limit') ?? USUAL_PER_PAGE);
  const size = Math.min(MAX_PER_PAGE, asked >= 1 ? Math.floor(asked) : USUAL_PER_PAGE);
  const after = query.get('after');
  const at = after === null || after === '' ? 0 : posts.findIndex((post) => fullName(post) === after) + 1;
  const from = after !== null && after !== '' && at === 0 ? posts.length : at;
  const shown = posts.slice(from, from + size);
  const last = shown.at(-1);
  const next = last !== undefined && from + size < posts.length ? fullName(last) : null;
  return jsonReply(
    200,
    listing(
      shown.map((post) => postThing(post, isRaw(query))),
      next,
    ),
  );
}

function commentsOf(posts: readonly RedditPost[], id: string, query: URLSearchParams): Reply {
  const post = posts.find((one) => one.id === id);
  if (post === undefined) return refusal(404, 'Not Found');
  const limit = Number(query.get('limit') ?? USUAL_COMMENTS);
  const all = post.comments ?? [];
  const shown: Thing[] = all.slice(0, limit).map((comment) => commentThing(comment, post, isRaw(query)));
  const rest = all.slice(limit).map((comment) => comment.id);
  if (rest.length > 0) shown.push(moreThing(rest, post));
  return jsonReply(200, [listing([postThing(post, isRaw(query))], null), listing(shown, null)]);
}

/** `/api/info?id=t3_a,t1_b`: the existing ones of these posts and comments. */
function info(posts: readonly RedditPost[], query: URLSearchParams): Reply {
  const names = new Set((query.get('id') ?? '').split(',').slice(0, MAX_PER_PAGE));
  const found = posts.flatMap((post) => [
    ...(names.has(fullName(post)) ? [postThing(post, isRaw(query))] : []),
    ...allComments(post.comments ?? [])
      .filter(({ id }) => names.has(`t1_${id}`))
      .map((comment) => commentThing({ ...comment, replies: [] }, post, isRaw(query))),
  ]);
  return jsonReply(200, listing(found, null));
}

function allComments(comments: readonly RedditComment[]): RedditComment[] {
  return comments.flatMap((comment) => [comment, ...allComments(comment.replies ?? [])]);
}
