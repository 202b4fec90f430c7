import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { RawItem } from '@helios/sentiment/state/intake.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPosts } from '../src/posts-file.ts';
import { type RedditHarness, startRedditHarness } from './reddit-harness.ts';

const DAY = 86_400;
const T = 1_650_000_000;
const folder = mkdtempSync(join(tmpdir(), 'helios-posts-'));

function write(name: string, lines: readonly unknown[]): string {
  const file = join(folder, name);
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  writeFileSync(file, name.endsWith('.gz') ? gzipSync(text) : text);
  return file;
}

const post = (id: string, at: number, comments: unknown[] = [], title = `Bitcoin is bullish, ${id} says`) => ({
  id,
  title,
  selftext: '',
  created_utc: T + at,
  score: 5,
  num_comments: comments.length,
  subreddit: 'CryptoCurrency',
  comments,
});
const comment = (id: string, at: number) => ({ id, body: `to the moon, ${id} says`, score: 1, created_utc: T + at });

async function all(file: string, onBadLine = () => {}): Promise<RawItem[]> {
  const items: RawItem[] = [];
  for await (const item of readPosts(file, onBadLine)) items.push(item);
  return items;
}

describe('readPosts', () => {
  it('returns posts and comments in the order of their times', async () => {
    const file = write('a.jsonl.gz', [
      post('p1', 0, [comment('c1', 500), comment('c2', 20), comment('c3', 3 * DAY)]),
      post('p2', 100, [comment('c4', 110)]),
      post('p3', 600),
    ]);
    const items = await all(file);
    expect(items.map(({ id }) => id)).toEqual(['t3_p1', 't1_c2', 't3_p2', 't1_c4', 't1_c1', 't3_p3', 't1_c3']);
    expect(items[1]).toMatchObject({ thread: 't3_p1', createdTs: (T + 20) * 1_000, title: '' });
  });

  it('counts bad lines and continues', async () => {
    let bad = 0;
    const file = write('b.jsonl', ['{"id":', '', '[]', post('p1', 0, [{ id: 1 }, comment('c1', 5)]), '{"id":"x"}']);
    const items = await all(file, () => {
      bad += 1;
    });
    expect(items.map(({ id }) => id)).toEqual(['t3_p1', 't1_c1']);
    expect(bad).toBe(4);
  });

  it.each([1e300, -5, 0, 1_650_000_000_000])(
    'treats a post or a comment of the second %d as malformed',
    async (created_utc) => {
      let bad = 0;
      const lines = [
        { ...post('p0', 0), created_utc },
        post('p1', 0, [{ ...comment('c1', 5), created_utc }]),
        post('p2', 9),
      ];
      const items = await all(write('g.jsonl', lines), () => {
        bad += 1;
      });
      expect(items.map(({ id }) => id)).toEqual(['t3_p1', 't3_p2']);
      expect(bad).toBe(2);
    },
  );

  it('rejects a missing file, and one that is no gzip', async () => {
    await expect(all(join(folder, 'none.jsonl'))).rejects.toThrow('ENOENT');
    const file = join(folder, 'c.jsonl.gz');
    writeFileSync(file, 'plain');
    await expect(all(file)).rejects.toThrow();
  });
});

describe('playing a file', () => {
  let harness: RedditHarness;
  beforeEach(async () => {
    harness = await startRedditHarness();
  });
  afterEach(() => harness.stop());

  it('writes sentiment of the posts’ time on the fleet’s clock', async () => {
    const { clock } = harness;
    const bearish = (id: string, at: number) => post(id, at, [], `Bitcoin is a dead scam, ${id} says`);
    const file = write('d.jsonl', [
      ...Array.from({ length: 20 }, (_, at) => post(`up${at}`, at)),
      ...Array.from({ length: 40 }, (_, at) => bearish(`down${at}`, DAY + at)),
    ]);
    const service = await harness.start({ posts_file: file, posts_speed: 3_600 });
    await eventually('the start', () => service.lines.some(({ message }) => message === 'playing recorded posts'));
    clock.advance(1_000);
    const first = await eventually('a sentiment', async () => {
      const sentiment = await harness.sentiment('BTCUSDT');
      return sentiment?.count === 20 ? sentiment : undefined;
    });
    expect(first).toMatchObject({ source: 'posts file' });
    expect(first.score).toBeGreaterThan(0.5);
    clock.advance(30_000);
    const turned = await eventually('a turn', async () => {
      const sentiment = await harness.sentiment('BTCUSDT');
      return sentiment && sentiment.score < 0 ? sentiment : undefined;
    });
    expect(turned.updated_ts).toBe(clock.now());
    await eventually('the end', () => service.lines.some(({ message }) => message === 'recorded posts were played'));
    expect(harness.reddit.requests().requests).toBe(0);
  });

  it.each([
    ['missing', () => join(folder, 'nowhere.jsonl'), /cannot be read/],
    ['without a post', () => write('e.jsonl', ['nothing', 'here']), /contains no post/],
    ['no gzip', () => write('f.gz', []).replace('f.gz', 'c.jsonl.gz'), /cannot be read/],
  ])('reports what is wrong with a file that is %s, and continues', async (_, file, said) => {
    const service = await harness.start({ posts_file: file() });
    await eventually('the error', () =>
      service.lines.some(({ level, message }) => level === 'error' && said.test(message)),
    );
    expect(service.faults).toEqual([]);
  });
});

it('leaves nothing behind', () => {
  rmSync(folder, { recursive: true });
});
