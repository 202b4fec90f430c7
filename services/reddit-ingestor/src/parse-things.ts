import type { RawItem } from '@helios/sentiment/state/intake.ts';
import { z } from 'zod';
import { CreatedUtc, RedditId, RedditName } from './reddit-fields.ts';

/** Maximum depth of replies that are read. */
const DEEPEST = 5;
/** Maximum plausible number of votes or comments. */
const count = z.number().finite().transform(Math.round).catch(0);
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

const Post = z.object({
  id: RedditId,
  subreddit: z.string(),
  title: z.string(),
  selftext: text,
  created_utc: CreatedUtc,
  author: text,
  score: count,
  num_comments: count.transform((value) => Math.max(0, value)),
  removed_by_category: z.string().nullish(),
});

const Comment = z.object({
  id: RedditId,
  subreddit: z.string(),
  link_id: RedditName,
  body: z.string(),
  created_utc: CreatedUtc,
  author: text,
  score: count,
  replies: z.unknown(),
});

/** The text of an item that its author or a moderator deleted. */
const GONE = /^\[(?:deleted|removed)(?: by user)?\]$/i;

const Thing = z.object({ kind: z.string(), data: z.unknown() });
const Listing = z.object({
  kind: z.literal('Listing'),
  data: z.object({ children: z.array(z.unknown()), after: z.string().nullish() }),
});

/** The readable items of a page. */
export interface Things {
  readonly items: readonly RawItem[];
  /** Start of the next page. */
  readonly after: string | undefined;
  /** Number of malformed things. */
  readonly malformed: number;
}

const NOTHING: Things = { items: [], after: undefined, malformed: 1 };

/** Posts of a listing. Malformed things are counted and skipped. */
export function parsePosts(body: unknown): Things {
  return parseListing(body, postOf);
}

/** Posts and comments that were requested by name. */
export function parseNamed(body: unknown): Things {
  return parseListing(body, (child) => postOf(child) ?? commentOf(child)?.item);
}

function parseListing(body: unknown, itemOf: (child: unknown) => RawItem | undefined): Things {
  const listing = Listing.safeParse(body);
  if (!listing.success) return NOTHING;
  const { children, after } = listing.data.data;
  const items = children.map(itemOf);
  return {
    items: items.filter((item) => item !== undefined),
    after: after ?? undefined,
    malformed: items.filter((item) => item === undefined).length,
  };
}

/** Comments of a thread, as deep as they are read: the second of the two listings of a thread's answer. */
export function parseComments(body: unknown): Things {
  if (!Array.isArray(body) || body.length < 2) return NOTHING;
  const found = { items: [] as RawItem[], malformed: 0 };
  collect(body[1], 0, found);
  return { ...found, after: undefined };
}

function postOf(child: unknown): RawItem | undefined {
  const thing = Thing.safeParse(child);
  const post = thing.success && thing.data.kind === 't3' ? Post.safeParse(thing.data.data) : undefined;
  if (!post?.success) return undefined;
  const { data } = post;
  const gone = GONE.test(data.title) || GONE.test(data.selftext);
  const removed = gone || data.removed_by_category != null;
  return {
    id: `t3_${data.id}`,
    thread: `t3_${data.id}`,
    createdTs: data.created_utc * 1_000,
    subreddit: data.subreddit,
    title: removed ? '[deleted]' : data.title,
    body: removed ? '' : data.selftext,
    author: authorOf(data.author),
    upvotes: data.score,
    comments: data.num_comments,
  };
}

function collect(listing: unknown, depth: number, found: { items: RawItem[]; malformed: number }): void {
  const parsed = Listing.safeParse(listing);
  if (!parsed.success) {
    found.malformed += 1;
    return;
  }
  for (const child of parsed.data.data.children) {
    const thing = Thing.safeParse(child);
    if (thing.success && thing.data.kind === 'more') continue;
    const comment = commentOf(child);
    if (comment === undefined) {
      found.malformed += 1;
      continue;
    }
    found.items.push(comment.item);
    // Reddit sends an empty text if there are no replies.
    const { replies } = comment;
    if (replies !== '' && replies != null && depth < DEEPEST) collect(replies, depth + 1, found);
  }
}

function commentOf(child: unknown): { readonly item: RawItem; readonly replies: unknown } | undefined {
  const thing = Thing.safeParse(child);
  const comment = thing.success && thing.data.kind === 't1' ? Comment.safeParse(thing.data.data) : undefined;
  if (!comment?.success) return undefined;
  const { data } = comment;
  const item: RawItem = {
    id: `t1_${data.id}`,
    thread: data.link_id,
    createdTs: data.created_utc * 1_000,
    subreddit: data.subreddit,
    title: '',
    body: data.body,
    author: authorOf(data.author),
    upvotes: data.score,
    comments: 0,
  };
  return { item, replies: data.replies };
}

/** A deleted account has no author, so that damping does not treat its items as one author's. */
function authorOf(name: string): string | undefined {
  return name === '' || name === '[deleted]' ? undefined : name;
}
