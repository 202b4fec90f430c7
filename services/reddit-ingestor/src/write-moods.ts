import { baseAssetOf } from '@helios/sentiment/attribution/coins.ts';
import type { Mood } from '@helios/sentiment/mood/mood-book.ts';
import { Lists, Records } from '@helios/shared/contracts/catalog.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { readWatchlist } from '@helios/shared/runtime/follow-symbols.ts';
import type { ItemDesk } from './item-desk.ts';

/** As many items as go into one pipeline. */
const MOST_AT_ONCE = 1_000;

/** Where moods come from and which moment they are of. */
export interface MoodStamp {
  readonly source: string;
  /** Moment the weights are taken at: items' time, epoch ms. */
  readonly itemsNowMs: number;
  /** The same moment on the fleet's clock, epoch ms. */
  readonly nowMs: number;
}

/** The desk remembers what was scored before a restart; returns how many items. */
export async function restoreItems(bus: Bus<'reddit-ingestor'>, desk: ItemDesk): Promise<number> {
  const newestFirst = await bus.getList(Lists.redditItems, Lists.redditItems.maxLength);
  desk.watch((await readWatchlist(bus)).map(baseAssetOf));
  desk.restore(newestFirst.toReversed());
  return newestFirst.length;
}

/** Stores what was scored and writes `sentiment:{symbol}` of every watched symbol and of the market. */
export async function writeMoods(bus: Bus<'reddit-ingestor'>, desk: ItemDesk, stamp: MoodStamp): Promise<void> {
  const symbols = await readWatchlist(bus);
  const bases = symbols.map(baseAssetOf);
  desk.watch(bases);
  desk.book.expire(stamp.itemsNowMs);
  const { market, coins } = desk.book.moods(bases, stamp.itemsNowMs);
  const items = desk.pending.slice(0, MOST_AT_ONCE);
  const state = (mood: Mood) => {
    const { newest_ts, ...rest } = mood;
    // In a file's time an item may be years old: on the fleet's clock it is as old as it is there.
    const newest = newest_ts === undefined ? {} : { newest_ts: newest_ts + stamp.nowMs - stamp.itemsNowMs };
    return { ...rest, ...newest, source: stamp.source, updated_ts: stamp.nowMs };
  };
  await bus.write((batch) => {
    for (const item of items) batch.push(Lists.redditItems, item);
    for (const [at, symbol] of symbols.entries()) {
      const mood = coins.get(bases[at] ?? '');
      if (mood) batch.setRecord(Records.sentiment, state(mood), { symbol });
    }
    batch.setRecord(Records.sentiment, state(market), { symbol: 'global' });
  });
  desk.stored(items.length);
}
