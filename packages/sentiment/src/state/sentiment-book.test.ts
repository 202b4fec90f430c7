import { SentimentState } from '@helios/shared/domain/market-state.ts';
import type { ScoredItem } from '@helios/shared/domain/scored-item.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SentimentBook } from './sentiment-book.ts';

const HOUR = 3_600_000;
const NOW = 1_700_000_000_000;
const params = { halfLifeMs: 6 * HOUR, minItems: 5, capacity: 1_000 };

let ids = 0;
function anItem(fields: Partial<ScoredItem> = {}): ScoredItem {
  ids += 1;
  return {
    item_id: `t3_${ids}`,
    thread: `t3_${ids}`,
    created_ts: NOW - HOUR,
    compound: 0.5,
    relevance: { BTC: 1 },
    upvotes: 1,
    comments: 0,
    damping: 1,
    ...fields,
  };
}

function sentimentOf(items: readonly ScoredItem[], nowMs = NOW, usualTone: number | undefined = 0) {
  const book = new SentimentBook(params);
  for (const item of items) book.add(item);
  const { market, coins } = book.sentiments(['BTC', 'ETH'], nowMs, () => usualTone);
  return { market, btc: coins.get('BTC'), eth: coins.get('ETH') };
}
const many = (count: number, fields: Partial<ScoredItem> = {}): ScoredItem[] =>
  Array.from({ length: count }, () => anItem(fields));

describe('sentiments', () => {
  it('follow the sign of the items of each coin', () => {
    const { market, btc, eth } = sentimentOf([...many(20), ...many(20, { compound: -0.5, relevance: { ETH: 1 } })]);
    expect(btc).toMatchObject({ basis: 'OK', count: 20, tone: 0.5 });
    expect(btc?.score).toBeGreaterThan(0.5);
    expect(eth?.score).toBeLessThan(-0.5);
    expect(market).toMatchObject({ score: 0, count: 40, dispersion: 0.5 });
  });

  it('are 0 for the usual tone', () => {
    expect(sentimentOf(many(20), NOW, 0.5).btc?.score).toBe(0);
  });

  it('are neutral if items are few, old or absent', () => {
    expect(sentimentOf(many(4)).btc).toMatchObject({ basis: 'THIN', score: 0, momentum: 0 });
    expect(sentimentOf(many(50), NOW + 12 * HOUR).btc).toMatchObject({ basis: 'STALE', score: 0 });
    expect(sentimentOf([]).market).toMatchObject({ basis: 'STALE', score: 0, count: 0 });
    expect(sentimentOf([]).market.newest_ts).toBeUndefined();
  });

  it('do not depend on one viral post', () => {
    expect(sentimentOf([anItem({ upvotes: 100_000, comments: 9_000, compound: -1 }), ...many(4)]).btc?.basis).toBe(
      'THIN',
    );
  });

  it('weigh votes, comments, age and damping', () => {
    const against = many(10, { compound: -0.5 });
    const plain = sentimentOf([...many(10), ...against]).market.score;
    expect(plain).toBe(0);
    for (const heavier of [{ upvotes: 50 }, { comments: 50 }, { created_ts: NOW }]) {
      expect(sentimentOf([...many(10, heavier), ...against]).market.score).toBeGreaterThan(0.05);
    }
    for (const lighter of [{ upvotes: -5 }, { damping: 0.2 }, { created_ts: NOW - 12 * HOUR }]) {
      expect(sentimentOf([...many(10, lighter), ...against]).market.score).toBeLessThan(-0.05);
    }
  });

  it('halve an item’s weight with each half-life', () => {
    const old = many(10, { created_ts: NOW - 6 * HOUR });
    const young = many(10, { created_ts: NOW, compound: -0.5 });
    expect(sentimentOf([...old, ...young]).market.tone).toBeCloseTo((0.5 * 0.5 - 0.5) / 1.5, 3);
  });

  it('have momentum when the sentiment turns', () => {
    const before = many(40, { created_ts: NOW - 8 * HOUR, compound: 0.2 });
    const shock = many(10, { created_ts: NOW - HOUR / 4, compound: -0.4 });
    const { market } = sentimentOf([...before, ...shock]);
    expect(market.momentum).toBeLessThan(-0.2);
    expect(sentimentOf(before).market.momentum).toBeCloseTo(0, 5);
  });

  it('have no momentum while the tone is constant, whatever the number and age of items and the usual tone', () => {
    const ages = fc.array(fc.integer({ min: 0, max: 40 * HOUR }), { minLength: 1, maxLength: 40 });
    const tone = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(ages, tone, tone, (some, compound, usualTone) => {
        const items = some.map((age) => anItem({ created_ts: NOW - age, compound, upvotes: age % 50 }));
        expect(sentimentOf(items, NOW, usualTone).market.momentum).toBe(0);
      }),
    );
  });

  it.each([
    [-0.4, 0],
    [-0.4, 0.4],
    [0.19, -0.9],
  ])('get no shock from one fresh post: among tones of %d by one of %d', (usual, compound) => {
    const { shock_momentum } = defaultSettings().sentiment;
    for (const hours of [1, 4, 8, 11]) {
      const before = many(40, { created_ts: NOW - hours * HOUR, compound: usual });
      const { market } = sentimentOf([...before, anItem({ created_ts: NOW, compound })]);
      expect(Math.sign(market.momentum ?? 0)).toBe(Math.sign(compound - usual));
      expect(Math.abs(market.momentum ?? Number.NaN)).toBeLessThan(shock_momentum);
    }
  });

  it('ignore items from the future', () => {
    expect(sentimentOf(many(20, { created_ts: NOW + 1 })).market).toMatchObject({ count: 0, basis: 'STALE' });
  });

  it('are valid states for any items', () => {
    const item = fc.record({
      created_ts: fc.integer({ min: NOW - 100 * HOUR, max: NOW + HOUR }),
      compound: fc.double({ min: -1, max: 1, noNaN: true }),
      upvotes: fc.integer({ min: -1_000_000, max: 10_000_000 }),
      comments: fc.integer({ min: 0, max: 1_000_000 }),
      damping: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 30 }), (items) => {
        const { market, btc } = sentimentOf(items.map((fields) => anItem(fields)));
        for (const sentiment of [market, btc]) SentimentState.parse({ ...sentiment, source: 'test', updated_ts: NOW });
      }),
    );
  });
});

describe('the book', () => {
  it('holds its maximum number of items, and drops the oldest', () => {
    const book = new SentimentBook({ ...params, capacity: 3 });
    const items = many(5);
    for (const item of items) book.add(item);
    expect(book.size).toBe(3);
    expect(items.map(({ item_id }) => book.has(item_id))).toEqual([false, false, true, true, true]);
  });

  it('drops items that are eight half-lives old', () => {
    const book = new SentimentBook(params);
    for (const item of [anItem({ created_ts: NOW - 49 * HOUR }), anItem()]) book.add(item);
    book.expire(NOW);
    expect(book.size).toBe(1);
  });

  it('accepts later votes', () => {
    const book = new SentimentBook(params);
    const items = [...many(10), ...many(10, { compound: -0.5 })];
    for (const item of items) book.add(item);
    book.updateVotes(items[0]?.item_id ?? '', 500, 40);
    book.updateVotes('t3_unknown', 500, 40);
    expect(book.sentiments([], NOW, () => 0).market.score).toBeGreaterThan(0);
    expect(book.size).toBe(20);
  });
});
