import { baseAssetOf } from '@helios/sentiment/attribution/coins.ts';
import type { Sentiment } from '@helios/sentiment/state/sentiment-sum.ts';
import { MARKET } from '@helios/sentiment/state/usual-tones.ts';
import { Lists, Maps, Records } from '@helios/shared/contracts/catalog.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { readWatchlist } from '@helios/shared/runtime/follow-symbols.ts';
import type { ItemIntake } from './item-intake.ts';

/** Maximum number of items in one pipeline. */
const MAX_AT_ONCE = 1_000;

/** Source and time of a sentiment. */
export interface SentimentStamp {
  readonly source: string;
  /** Time for the items' weights, by the items' clock, epoch ms. */
  readonly itemsNowMs: number;
  /** The same time by the fleet's clock, epoch ms. */
  readonly nowMs: number;
  /** True: the tones of each hour survive a restart. */
  readonly keepsTones: boolean;
}

/** Restores the items that were scored before a restart, and the tones of the last weeks; returns the number of items. */
export async function restoreItems(bus: Bus<'reddit-ingestor'>, itemIntake: ItemIntake): Promise<number> {
  const newestFirst = await bus.getList(Lists.redditItems, Lists.redditItems.maxLength);
  itemIntake.watch((await readWatchlist(bus)).map(baseAssetOf));
  itemIntake.restore(newestFirst.toReversed());
  itemIntake.tones.restore(await bus.getMap(Maps.sentimentTones));
  return newestFirst.length;
}

/** Stores the scored items, and writes `sentiment:{symbol}` of every watched symbol and of the market. */
export async function writeSentiment(
  bus: Bus<'reddit-ingestor'>,
  itemIntake: ItemIntake,
  stamp: SentimentStamp,
): Promise<void> {
  const symbols = await readWatchlist(bus);
  const bases = symbols.map(baseAssetOf);
  itemIntake.watch(bases);
  itemIntake.book.expire(stamp.itemsNowMs);
  const { book, tones } = itemIntake;
  const { market, coins } = book.sentiments(bases, stamp.itemsNowMs, (name) => tones.of(name, stamp.itemsNowMs));
  const heard = [[MARKET, market] as const, ...coins].filter(([name, each]) =>
    tones.hear(name, each, stamp.itemsNowMs),
  );
  const items = itemIntake.pending.slice(0, MAX_AT_ONCE);
  const state = (sentiment: Sentiment) => {
    const { newest_ts, ...rest } = sentiment;
    // In a posts file an item may be years old. On the fleet's clock it gets the same age as in the file.
    const newest = newest_ts === undefined ? {} : { newest_ts: newest_ts + stamp.nowMs - stamp.itemsNowMs };
    return { ...rest, ...newest, source: stamp.source, updated_ts: stamp.nowMs };
  };
  await bus.write((batch) => {
    for (const item of items) batch.push(Lists.redditItems, item);
    for (const [at, symbol] of symbols.entries()) {
      const sentiment = coins.get(bases[at] ?? '');
      if (sentiment) batch.setRecord(Records.sentiment, state(sentiment), { symbol });
    }
    batch.setRecord(Records.sentiment, state(market), { symbol: MARKET });
    if (stamp.keepsTones && heard.length > 0) batch.setMap(Maps.sentimentTones, tones.history());
  });
  itemIntake.stored(items.length);
}
