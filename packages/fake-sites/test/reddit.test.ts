import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DATA, type Got, get, HandClock, START_MS, stopped } from '../../exchange-simulator/test/venue-client.ts';
import { type RedditStart, type RunningReddit, startReddit } from '../src/reddit.ts';
import type { RedditPost } from '../src/reddit-things.ts';

const AGENT = { 'user-agent': 'linux:helios-test:v1 (by /u/nobody)' };
const NOW_SEC = START_MS / 1_000;

function postOf(id: string, ageSec: number, more: Partial<RedditPost> = {}): RedditPost {
  const usual = { subreddit: 'Bitcoin', title: `about ${id}`, selftext: '', score: 10, num_comments: 0 };
  return { id, ...usual, created_utc: NOW_SEC - ageSec, ...more };
}

const posts = [postOf('a', 300), postOf('b', 200), postOf('c', 100), postOf('other', 50, { subreddit: 'ethereum' })];

const startOn = async (clock: HandClock, options: Partial<RedditStart> = {}): Promise<RunningReddit> =>
  stopped(await startReddit({ posts, nowMs: clock.now, ...options }));

async function askToken(reddit: RunningReddit, secret = 'test-secret', grant = 'client_credentials'): Promise<Got> {
  const authorization = `Basic ${btoa(`test-id:${secret}`)}`;
  const body = new URLSearchParams({ grant_type: grant });
  return get(reddit, '/api/v1/access_token', { method: 'POST', headers: { ...AGENT, authorization }, body });
}

/** Reads a path with a new token. */
async function read(reddit: RunningReddit, path: string): Promise<Got> {
  const token = (await askToken(reddit)).body.access_token;
  return get(reddit, path, { headers: { ...AGENT, authorization: `Bearer ${token}` } });
}

const idsOf = ({ body }: Got) => body.data.children.map((child: { data: { id: string } }) => child.data.id);

describe('tokens', () => {
  test('right credentials get a token in the site’s format', async () => {
    const { status, body } = await askToken(await startOn(new HandClock()));
    expect(status).toBe(200);
    expect(body).toEqual({ access_token: expect.any(String), token_type: 'bearer', expires_in: 86_400, scope: '*' });
  });

  test('wrong credentials get no token', async () => {
    const reddit = await startOn(new HandClock());
    expect(await askToken(reddit, 'wrong')).toMatchObject({
      status: 401,
      body: { message: 'Unauthorized', error: 401 },
    });
    expect((await askToken(reddit, 'test-secret', 'password')).body).toEqual({ error: 'unsupported_grant_type' });
  });

  test('a missing, expired or revoked token is refused', async () => {
    const clock = new HandClock();
    const reddit = await startOn(clock, { tokenSec: 60 });
    const token = (await askToken(reddit)).body.access_token;
    const withToken = () => get(reddit, '/r/bitcoin/new', { headers: { ...AGENT, authorization: `Bearer ${token}` } });
    expect((await get(reddit, '/r/bitcoin/new', { headers: AGENT })).status).toBe(401);
    expect((await withToken()).status).toBe(200);
    reddit.revokeTokens();
    expect((await withToken()).status).toBe(401);
    const second = (await askToken(reddit)).body.access_token;
    clock.ms += 60_000;
    const late = await get(reddit, '/r/bitcoin/new', { headers: { ...AGENT, authorization: `bearer ${second}` } });
    expect(late.status).toBe(401);
  });

  test('a default user agent is refused', async () => {
    const reddit = await startOn(new HandClock());
    const got = await get(reddit, '/api/v1/access_token', { method: 'POST' });
    expect(got).toMatchObject({ status: 429, body: { error: 429 } });
  });
});

describe('listings', () => {
  test('new lists the newest first, from the given subreddits, without future posts', async () => {
    const clock = new HandClock();
    const reddit = await startOn(clock, { posts: [...posts, postOf('future', -60)] });
    expect(idsOf(await read(reddit, '/r/bitcoin/new'))).toEqual(['c', 'b', 'a']);
    expect(idsOf(await read(reddit, '/r/Bitcoin+ethereum/new.json'))).toEqual(['other', 'c', 'b', 'a']);
    clock.ms += 60_000;
    expect(idsOf(await read(reddit, '/r/bitcoin/new'))).toEqual(['future', 'c', 'b', 'a']);
  });

  test('hot ranks by score and age, with stickied posts first', async () => {
    const reddit = await startOn(new HandClock(), {
      posts: [
        postOf('old', 500_000, { score: 50 }),
        postOf('fresh', 100, { score: 2 }),
        postOf('great', 3_600, { score: 5_000 }),
        postOf('pin', 1e6, { stickied: true }),
      ],
    });
    expect(idsOf(await read(reddit, '/r/bitcoin/hot'))).toEqual(['pin', 'great', 'fresh', 'old']);
  });

  test('after leads through the pages to the end', async () => {
    const reddit = await startOn(new HandClock());
    const first = await read(reddit, '/r/bitcoin/new?limit=2');
    expect([idsOf(first), first.body.data.after]).toEqual([['c', 'b'], 't3_b']);
    const second = await read(reddit, '/r/bitcoin/new?limit=2&after=t3_b');
    expect([idsOf(second), second.body.data.after]).toEqual([['a'], null]);
    expect(idsOf(await read(reddit, '/r/bitcoin/new?after=t3_gone'))).toEqual([]);
  });

  test('deleted things are not listed; info shows them as deleted', async () => {
    const text = { title: 'kept', selftext: 'words' };
    const reddit = await startOn(new HandClock(), {
      posts: [
        postOf('x', 3, { ...text, deleted: 'author' }),
        postOf('y', 2, { ...text, deleted: 'moderator' }),
        postOf('z', 1, { ...text, deleted: 'account' }),
      ],
    });
    const rows = (await read(reddit, '/api/info?id=t3_x,t3_y,t3_z')).body.data.children.map(
      (child: { data: unknown }) => child.data,
    );
    expect(rows[0]).toMatchObject({ author: '[deleted]', selftext: '[removed]', removed_by_category: 'deleted' });
    expect(rows[1]).toMatchObject({ title: 'kept', selftext: '[removed]', removed_by_category: 'moderator' });
    expect(rows[2]).toMatchObject({ author: '[deleted]', selftext: 'words', removed_by_category: null });
    expect(idsOf(await read(reddit, '/r/bitcoin/new'))).toEqual(['z']);
  });

  test('text is escaped unless the client requests raw text', async () => {
    const reddit = await startOn(new HandClock(), { posts: [postOf('t', 1, { title: 'P&L > 0 <3' })] });
    const titleOf = async (path: string) => (await read(reddit, path)).body.data.children[0].data.title;
    expect(await titleOf('/r/bitcoin/new')).toBe('P&amp;L &gt; 0 &lt;3');
    expect(await titleOf('/r/bitcoin/new?raw_json=1')).toBe('P&L > 0 <3');
  });

  test('comments follow their post, with nested replies and the names of omitted ones', async () => {
    const reply = { id: 'r', body: 'indeed', score: 1, created_utc: NOW_SEC };
    const comments = [
      { id: 'c1', body: 'first', score: 5, created_utc: NOW_SEC, replies: [reply] },
      { id: 'c2', body: 'second', score: 4, created_utc: NOW_SEC },
    ];
    const reddit = await startOn(new HandClock(), { posts: [postOf('p', 1, { comments })] });
    const [post, tree] = (await read(reddit, '/r/bitcoin/comments/p?limit=1')).body;
    expect(post.data.children[0].data.name).toBe('t3_p');
    expect(tree.data.children.map(({ kind }: { kind: string }) => kind)).toEqual(['t1', 'more']);
    expect(tree.data.children[0].data.replies.data.children[0].data.body).toBe('indeed');
    expect(tree.data.children[1].data.children).toEqual(['c2']);
    const [, whole] = (await read(reddit, '/comments/p')).body;
    expect(whole.data.children[1].data.replies).toBe('');
    expect((await read(reddit, '/comments/none')).status).toBe(404);
  });

  test('info returns the existing ones of some posts and comments', async () => {
    const reply = { id: 'r', body: 'indeed', score: 1, created_utc: NOW_SEC };
    const comments = [{ id: 'c1', body: 'first', score: 5, created_utc: NOW_SEC, replies: [reply] }];
    const reddit = await startOn(new HandClock(), { posts: [...posts, postOf('p', 1, { comments })] });
    expect(idsOf(await read(reddit, '/api/info?id=t3_a,t3_gone,t1_r,t3_c'))).toEqual(['a', 'c', 'r']);
    expect((await read(reddit, '/api/info?id=t1_c1')).body.data.children[0]).toMatchObject({
      kind: 't1',
      data: { body: 'first', replies: '', link_id: 't3_p' },
    });
  });

  test('closed subreddits are refused with the reason', async () => {
    const reddit = await startOn(new HandClock(), { closed: { secret: 'private', bad: 'banned' } });
    expect(await read(reddit, '/r/Secret/new')).toMatchObject({ status: 403, body: { reason: 'private' } });
    expect(await read(reddit, '/r/bad/new')).toMatchObject({ status: 404, body: { reason: 'banned' } });
    // A property name of every object.
    expect(await read(reddit, '/r/constructor/new')).toMatchObject({ status: 200, body: { data: { children: [] } } });
    expect(await read(reddit, '/r/bitcoin/constructor')).toMatchObject({ status: 404 });
  });

  test('posts can be replaced while it runs', async () => {
    const reddit = await startOn(new HandClock());
    reddit.setPosts([]);
    const got = await read(reddit, '/r/bitcoin/new');
    expect([idsOf(got), got.body.data.after]).toEqual([[], null]);
  });
});

test('x-ratelimit headers count down a window of ten minutes', async () => {
  const clock = new HandClock();
  const reddit = await startOn(clock, { requestsPerWindow: 2 });
  const first = await read(reddit, '/r/bitcoin/new');
  expect(first.headers.get('x-ratelimit-used')).toBe('1');
  expect(first.headers.get('x-ratelimit-remaining')).toBe('1.0');
  expect(first.headers.get('x-ratelimit-reset')).toBe('340');
  await read(reddit, '/r/bitcoin/new');
  const over = await read(reddit, '/r/bitcoin/new');
  expect([over.status, over.headers.get('x-ratelimit-remaining')]).toEqual([429, '0.0']);
  clock.ms += 340_000;
  expect((await read(reddit, '/r/bitcoin/new')).status).toBe(200);
});

test('it has the same faults as the local venue, by path', async () => {
  const reddit = await startOn(new HandClock());
  await reddit.setFaults([
    { fault: 'html', status: 503, path: '/r/', times: 1 },
    { fault: 'half', path: '/r/', times: 1 },
  ]);
  expect(await read(reddit, '/r/bitcoin/new')).toMatchObject({ status: 503, text: expect.stringContaining('<html>') });
  await expect(read(reddit, '/r/bitcoin/new')).rejects.toThrow();
  expect((await read(reddit, '/r/bitcoin/new')).status).toBe(200);
});

const recorded = join(DATA, 'reddit/listing_schema_2016.json');
describe.skipIf(!existsSync(recorded))('compared with the recorded listing', () => {
  test('a page and a post have the same fields and types', async () => {
    const real = JSON.parse(readFileSync(recorded, 'utf8'));
    const { body: ours } = await read(await startOn(new HandClock()), '/r/bitcoin/new');
    expect(ours.kind).toBe(real.kind);
    expect(Object.keys(real.data).filter((name) => !(name in ours.data))).toEqual([]);
    const row = ours.data.children[0];
    expect(row.kind).toBe('t3');
    const missing = Object.keys(real.data.children[0].data).filter((name) => !(name in row.data));
    // The site has removed these fields since the recording.
    expect(missing).toEqual(['from_kind', 'hide_score', 'from', 'from_id']);
    for (const [name, value] of Object.entries(row.data)) {
      const seen = real.data.children.flatMap(({ data }: { data: Record<string, unknown> }) =>
        data[name] === undefined ? [] : [data[name] === null ? 'null' : typeof data[name]],
      );
      if (seen.length > 0)
        expect([name, seen]).toEqual([name, expect.arrayContaining([value === null ? 'null' : typeof value])]);
    }
  });
});
