import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseComments, parseNamed, parsePosts } from '../src/parse-things.ts';

const data = process.env['HELIOS_DATA_DIR'] ?? join(import.meta.dirname, '../../../../shared/data');
const recorded = join(data, 'reddit/listing_schema_2016.json');

const thing = (kind: string, fields: object) => ({ kind, data: fields });
const listing = (children: unknown[], after: string | null = null) => thing('Listing', { children, after });
const post = {
  id: 'abc',
  subreddit: 'Bitcoin',
  title: 'A title',
  selftext: 'text',
  created_utc: 1_650_000_000.0,
  author: 'somebody',
  score: 7,
  num_comments: 3,
};
const comment = { ...post, id: 'c1', link_id: 't3_abc', body: 'words', replies: '' };

describe('posts', () => {
  it('are read from a listing with the start of the next page', () => {
    const { items, after, malformed } = parsePosts(listing([thing('t3', post)], 't3_abc'));
    expect(items).toEqual([
      {
        id: 't3_abc',
        thread: 't3_abc',
        createdTs: 1_650_000_000_000,
        subreddit: 'Bitcoin',
        title: 'A title',
        body: 'text',
        author: 'somebody',
        upvotes: 7,
        comments: 3,
      },
    ]);
    expect([after, malformed]).toEqual(['t3_abc', 0]);
  });

  it('that are malformed are counted, and the others kept', () => {
    const ages = [1e300, -5].map((created_utc) => thing('t3', { ...post, created_utc }));
    const strange = [...ages, null, 7, thing('t3', {}), thing('t5', post), { ...thing('t3', { ...post, title: 5 }) }];
    const { items, malformed } = parsePosts(listing([...strange, thing('t3', { ...post, score: 'many' })]));
    expect(items.map(({ upvotes }) => upvotes)).toEqual([0]);
    expect(malformed).toBe(7);
  });

  it('that were deleted have no text, and a deleted account has no author', () => {
    const gone = [
      { selftext: '[removed]' },
      { selftext: '[deleted]' },
      { title: '[deleted by user]' },
      { removed_by_category: 'moderator' },
    ];
    const { items } = parsePosts(listing(gone.map((fields) => thing('t3', { ...post, ...fields }))));
    expect(items.map(({ title, body }) => title + body)).toEqual(Array(4).fill('[deleted]'));
    const [of] = parsePosts(listing([thing('t3', { ...post, author: '[deleted]' })])).items;
    expect(of?.author).toBeUndefined();
  });
});

describe('comments', () => {
  it('are read with their replies, to the maximum depth, without the stubs', () => {
    let nested: unknown = '';
    for (let depth = 10; depth > 0; depth -= 1) {
      nested = listing([
        thing('t1', { ...comment, id: `deep${depth}`, replies: nested }),
        thing('more', { children: [] }),
      ]);
    }
    const { items, malformed } = parseComments([listing([]), nested]);
    expect(items).toHaveLength(6);
    expect(malformed).toBe(0);
  });

  it.each([null, {}, [], [1], [{}, {}], 'html'])('are absent in %j', (body) => {
    expect(parseComments(body)).toMatchObject({ items: [], malformed: 1 });
  });
});

it('posts and comments requested by name are distinguished', () => {
  const { items, malformed } = parseNamed(listing([thing('t1', comment), thing('t3', post), thing('t5', post)]));
  expect(items.map(({ id, thread }) => [id, thread])).toEqual([
    ['t1_c1', 't3_abc'],
    ['t3_abc', 't3_abc'],
  ]);
  expect(malformed).toBe(1);
});

it('no answer causes an exception', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      parsePosts(value);
      parseNamed(listing([thing('t1', value as object)]));
      parsePosts(listing([value, thing('t3', value as object)]));
      parseComments([value, listing([thing('t1', value as object)])]);
    }),
  );
});

it.skipIf(!existsSync(recorded))('a real listing is parsed completely', () => {
  const { items, malformed } = parsePosts(JSON.parse(readFileSync(recorded, 'utf8')));
  expect(malformed).toBe(0);
  expect(items.length).toBeGreaterThan(0);
  expect(items.every(({ id, title }) => id.startsWith('t3_') && title !== '')).toBe(true);
});
