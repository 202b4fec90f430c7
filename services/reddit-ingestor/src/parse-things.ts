import type { RawItem } from '@helios/sentiment/state/intake.ts';
import { z } from 'zod';
import { CreatedUtc, RedditId, RedditName } from './reddit-fields.ts';

/** Replies to replies are read to this depth. */
const DEEPEST = 5;
/** Votes and comments beyond this are no count of anything. */
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

/** What stands where its author or a moderator took a text away. */
const GONE = /^\[(?:deleted|removed)(?: by user)?\]$/i;

const Thing = z.object({ kind: z.string(), data: z.unknown() });
const Listing = z.object({
  kind: z.literal('Listing'),
  data: z.object({ children: z.array(z.unknown()), after: z.string().nullish() }),
});

/** A page of items as far as it could be understood. */
export interface Things {
  readonly items: readonly RawItem[];
  /** Where the next page begins. */
  readonly after: string | undefined;
  /** Things that are not what their kind says. */
  readonly malformed: number;
}

const NOTHING: Things = { items: [], after: undefined, malformed: 1 };

/** Posts of a listing; what cannot be understood is counted and left out. */
export function parsePosts(body: unknown): Things {
  return parseListing(body, postOf);
}

/** Posts and comments that were asked for by name. */
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
    // Without replies there is an empty text.
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

/** A deleted account is nobody: its items are not one author's flood. */
function authorOf(name: string): string | undefined {
  return name === '' || name === '[deleted]' ? undefined : name;
}
