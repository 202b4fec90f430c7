import type { RawItem } from '@helios/sentiment/mood/intake.ts';
import { describe, expect, it } from 'vitest';
import { ItemDesk } from '../src/item-desk.ts';

const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;
const settings = { half_life_sec: 21_600, min_items: 5, usual_tone: 0 };

let ids = 0;
const anItem = (fields: Partial<RawItem> = {}): RawItem => {
  ids += 1;
  return {
    id: `t3_${ids}`,
    thread: `t3_${ids}`,
    createdTs: NOW - HOUR,
    subreddit: 'Bitcoin',
    title: `Bitcoin is bullish for reason ${ids} of ${ids * 3}`,
    body: '',
    author: undefined,
    upvotes: 1,
    comments: 0,
    ...fields,
  };
};

describe('ItemDesk', () => {
  it('takes each item once', () => {
    const desk = new ItemDesk(settings);
    const items = Array.from({ length: 10 }, () => anItem());
    expect([desk.hear(items, NOW), desk.hear(items, NOW)]).toEqual([10, 0]);
    expect(desk.pending).toHaveLength(10);
    desk.stored(10);
    expect([desk.pending.length, desk.counts()]).toEqual([0, { SCORED: 10 }]);
  });

  it('does not take again what was restored', () => {
    const first = new ItemDesk(settings);
    const item = anItem();
    first.hear([item], NOW);
    const second = new ItemDesk(settings);
    second.restore(first.pending);
    expect(second.hear([item], NOW)).toBe(0);
    expect(second.book.size).toBe(1);
  });

  it('knows threads, their coins and how busy they were, after a restart as before', () => {
    const post = anItem({ title: 'What do you think of Bitcoin?', subreddit: 'CryptoCurrency' });
    const comment = () => ({
      ...anItem({ thread: post.id, title: '', subreddit: 'CryptoCurrency' }),
      id: `t1_${ids}`,
      body: `to the moon, says number ${ids * 7} of ${ids * 11}`,
    });
    const first = new ItemDesk(settings);
    first.hear([post, comment(), comment()], NOW);
    const second = new ItemDesk(settings);
    second.restore(first.pending);
    const next = comment();
    for (const desk of [first, second]) desk.hear([next], NOW);
    const [before, after] = [first.pending.at(-1), second.pending.at(-1)];
    expect(before).toMatchObject({ item_id: next.id, relevance: { BTC: 0.5 }, damping: 0.5 });
    expect(after).toEqual(before);
  });

  it('takes an item of the near future for one of now, and drops one of the far', () => {
    const desk = new ItemDesk(settings);
    desk.hear([anItem({ createdTs: NOW + HOUR / 2 }), anItem({ createdTs: NOW + 2 * HOUR })], NOW);
    expect(desk.pending.map(({ created_ts }) => created_ts)).toEqual([NOW]);
    expect(desk.counts()).toEqual({ SCORED: 1, FUTURE: 1 });
  });

  it('stays within its bounds when nobody stores', () => {
    const desk = new ItemDesk(settings);
    for (let round = 0; round < 12; round += 1) {
      desk.hear(
        Array.from({ length: 1_000 }, () => anItem()),
        NOW,
      );
    }
    expect(desk.pending.length).toBe(10_000);
    expect(desk.book.size).toBe(10_000);
  });
});
