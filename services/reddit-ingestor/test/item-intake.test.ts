import type { RawItem } from '@helios/sentiment/state/intake.ts';
import { describe, expect, it } from 'vitest';
import { ItemIntake } from '../src/item-intake.ts';

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

describe('ItemIntake', () => {
  it('takes each item once', () => {
    const itemIntake = new ItemIntake(settings);
    const items = Array.from({ length: 10 }, () => anItem());
    expect([itemIntake.hear(items, NOW), itemIntake.hear(items, NOW)]).toEqual([10, 0]);
    expect(itemIntake.pending).toHaveLength(10);
    itemIntake.stored(10);
    expect([itemIntake.pending.length, itemIntake.counts()]).toEqual([0, { SCORED: 10 }]);
  });

  it('does not take restored items again', () => {
    const first = new ItemIntake(settings);
    const item = anItem();
    first.hear([item], NOW);
    const second = new ItemIntake(settings);
    second.restore(first.pending);
    expect(second.hear([item], NOW)).toBe(0);
    expect(second.book.size).toBe(1);
  });

  it('knows threads, their coins and their activity, also after a restart', () => {
    const post = anItem({ title: 'What do you think of Bitcoin?', subreddit: 'CryptoCurrency' });
    const comment = () => ({
      ...anItem({ thread: post.id, title: '', subreddit: 'CryptoCurrency' }),
      id: `t1_${ids}`,
      body: `to the moon, says number ${ids * 7} of ${ids * 11}`,
    });
    const first = new ItemIntake(settings);
    first.hear([post, comment(), comment()], NOW);
    const second = new ItemIntake(settings);
    second.restore(first.pending);
    const next = comment();
    for (const itemIntake of [first, second]) itemIntake.hear([next], NOW);
    const [before, after] = [first.pending.at(-1), second.pending.at(-1)];
    expect(before).toMatchObject({ item_id: next.id, relevance: { BTC: 0.5 }, damping: 0.5 });
    expect(after).toEqual(before);
  });

  it('takes an item of the near future as a present one, and drops one of the far future', () => {
    const itemIntake = new ItemIntake(settings);
    itemIntake.hear([anItem({ createdTs: NOW + HOUR / 2 }), anItem({ createdTs: NOW + 2 * HOUR })], NOW);
    expect(itemIntake.pending.map(({ created_ts }) => created_ts)).toEqual([NOW]);
    expect(itemIntake.counts()).toEqual({ SCORED: 1, FUTURE: 1 });
  });

  it('stays within its limits if nothing is stored', () => {
    const itemIntake = new ItemIntake(settings);
    for (let round = 0; round < 12; round += 1) {
      itemIntake.hear(
        Array.from({ length: 1_000 }, () => anItem()),
        NOW,
      );
    }
    expect(itemIntake.pending.length).toBe(10_000);
    expect(itemIntake.book.size).toBe(10_000);
  });
});
