/** A comment from a test; lines of a posts file have the same format. */
export interface RedditComment {
  readonly id: string;
  readonly body: string;
  readonly score: number;
  /** Epoch seconds. */
  readonly created_utc: number;
  readonly author?: string;
  readonly replies?: readonly RedditComment[];
}

/** A post from a test; lines of a posts file have the same format. */
export interface RedditPost {
  readonly id: string;
  readonly subreddit: string;
  readonly title: string;
  readonly selftext: string;
  readonly score: number;
  readonly num_comments: number;
  /** Epoch seconds. */
  readonly created_utc: number;
  readonly stickied?: boolean;
  readonly author?: string;
  /** Who deleted it: the author, or a moderator. `account` means that the author's account is deleted and the text stays. */
  readonly deleted?: 'author' | 'moderator' | 'account';
  readonly comments?: readonly RedditComment[];
}

/** A wrapped object with its kind: `t3` is a post, `t1` a comment, `more` names omitted comments. */
export interface Thing {
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export const fullName = (post: RedditPost): string => `t3_${post.id}`;

/** A page of things with the start of the next page. */
export function listing(children: readonly Thing[], after: string | null): Thing {
  return { kind: 'Listing', data: { after, dist: children.length, modhash: '', children, before: null } };
}

/** Escapes `&`, `<` and `>`, unless the client requests raw text. */
export function textOf(text: string, isRaw: boolean): string {
  return isRaw ? text : text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A post in a listing. */
export function postThing(post: RedditPost, isRaw: boolean): Thing {
  const shown = shownText(post);
  const permalink = `/r/${post.subreddit}/comments/${post.id}/post/`;
  return {
    kind: 't3',
    data: {
      domain: `self.${post.subreddit}`,
      banned_by: null,
      media_embed: {},
      subreddit: post.subreddit,
      selftext_html: null,
      selftext: textOf(shown.selftext, isRaw),
      likes: null,
      suggested_sort: null,
      user_reports: [],
      secure_media: null,
      link_flair_text: null,
      id: post.id,
      gilded: 0,
      archived: false,
      clicked: false,
      report_reasons: null,
      author: shown.author,
      media: null,
      score: post.score,
      approved_by: null,
      over_18: false,
      hidden: false,
      num_comments: post.num_comments,
      thumbnail: 'self',
      subreddit_id: 't5_2wlj3',
      edited: false,
      link_flair_css_class: null,
      author_flair_css_class: null,
      downs: 0,
      secure_media_embed: {},
      saved: false,
      removal_reason: null,
      stickied: post.stickied ?? false,
      is_self: true,
      permalink,
      locked: false,
      name: fullName(post),
      created: post.created_utc,
      url: `https://www.reddit.com${permalink}`,
      author_flair_text: null,
      quarantine: false,
      title: textOf(shown.title, isRaw),
      created_utc: post.created_utc,
      distinguished: null,
      mod_reports: [],
      visited: false,
      num_reports: null,
      ups: post.score,
      upvote_ratio: 0.9,
      removed_by_category: shown.removedBy,
    },
  };
}

function shownText(post: RedditPost): { title: string; selftext: string; author: string; removedBy: string | null } {
  const { title, selftext } = post;
  const author = post.author ?? `writer_of_${post.id}`;
  if (post.deleted === 'author') {
    return { title: '[deleted by user]', selftext: '[removed]', author: '[deleted]', removedBy: 'deleted' };
  }
  if (post.deleted === 'moderator') return { title, selftext: '[removed]', author, removedBy: 'moderator' };
  if (post.deleted === 'account') return { title, selftext, author: '[deleted]', removedBy: null };
  return { title, selftext, author, removedBy: null };
}

/** A comment with its replies; without replies the site writes an empty string. */
export function commentThing(comment: RedditComment, post: RedditPost, isRaw: boolean, depth = 0): Thing {
  const replies = (comment.replies ?? []).map((reply) => commentThing(reply, post, isRaw, depth + 1));
  return {
    kind: 't1',
    data: {
      id: comment.id,
      name: `t1_${comment.id}`,
      link_id: fullName(post),
      parent_id: fullName(post),
      subreddit: post.subreddit,
      author: comment.author ?? `writer_of_${comment.id}`,
      body: textOf(comment.body, isRaw),
      body_html: null,
      score: comment.score,
      ups: comment.score,
      downs: 0,
      created: comment.created_utc,
      created_utc: comment.created_utc,
      depth,
      edited: false,
      stickied: false,
      distinguished: null,
      replies: replies.length === 0 ? '' : listing(replies, null),
    },
  };
}

/** A `more` object for omitted comments. */
export function moreThing(ids: readonly string[], post: RedditPost): Thing {
  const first = ids[0] ?? '_';
  return {
    kind: 'more',
    data: { count: ids.length, name: `t1_${first}`, id: first, parent_id: fullName(post), depth: 0, children: ids },
  };
}
