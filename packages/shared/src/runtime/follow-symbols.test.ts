import { beforeEach, describe, expect, test } from 'vitest';
import { Channels, Rankings } from '../contracts/catalog.ts';
import { eventually } from '../testing/eventually.ts';
import { createFakeRedis, type FakeRedisWithBuses } from '../testing/fake-bus.ts';
import type { Bus } from './bus.ts';
import { BusUnavailable } from './errors.ts';
import { createSymbolFollower, createWatchlistFollower } from './follow-symbols.ts';

const away = () => new BusUnavailable('REDIS_UNAVAILABLE', 'away');

describe('a symbol follower', () => {
  /** Records every call; `failing` names calls that reject once. */
  function aFollower(failing: string[] = []) {
    const calls: string[] = [];
    const call = (name: string) => async () => {
      calls.push(name);
      const at = failing.indexOf(name);
      if (at >= 0) {
        failing.splice(at, 1);
        throw away();
      }
    };
    const follower = createSymbolFollower({
      join: (symbol) => call(`join ${symbol}`)(),
      leave: (symbol) => call(`leave ${symbol}`)(),
      onNew: (symbols) => call(`new ${symbols.join(' ')}`)(),
    });
    const follow = (...symbols: string[]) => follower.follow(() => symbols);
    return { follower, follow, since: () => calls.splice(0) };
  }

  test('leaves removed symbols, joins new ones once, and does not touch the others', async () => {
    const { follower, follow, since } = aFollower();
    await follow('A', 'B', 'A');
    expect(since()).toEqual(['join A', 'join B', 'new A B']);
    await follow('B', 'C');
    expect(since()).toEqual(['leave A', 'join C', 'new C']);
    await follow('C', 'B');
    expect(since()).toEqual([]);
    expect(follower.followed()).toEqual(['B', 'C']);
  });

  test('leaves a half-joined symbol before it joins again, so no message arrives twice', async () => {
    const { follower, follow, since } = aFollower(['join B']);
    await expect(follow('A', 'B')).rejects.toThrow('away');
    expect(follower.followed()).toEqual(['A']);
    since();
    await follow('A', 'B');
    expect(since()).toEqual(['leave B', 'join B', 'new A B']);
  });

  test('leaves a symbol at the next call if that failed before, wanted or not', async () => {
    const { follow, since } = aFollower(['leave A', 'leave B']);
    await follow('A', 'B');
    await expect(follow('B')).rejects.toThrow('away');
    await expect(follow()).rejects.toThrow('away');
    since();
    await follow('B');
    expect(since()).toEqual(['leave B', 'join B', 'new B']);
  });

  test('repeats the work on new symbols after a failure, without a second subscription', async () => {
    const { follow, since } = aFollower(['new A']);
    await expect(follow('A')).rejects.toThrow('away');
    since();
    await follow('A');
    expect(since()).toEqual(['new A']);
  });

  test('runs changes one after the other, and reads the wanted symbols at the start of each', async () => {
    const { follower, since } = aFollower();
    let wanted = ['A'];
    const changes = [follower.follow(() => wanted), follower.follow(() => wanted)];
    wanted = ['B'];
    await Promise.all(changes);
    expect(since()).toEqual(['join B', 'new B']);
  });
});

describe('a watchlist follower', () => {
  let fake: FakeRedisWithBuses;
  let ingestor: Bus<'data-ingestor'>;
  beforeEach(() => {
    fake = createFakeRedis();
    ingestor = fake.bus('data-ingestor');
  });

  /** Writes the list and waits until every subscriber has received it. */
  async function list(...symbols: string[]): Promise<void> {
    await ingestor.write((batch) => {
      batch.setRanking(Rankings.watchlist, Object.fromEntries(symbols.map((symbol, i) => [symbol, -i])));
      batch.publish(Channels.watchlistChanges, { symbols });
    });
    await fake.settle();
  }

  /** Follows the fake's watchlist; during the first `join` of `failing` Redis is away. */
  function aReader(failing?: string) {
    const bus = fake.bus('monitoring-agent');
    const lists: string[] = [];
    let fails = failing;
    const watchlist = createWatchlistFollower({
      bus,
      onWatchlist: (symbols) => lists.push(`told ${symbols.join(' ')}`),
      async join(symbol) {
        if (symbol !== fails) return bus.subscribe(Channels.bookSamples, () => {}, { symbol });
        fails = undefined;
        throw away();
      },
      leave: (symbol) => bus.unsubscribe(Channels.bookSamples, { symbol }),
      onFollowed: async (symbols) => void lists.push(`followed ${symbols.join(' ')}`),
    });
    bus.onReconnect(watchlist.reload);
    return { watchlist, lists };
  }

  test('reads the list at its start and follows every change', async () => {
    await list('A', 'B');
    const { watchlist, lists } = aReader();
    await watchlist.start();
    expect(watchlist.followed()).toEqual(['A', 'B']);
    await list('B', 'C');
    expect(watchlist.followed()).toEqual(['B', 'C']);
    expect(lists).toEqual(['told A B', 'followed A B', 'told B C', 'followed B C']);
  });

  test('finds a change without a message, during an outage, when Redis is back', async () => {
    await list('A');
    const { watchlist } = aReader();
    await watchlist.start();
    fake.goDown();
    await expect(watchlist.reload()).rejects.toThrow(BusUnavailable);
    fake.comeBack();
    await list('D');
    await eventually('the new list', () => watchlist.followed().join() === 'D');
  });

  test('completes a change that Redis interrupted at the next catch-up', async () => {
    await list('A');
    const { watchlist, lists } = aReader('B');
    await watchlist.start();
    await list('B');
    expect(watchlist.followed()).toEqual([]);
    expect(lists).toEqual(['told A', 'followed A', 'told B']);
    await watchlist.catchUp();
    expect(watchlist.followed()).toEqual(['B']);
  });
});
