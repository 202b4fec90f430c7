import { Channels, Lists, Maps, Rankings, Records } from '@helios/shared/contracts/catalog.ts';
import type { Book } from '@helios/shared/domain/market-data.ts';
import { aKline, aMode, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { aPosition, BTC, bookOf, closeWorlds, lockStep, openWorld, RUN, type World } from './engine-world.ts';

afterEach(closeWorlds);

describe('from a book to the streams', () => {
  test('a trigger becomes a signal, its echo, and the symbol’s last entry', async () => {
    const world = await openWorld();
    const echoes: unknown[] = [];
    await world.fake.bus('dashboard-api').subscribe(Channels.tradingSignals, (echo) => void echoes.push(echo));
    await world.book(bookOf(-0.8));
    expect(world.signals).toMatchObject([{ direction: 'LONG', symbol: BTC, run: RUN, timestamp: T0 }]);
    expect(echoes).toMatchObject([{ signal_id: world.signals[0]?.signal_id, direction: 'LONG' }]);
    const entries = await world.service.bus.getMap(Maps.lastEntries);
    expect(entries).toEqual({ [BTC]: { run: RUN, signal_id: world.signals[0]?.signal_id, timestamp: T0 } });
    expect(world.acks).toEqual([]);
    expect(world.service.faults).toEqual([]);
  });

  test('a signal travels with the last book to its execution, and its echo without', async () => {
    const world = await openWorld();
    const echoes: object[] = [];
    await world.fake.bus('dashboard-api').subscribe(Channels.tradingSignals, (echo) => void echoes.push(echo));
    const book = bookOf(-0.8);
    await world.book(book);
    expect(world.signals).toMatchObject([{ direction: 'LONG', book }]);
    expect(echoes[0]).not.toHaveProperty('book');
  });

  test('ts_init is when the message was made, on the machine’s clock', async () => {
    const world = await openWorld();
    world.clock.set(T0 + 7);
    await world.book(bookOf(-0.8, T0));
    expect(world.signals[0]).toMatchObject({ timestamp: T0 + 7, ts_init: T0 + 7 });
  });

  test('a refused trigger becomes a report, and later its follow-up', async () => {
    const world = await openWorld();
    await world.book(bookOf(-0.8));
    await world.book(bookOf(-0.8, T0 + 100));
    expect(world.refusals[0]).toMatchObject({ kind: 'REFUSED', decision: { refused_by: 'COOLDOWN', run: RUN } });
    await world.book(bookOf(0, T0 + 200, { bid: 90 }));
    const [, end] = world.refusals;
    expect(end).toMatchObject({ kind: 'FOLLOWED_UP', follow_up: { exit_reason: 'STOP_LOSS' } });
  });

  test('the regime is written at most every five seconds', async () => {
    const world = await openWorld();
    const updated = async () =>
      (await world.fake.bus('dashboard-api').getRecord(Records.marketRegime, { symbol: BTC }))?.updated_ts;
    await world.book(bookOf(0));
    await world.book(bookOf(0, T0 + 4_999));
    expect(await updated()).toBe(T0);
    await world.book(bookOf(0, T0 + 5_000));
    expect(await updated()).toBe(T0 + 5_000);
  });

  test('malformed messages change nothing and harm nobody', async () => {
    const world = await openWorld();
    for (const text of ['', 'null', '[]', '{"type":"book","symbol":"BTCUSDT"}', '{"type":"kline"}']) {
      world.fake.publish('books:BTCUSDT', text);
      world.fake.publish('closed_klines:BTCUSDT', text);
      world.fake.publish('position_updates', text);
      world.fake.publish('watchlist_changes', text);
    }
    await world.book(bookOf(-0.8));
    expect(world.signals).toHaveLength(1);
    expect(world.service.bus.counts().malformed).toBe(20);
    expect(world.service.faults).toEqual([]);
  });

  describe('a market event dated in the future', () => {
    const publish = async (world: World, book: Book) => {
      await world.fake
        .bus('data-ingestor')
        .write((batch) => batch.publish(Channels.books, book, { symbol: book.symbol }));
      await world.fake.settle();
    };

    test('is dropped, and logged once a minute with their number', async () => {
      const world = await openWorld();
      await world.positions([aPosition()]);
      for (let i = 1; i <= 3; i += 1) await publish(world, bookOf(-0.8, T0 + 60_000 + i, { bid: 200 }));
      expect(world.signals).toEqual([]);
      await publish(world, bookOf(0, T0, { bid: 98 }));
      expect(world.signals).toMatchObject([{ exit_reason: 'STOP_LOSS', entry_price: 98 }]);
      world.clock.set(T0 + 60_000);
      await publish(world, bookOf(-0.8, T0 + 31_536_000_000));
      const lines = world.service.lines.filter(({ message }) => message === 'market event from the future dropped');
      expect(lines.map(({ level, fields }) => [level, fields])).toEqual([
        ['warn', { symbol: BTC, type: 'book', ahead_ms: 60_001, dropped: 1 }],
        ['warn', { symbol: BTC, type: 'book', ahead_ms: 31_535_940_000, dropped: 4 }],
      ]);
    });

    test('by no more than a minute is taken', async () => {
      const world = await openWorld();
      await world.positions([aPosition()]);
      await publish(world, bookOf(0, T0 + 60_000, { bid: 98 }));
      expect(world.signals).toMatchObject([{ exit_reason: 'STOP_LOSS' }]);
    });

    test('is what moves time on in a replay', async () => {
      const world = await openWorld({ mode: lockStep });
      await world.frames([[bookOf(-0.8, T0 + 31_536_000_000, { seq: 1 })]]);
      expect(world.signals).toMatchObject([{ direction: 'LONG', timestamp: T0 + 31_536_000_000 }]);
    });
  });

  test('time runs out while the market is silent', async () => {
    const world = await openWorld();
    await world.positions([aPosition()]);
    world.clock.advance(1_800_000);
    await eventually('the exit', () => world.signals.length > 0);
    expect(world.signals[0]).toMatchObject({ exit_reason: 'TIME_EXIT', signal_id: 'entry-1-TIME_EXIT' });
  });
});

describe('what is there at the start', () => {
  test('candles are read oldest first, and once', async () => {
    const fake = createFakeRedis();
    const candles = Array.from({ length: 40 }, (_, i) => {
      const open_ts = T0 - (40 - i) * 300_000;
      const close = 100 + i;
      return aKline({
        interval: '5m',
        open_ts,
        close_ts: open_ts + 299_999,
        high: `${close + 1}`,
        low: `${close - 1}`,
        close: `${close}`,
      });
    });
    await fake
      .bus('data-ingestor')
      .write((batch) => batch.setList(Lists.klines, candles.toReversed(), { symbol: BTC, interval: '5m' }));
    const world = await openWorld({ fake });
    await world.book(bookOf(0));
    const regime = await world.fake.bus('dashboard-api').getRecord(Records.marketRegime, { symbol: BTC });
    // A straight rise: read backwards, the fast average would lie below the slow one.
    expect(regime?.ema_separation_pct).toBeGreaterThan(0);
    expect(regime?.adx).toBeCloseTo(100, 6);
  });

  test('open positions are managed, those of another run are not', async () => {
    const fake = createFakeRedis();
    await fake.bus('decision-logger').write((batch) => {
      batch.setField(Maps.openPositions, 'BTCUSDT:LONG', aPosition());
      batch.setField(Maps.openPositions, 'BTCUSDT:SHORT', aPosition({ side: 'SHORT', run: 'another' }));
    });
    const world = await openWorld({ fake });
    await world.book(bookOf(0, T0 + 100, { bid: 98 }));
    expect(world.signals.map(({ signal_id }) => signal_id)).toEqual(['entry-1-STOP_LOSS']);
    await world.positions([], { run: 'another' });
    await world.book(bookOf(-0.8, T0 + 200));
    expect(world.signals).toHaveLength(1);
  });

  test('a fresh mood is heard of', async () => {
    const fake = createFakeRedis();
    const mood = { score: -0.9, count: 5, source: 'reddit', updated_ts: T0 };
    await fake.bus('reddit-ingestor').write((batch) => batch.setRecord(Records.sentiment, mood, { symbol: 'global' }));
    const world = await openWorld({ fake });
    await world.book(bookOf(-0.8, T0 + 100));
    expect(world.refusals[0]).toMatchObject({ decision: { refused_by: 'SENTIMENT' } });
  });
});

describe('the watchlist', () => {
  test('is followed: what is new is heard, what left is not', async () => {
    const world = await openWorld({ watchlist: [] });
    const ingestor = world.fake.bus('data-ingestor');
    await world.book(bookOf(-0.8));
    expect(world.signals).toEqual([]);
    await ingestor.write((batch) => batch.publish(Channels.watchlistChanges, { symbols: ['ETHUSDT'] }));
    await world.fake.settle();
    await world.book(bookOf(-0.8, T0 + 100));
    await world.book(bookOf(0.8, T0 + 200, { symbol: 'ETHUSDT' }));
    expect(world.signals.map(({ symbol }) => symbol)).toEqual(['ETHUSDT']);
    await ingestor.write((batch) => batch.publish(Channels.watchlistChanges, { symbols: [BTC] }));
    await world.fake.settle();
    await world.positions([], { symbol: 'ETHUSDT', ts_event: T0 + 60_000 });
    await world.book(bookOf(-0.8, T0 + 200_000));
    expect(world.signals.map(({ symbol }) => symbol)).toEqual(['ETHUSDT', BTC]);
  });

  test('a position keeps its symbol heard', async () => {
    const world = await openWorld();
    await world.positions([aPosition({ symbol: 'ETHUSDT' })], { symbol: 'ETHUSDT' });
    await world.book(bookOf(0, T0 + 100, { symbol: 'ETHUSDT', bid: 98 }));
    expect(world.signals).toMatchObject([{ symbol: 'ETHUSDT', exit_reason: 'STOP_LOSS' }]);
  });
});

test('books that are polled confirm one another over a longer window', async () => {
  const settings = defaultSettings({ signals: { min_book_history_sec: 0 } });
  for (const [mode, expected] of [
    ['synthetic', 0],
    ['public', 1],
  ] as const) {
    const world = await openWorld({ settings, mode: aMode({ mode }) });
    for (const afterMs of [0, 5_000, 10_000]) await world.book(bookOf(-0.8, T0 + afterMs));
    expect(world.signals).toHaveLength(expected);
  }
});

test('an empty ranking is an empty watchlist', async () => {
  const fake = createFakeRedis();
  await fake.bus('data-ingestor').write((batch) => batch.setRanking(Rankings.watchlist, {}));
  const world = await openWorld({ fake, watchlist: [] });
  await world.book(bookOf(-0.8));
  expect(world.signals).toEqual([]);
  expect(world.service.faults).toEqual([]);
});

test('stops and targets lie on the tick that the ingestor tells, in lock-step too', async () => {
  for (const mode of [aMode(), lockStep]) {
    const fake = createFakeRedis();
    const instrument = { symbol: BTC, tick_size: '0.50', step_size: '0.001', min_qty: '0.001', min_notional: '5' };
    await fake.bus('data-ingestor').write((batch) => batch.setField(Maps.instruments, BTC, instrument));
    const world = await openWorld({ fake, mode });
    const book = bookOf(-0.8, T0, { bid: 28_145.5 });
    if (mode === lockStep) await world.frames([[{ ...book, seq: 1 }]]);
    else await world.book(book);
    await eventually('the signal', () => world.signals.length > 0);
    const [signal] = world.signals;
    for (const price of [signal?.stop_loss, signal?.take_profit]) expect((price ?? Number.NaN) % 0.5).toBe(0);
  }
});
