import { Maps, Records } from '@helios/shared/contracts/catalog.ts';
import { aMode, defaultSettings } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redditIngestor } from '../src/service.ts';
import {
  aComment,
  aPost,
  HOUR,
  many,
  type RedditHarness,
  severalRounds,
  startRedditHarness,
} from './reddit-harness.ts';

let harness: RedditHarness;
beforeEach(async () => {
  harness = await startRedditHarness();
});
afterEach(() => harness.stop());

describe('reading Reddit', () => {
  it('writes the sentiment of every watched coin and of the market', async () => {
    const { clock, reddit } = harness;
    reddit.setPosts([
      ...many(20, () => aPost(clock)),
      ...many(20, () => aPost(clock, { title: `$SOL is a rug pull ${Math.random()}` })),
    ]);
    await harness.start();
    const btc = await eventually('the sentiment of BTC', () => harness.sentiment('BTCUSDT'));
    expect(btc).toMatchObject({ basis: 'OK', count: 20, source: 'reddit', updated_ts: clock.now() });
    expect(btc.score).toBeGreaterThan(0.5);
    expect(btc.newest_ts).toBeLessThan(clock.now());
    expect((await harness.sentiment('SOLUSDT'))?.score).toBeLessThan(-0.5);
    expect(await harness.sentiment('1000PEPEUSDT')).toMatchObject({ basis: 'STALE', score: 0, count: 0 });
    expect(await harness.sentiment('global')).toMatchObject({ count: 40 });
  });

  it('scores each item once, over rounds and restarts, and updates votes', async () => {
    const { clock, reddit } = harness;
    const cheerful = many(15, () => aPost(clock));
    const gloomy = many(15, () => aPost(clock, { title: `Bitcoin is a dead scam, says ${Math.random()}` }));
    reddit.setPosts([...cheerful, ...gloomy]);
    const first = await harness.start();
    await eventually('thirty stored', async () => (await harness.stored()).length === 30);
    await eventually('more rounds', () => (reddit.requests().paths['/r/CryptoCurrency/new']?.requests ?? 0) > 3);
    expect(await harness.stored()).toHaveLength(30);
    const before = await harness.sentiment('BTCUSDT');
    await first.stop();
    reddit.setPosts([...cheerful.map((post) => ({ ...post, score: 9_000 })), ...gloomy, aPost(clock)]);
    await harness.start();
    await eventually('the new one', async () => (await harness.stored()).length === 31);
    const after = await eventually('the new sentiment', async () => {
      const sentiment = await harness.sentiment('BTCUSDT');
      return sentiment?.count === 31 ? sentiment : undefined;
    });
    // One post among thirty moves the tone by some hundredths.
    expect(after.tone).toBeGreaterThan((before?.tone ?? Number.NaN) + 0.1);
  });

  it('reads the comments of rising posts, and continues with older pages', async () => {
    const { clock, reddit } = harness;
    const comments = many(5, () => aComment(clock, `I am very bullish on this, says number ${Math.random()}`));
    const rising = aPost(clock, { title: 'What do you think of Bitcoin?', num_comments: 5, comments });
    reddit.setPosts([rising, ...many(230, () => aPost(clock))]);
    await harness.start();
    await eventually('all stored', async () => (await harness.stored()).length === 236);
    const stored = await harness.stored();
    const one = stored.find(({ item_id }) => item_id === `t1_${comments[0]?.id}`);
    expect(one?.relevance).toEqual({ BTC: 0.5 });
  });

  it('drops posts and comments that were deleted, although no listing shows them any more', async () => {
    const { clock, reddit } = harness;
    const comments = many(3, () => aComment(clock, `Bitcoin is bullish, says number ${Math.random()}`));
    const posts = many(20, () => aPost(clock));
    const discussed = aPost(clock, { num_comments: 3, comments });
    reddit.setPosts([...posts, discussed]);
    await harness.start();
    await eventually('the sentiment', async () => (await harness.sentiment('BTCUSDT'))?.count === 24);
    const gone = comments.map((comment) => ({ ...comment, body: '[removed]' }));
    reddit.setPosts([
      ...posts.map((post, at) => (at < 5 ? { ...post, deleted: 'moderator' as const } : post)),
      { ...discussed, comments: gone },
    ]);
    await eventually('fewer', async () => (await harness.sentiment('BTCUSDT'))?.count === 16);
  });

  it('checks all known items in turn, a hundred at a time', async () => {
    const { clock, reddit } = harness;
    const posts = many(250, () => aPost(clock));
    reddit.setPosts(posts);
    await harness.start();
    await eventually('the sentiment', async () => (await harness.sentiment('BTCUSDT'))?.count === 250);
    reddit.setPosts(posts.map((post) => ({ ...post, deleted: 'author' as const })));
    await eventually('none', async () => (await harness.sentiment('BTCUSDT'))?.count === 0);
    const { requests = 0, statuses } = reddit.requests().paths['/api/info'] ?? {};
    expect(requests).toBeGreaterThan(2);
    expect(Object.keys(statuses ?? {})).toEqual(['200']);
  });

  it('ignores bots, megabytes, tricks, links, the future and the far past', async () => {
    const { clock, reddit } = harness;
    const spam = `BUY $SOL NOW, the best coin of all, ${'it will moon soon '.repeat(10)}`;
    reddit.setPosts([
      ...many(100, () => aPost(clock, { title: spam, author: `bot${Math.random()}` })),
      aPost(clock, { title: 'x', selftext: 'Bitcoin crash! '.repeat(200_000) }),
      aPost(clock, { title: '\u202e\u200b\u2066', selftext: '\u0000' }),
      aPost(clock, { title: 'https://spam.example/claim' }),
      aPost(clock, { deleted: 'author' }),
      aPost(clock, { created_utc: (clock.now() - 100 * HOUR) / 1_000 }),
      aPost(clock, { title: '𝐁𝐢𝐭𝐜𝐨𝐢𝐧 s\u200bc\u200ba\u200bm' }),
    ]);
    const { faults } = await harness.start();
    const sol = await eventually('the sentiment of SOL', () => harness.sentiment('SOLUSDT'));
    expect(sol).toMatchObject({ basis: 'THIN', score: 0, count: 100 });
    const stored = await harness.stored();
    expect(stored).toHaveLength(102);
    expect(stored.at(0)?.compound).toBeLessThan(0);
    expect(faults).toEqual([]);
  });

  it('logs once an hour the outcomes of the items', async () => {
    const { clock, reddit } = harness;
    reddit.setPosts([...many(3, () => aPost(clock)), aPost(clock, { title: 'https://spam.example/claim' })]);
    const { lines } = await harness.start();
    const told = () => lines.filter(({ message }) => message.startsWith('posts and comments since the start'));
    await eventually('the sentiment', async () => (await harness.sentiment('BTCUSDT'))?.count === 3);
    expect(told()).toEqual([]);
    clock.advance(HOUR);
    await eventually('the line', () => told().length > 0);
    expect(told()).toMatchObject([{ level: 'info', fields: { held: 3, SCORED: 3, LINK_ONLY: 1 } }]);
  });

  it('measures each coin by its own usual tone, which survives a restart, and judges none without one', async () => {
    const { clock, reddit, fake } = harness;
    const bus = fake.bus('reddit-ingestor');
    const day = Math.floor(clock.now() / (24 * HOUR));
    const days = [4, 3, 2, 1].map((ago) => ({ day: day - ago, sum: 24 * 0.3, hours: 24 }));
    await bus.write((batch) => batch.setMap(Maps.sentimentTones, { BTC: { days, hour: day * 24 - 1 } }));
    reddit.setPosts([
      ...many(20, () => aPost(clock)),
      ...many(20, () => aPost(clock, { title: `$SOL is a rug pull ${Math.random()}` })),
    ]);
    await harness.start({ usual_tone: 'auto' });
    const btc = await eventually('the sentiment of BTC', () => harness.sentiment('BTCUSDT'));
    const weight = (btc.count / (btc.count + 5)) * 3;
    expect(btc).toMatchObject({ basis: 'OK', score: expect.closeTo(((btc.tone ?? 0) - 0.3) * weight, 1) });
    expect(await harness.sentiment('SOLUSDT')).toMatchObject({ basis: 'NEW', score: 0, momentum: 0 });
    const kept = await eventually('the tones of today', async () => {
      const tones = await bus.getMap(Maps.sentimentTones);
      return tones['SOL'] && tones;
    });
    expect(kept['BTC']?.days).toEqual([...days, { day, sum: btc.tone, hours: 1 }]);
    expect(kept['global']?.days).toHaveLength(1);
  });

  it('writes a neutral sentiment without posts', async () => {
    await harness.start();
    expect(await eventually('a sentiment', () => harness.sentiment('global'))).toMatchObject({
      score: 0,
      count: 0,
      basis: 'STALE',
    });
  });
});

describe('trouble', () => {
  it.each([
    ['half answers', { fault: 'half' }, 'REDDIT_UNREACHABLE'],
    ['pages of HTML', { fault: 'html', status: 200 }, 'REDDIT_NOT_JSON'],
    ['garbage', { fault: 'garbage' }, 'REDDIT_NOT_JSON'],
    ['a dead server', { fault: 'refuse' }, 'REDDIT_UNREACHABLE'],
    ['cut connections', { fault: 'reset' }, 'REDDIT_UNREACHABLE'],
    ['silence', { fault: 'hang' }, 'REDDIT_TIMEOUT'],
    ['its faults', { fault: 'status', status: 503 }, 'REDDIT_SERVER_ERROR'],
    ['a block of our network', { fault: 'status', status: 403 }, 'REDDIT_BLOCKED'],
    ['a ban', { fault: 'status', status: 418 }, 'REDDIT_BLOCKED'],
    ['a law against it', { fault: 'status', status: 451 }, 'REDDIT_BLOCKED'],
    ['a block behind the token', { fault: 'status', status: 403, path: '/r/' }, 'REDDIT_BLOCKED'],
    ['a ban behind the token', { fault: 'status', status: 418, path: '/r/' }, 'REDDIT_BLOCKED'],
    ['too many requests', { fault: 'status', status: 429, retry_after_sec: 30 }, 'REDDIT_RATE_LIMITED'],
  ] as const)('%s are logged once, waited out and survived', async (_, fault, code) => {
    const { clock, reddit } = harness;
    reddit.setPosts(many(10, () => aPost(clock)));
    await reddit.setFaults([fault]);
    const service = await harness.start(fault.fault === 'hang' ? { request_timeout_ms: 1_500 } : {});
    await eventually(code, () => service.lines.some(({ fields }) => fields['code'] === code));
    const asked = reddit.requests().requests;
    await severalRounds();
    expect(reddit.requests().requests).toBe(asked);
    expect(await harness.sentiment('global')).toBeUndefined();

    await reddit.setFaults([]);
    clock.advance(31_000);
    await eventually('the sentiment', () => harness.sentiment('BTCUSDT'));
    await eventually('news of it', () => service.lines.some(({ message }) => message === 'Reddit is read again'));
    const told = service.lines.filter(({ level }) => level === 'warn' || level === 'error');
    expect(told.map(({ fields }) => fields['code'])).toEqual([code]);
    expect(service.faults).toEqual([]);
  });

  it('waits until Reddit’s window ends when it is used up', async () => {
    await harness.stop();
    harness = await startRedditHarness({ requestsPerWindow: 10 });
    const { clock, reddit } = harness;
    await harness.start();
    await eventually('the reserve', () => reddit.requests().requests >= 8);
    await severalRounds();
    const statuses = Object.values(reddit.requests().paths).map((path) => Object.keys(path.statuses));
    expect(new Set(statuses.flat())).toEqual(new Set(['200']));
    const asked = reddit.requests().requests;
    clock.advance(600_000);
    await eventually('a new window', () => reddit.requests().requests > asked);
  });

  it('logs once that credentials are wrong, and retries only after ten minutes', async () => {
    const { clock, reddit } = harness;
    reddit.setPosts(many(10, () => aPost(clock)));
    const service = await harness.start({ client_secret: 'wrong' });
    await eventually('the error', () => service.lines.some(({ level }) => level === 'error'));
    await severalRounds();
    expect(reddit.requests().requests).toBe(1);
    clock.advance(599_000);
    await severalRounds();
    expect(reddit.requests().requests).toBe(1);
    clock.advance(2_000);
    await eventually('one more', () => reddit.requests().requests === 2);
    const errors = service.lines.filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(/refuses the credentials.*REDDIT_CLIENT_ID/);
    expect(JSON.stringify(service.lines)).not.toContain('wrong');
  });

  it('logs once that there are none, and sends no request', async () => {
    const service = await harness.start({ client_id: '', client_secret: '' });
    expect(service.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(harness.reddit.requests().requests).toBe(0);
  });

  it('requests a new token when its own is refused', async () => {
    const { clock, reddit } = harness;
    const service = await harness.start();
    await eventually('a round', () => harness.sentiment('global'));
    reddit.revokeTokens();
    reddit.setPosts(many(10, () => aPost(clock)));
    await eventually('the posts', async () => (await harness.stored()).length === 10);
    expect(service.lines.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
  });

  it('continues with the other subreddits if one is closed', async () => {
    await harness.stop();
    harness = await startRedditHarness({ closed: { bitcoin: 'private' } });
    const { clock, reddit } = harness;
    reddit.setPosts(many(10, () => aPost(clock)));
    const service = await harness.start();
    await eventually('the sentiment', () => harness.sentiment('BTCUSDT'));
    await eventually('rounds', () => (reddit.requests().paths['/r/CryptoCurrency/new']?.requests ?? 0) > 2);
    const warnings = service.lines.filter(({ level }) => level === 'warn');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.fields).toMatchObject({ code: 'REDDIT_CLOSED', subreddit: 'Bitcoin' });
  });
});

it('skips a thread that is gone, and reads the next, without a log line on the subreddit', async () => {
  const { clock, reddit } = harness;
  const gone = aPost(clock, { num_comments: 90 });
  const comments = many(3, () => aComment(clock, `Bitcoin is bullish, says number ${Math.random()}`));
  reddit.setPosts([gone, aPost(clock, { num_comments: 3, comments })]);
  const threads = (id: string) => reddit.requests().paths[`/r/CryptoCurrency/comments/${id}`]?.requests ?? 0;
  await reddit.setFaults([{ fault: 'status', status: 404, path: `/r/CryptoCurrency/comments/${gone.id}` }]);
  const service = await harness.start({ comment_threads: 1 });
  await eventually('the comments', async () => (await harness.stored()).length === 5);
  expect(threads(gone.id)).toBe(1);
  expect(service.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
});

describe('inactivity', () => {
  it('does nothing unless it is enabled', async () => {
    // Without credentials the start of reading would already be logged, before the service has started.
    const { lines, status } = await harness.start({ enabled: false, client_id: '' });
    expect(lines).toEqual([]);
    expect(status).toBe('STANDBY');
    expect(harness.reddit.requests().requests).toBe(0);
  });

  it('does nothing while a market recording is played', async () => {
    const mode = aMode({ source: { kind: 'replay', files: ['x'], speed: 'max', exit: false } });
    const settings = defaultSettings({ reddit: { enabled: true } });
    const service = await startOnFakeBus(redditIngestor, { mode, settings });
    expect(service.status).toBe('STANDBY');
    expect(service.lines.map(({ message }) => message)).toEqual([expect.stringContaining('stays neutral')]);
    expect(await service.fake.bus('signal-engine').getRecord(Records.sentiment, { symbol: 'global' })).toBeUndefined();
    await service.stop();
  });

  it('stops at once during a request', async () => {
    await harness.reddit.setFaults([{ fault: 'hang' }]);
    const service = await harness.start({ request_timeout_ms: 60_000 });
    await eventually('a request', () => harness.reddit.requests().requests > 0);
    expect(await service.stop()).toBe(true);
  });
});
