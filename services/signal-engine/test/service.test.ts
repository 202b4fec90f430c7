import { Channels, Lists, Maps, Rankings, Records } from '@helios/shared/contracts/catalog.ts';
import type { Book } from '@helios/shared/domain/market-data.ts';
import { aKline, aMode, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { afterEach, describe, expect, test } from 'vitest';
import {
  aDenial,
  aPosition,
  BTC,
  bookOf,
  closeEngineHarnesses,
  type EngineHarness,
  lockStep,
  openEngineHarness,
  RUN,
} from './engine-harness.ts';

afterEach(closeEngineHarnesses);

describe('from a book to the streams', () => {
  test('a trigger becomes a signal, its echo, and the symbol’s last entry', async () => {
    const harness = await openEngineHarness();
    const echoes: unknown[] = [];
    await harness.fake.bus('dashboard-api').subscribe(Channels.tradingSignals, (echo) => void echoes.push(echo));
    await harness.book(bookOf(-0.8));
    expect(harness.signals).toMatchObject([{ direction: 'LONG', symbol: BTC, run: RUN, timestamp: T0 }]);
    expect(echoes).toMatchObject([{ signal_id: harness.signals[0]?.signal_id, direction: 'LONG' }]);
    const entries = await harness.service.bus.getMap(Maps.lastEntries);
    expect(entries).toEqual({ [BTC]: { run: RUN, signal_id: harness.signals[0]?.signal_id, timestamp: T0 } });
    expect(harness.acks).toEqual([]);
    expect(harness.service.faults).toEqual([]);
  });

  test('a signal goes to its execution with the last book, and its echo without', async () => {
    const harness = await openEngineHarness();
    const echoes: object[] = [];
    await harness.fake.bus('dashboard-api').subscribe(Channels.tradingSignals, (echo) => void echoes.push(echo));
    const book = bookOf(-0.8);
    await harness.book(book);
    expect(harness.signals).toMatchObject([{ direction: 'LONG', book }]);
    expect(echoes[0]).not.toHaveProperty('book');
  });

  test('ts_init is the time of the message on the machine’s clock', async () => {
    const harness = await openEngineHarness();
    harness.clock.set(T0 + 7);
    await harness.book(bookOf(-0.8, T0));
    expect(harness.signals[0]).toMatchObject({ timestamp: T0 + 7, ts_init: T0 + 7 });
  });

  test('a refused trigger becomes a report, and later its follow-up', async () => {
    const harness = await openEngineHarness();
    await harness.book(bookOf(-0.8));
    await harness.book(bookOf(-0.8, T0 + 100));
    expect(harness.refusals[0]).toMatchObject({ kind: 'REFUSED', decision: { refused_by: 'COOLDOWN', run: RUN } });
    await harness.book(bookOf(0, T0 + 200, { bid: 90 }));
    const [, end] = harness.refusals;
    expect(end).toMatchObject({ kind: 'FOLLOWED_UP', follow_up: { exit_reason: 'STOP_LOSS' } });
  });

  test('the regime is written at most every five seconds', async () => {
    const harness = await openEngineHarness();
    const updated = async () =>
      (await harness.fake.bus('dashboard-api').getRecord(Records.marketRegime, { symbol: BTC }))?.updated_ts;
    await harness.book(bookOf(0));
    await harness.book(bookOf(0, T0 + 4_999));
    expect(await updated()).toBe(T0);
    await harness.book(bookOf(0, T0 + 5_000));
    expect(await updated()).toBe(T0 + 5_000);
  });

  test('malformed messages change nothing and do no harm', async () => {
    const harness = await openEngineHarness();
    for (const text of ['', 'null', '[]', '{"type":"book","symbol":"BTCUSDT"}', '{"type":"kline"}']) {
      harness.fake.publish('books:BTCUSDT', text);
      harness.fake.publish('closed_klines:BTCUSDT', text);
      harness.fake.publish('position_updates', text);
      harness.fake.publish('watchlist_changes', text);
    }
    await harness.book(bookOf(-0.8));
    expect(harness.signals).toHaveLength(1);
    expect(harness.service.bus.counts().malformed).toBe(20);
    expect(harness.service.faults).toEqual([]);
  });

  describe('a market event dated in the future', () => {
    const publish = async (harness: EngineHarness, book: Book) => {
      await harness.fake
        .bus('data-ingestor')
        .write((batch) => batch.publish(Channels.books, book, { symbol: book.symbol }));
      await harness.fake.settle();
    };

    test('is dropped, and logged once a minute with the number', async () => {
      const harness = await openEngineHarness();
      await harness.positions([aPosition()]);
      for (let i = 1; i <= 3; i += 1) await publish(harness, bookOf(-0.8, T0 + 60_000 + i, { bid: 200 }));
      expect(harness.signals).toEqual([]);
      await publish(harness, bookOf(0, T0, { bid: 98 }));
      expect(harness.signals).toMatchObject([{ exit_reason: 'STOP_LOSS', entry_price: 98 }]);
      harness.clock.set(T0 + 60_000);
      await publish(harness, bookOf(-0.8, T0 + 31_536_000_000));
      const lines = harness.service.lines.filter(({ message }) => message === 'market event from the future dropped');
      expect(lines.map(({ level, fields }) => [level, fields])).toEqual([
        ['warn', { symbol: BTC, type: 'book', ahead_ms: 60_001, dropped: 1 }],
        ['warn', { symbol: BTC, type: 'book', ahead_ms: 31_535_940_000, dropped: 4 }],
      ]);
    });

    test('by at most a minute is accepted', async () => {
      const harness = await openEngineHarness();
      await harness.positions([aPosition()]);
      await publish(harness, bookOf(0, T0 + 60_000, { bid: 98 }));
      expect(harness.signals).toMatchObject([{ exit_reason: 'STOP_LOSS' }]);
    });

    test('moves time in a replay', async () => {
      const harness = await openEngineHarness({ mode: lockStep });
      await harness.frames([[bookOf(-0.8, T0 + 31_536_000_000, { seq: 1 })]]);
      expect(harness.signals).toMatchObject([{ direction: 'LONG', timestamp: T0 + 31_536_000_000 }]);
    });
  });

  test('time passes while the market is silent', async () => {
    const harness = await openEngineHarness();
    await harness.positions([aPosition()]);
    harness.clock.advance(1_800_000);
    await eventually('the exit', () => harness.signals.length > 0);
    expect(harness.signals[0]).toMatchObject({ exit_reason: 'TIME_EXIT', signal_id: 'entry-1-TIME_EXIT' });
  });
});

describe('state at the start', () => {
  test('klines are read oldest first, and once', async () => {
    const fake = createFakeRedis();
    const klines = Array.from({ length: 40 }, (_, i) => {
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
      .write((batch) => batch.setList(Lists.klines, klines.toReversed(), { symbol: BTC, interval: '5m' }));
    const harness = await openEngineHarness({ fake });
    await harness.book(bookOf(0));
    const regime = await harness.fake.bus('dashboard-api').getRecord(Records.marketRegime, { symbol: BTC });
    // A straight rise: in reverse order the fast average would be below the slow one.
    expect(regime?.ema_separation_atr).toBeGreaterThan(0);
    expect(regime?.adx).toBeCloseTo(100, 6);
  });

  test('open positions are managed, but not those of another run', async () => {
    const fake = createFakeRedis();
    await fake.bus('decision-logger').write((batch) => {
      batch.setField(Maps.openPositions, 'BTCUSDT:LONG', aPosition());
      batch.setField(Maps.openPositions, 'BTCUSDT:SHORT', aPosition({ side: 'SHORT', run: 'another' }));
    });
    const harness = await openEngineHarness({ fake });
    await harness.book(bookOf(0, T0 + 100, { bid: 98 }));
    expect(harness.signals.map(({ signal_id }) => signal_id)).toEqual(['entry-1-STOP_LOSS']);
    await harness.positions([], { run: 'another' });
    await harness.book(bookOf(-0.8, T0 + 200));
    expect(harness.signals).toHaveLength(1);
  });

  test('a fresh sentiment is read', async () => {
    const fake = createFakeRedis();
    const sentiment = { score: -0.9, count: 5, source: 'reddit', updated_ts: T0 };
    await fake
      .bus('reddit-ingestor')
      .write((batch) => batch.setRecord(Records.sentiment, sentiment, { symbol: 'global' }));
    const harness = await openEngineHarness({ fake });
    await harness.book(bookOf(-0.8, T0 + 100));
    expect(harness.refusals[0]).toMatchObject({ decision: { refused_by: 'SENTIMENT' } });
  });
});

describe('the watchlist', () => {
  test('is followed: new symbols are received, removed ones are not', async () => {
    const harness = await openEngineHarness({ watchlist: [] });
    const ingestor = harness.fake.bus('data-ingestor');
    await harness.book(bookOf(-0.8));
    expect(harness.signals).toEqual([]);
    await ingestor.write((batch) => batch.publish(Channels.watchlistChanges, { symbols: ['ETHUSDT'] }));
    await harness.fake.settle();
    await harness.book(bookOf(-0.8, T0 + 100));
    await harness.book(bookOf(0.8, T0 + 200, { symbol: 'ETHUSDT' }));
    expect(harness.signals.map(({ symbol }) => symbol)).toEqual(['ETHUSDT']);
    await ingestor.write((batch) => batch.publish(Channels.watchlistChanges, { symbols: [BTC] }));
    await harness.fake.settle();
    const answered = harness.signals.map(({ signal_id }) => aDenial(signal_id, { symbol: 'ETHUSDT' }));
    await harness.positions([], { symbol: 'ETHUSDT', executions: answered });
    await harness.book(bookOf(-0.8, T0 + 200_000));
    expect(harness.signals.map(({ symbol }) => symbol)).toEqual(['ETHUSDT', BTC]);
  });

  test('keeps a symbol while it has a position', async () => {
    const harness = await openEngineHarness();
    await harness.positions([aPosition({ symbol: 'ETHUSDT' })], { symbol: 'ETHUSDT' });
    await harness.book(bookOf(0, T0 + 100, { symbol: 'ETHUSDT', bid: 98 }));
    expect(harness.signals).toMatchObject([{ symbol: 'ETHUSDT', exit_reason: 'STOP_LOSS' }]);
  });
});

test('polled books confirm one another over a longer window', async () => {
  const settings = defaultSettings({ signals: { min_book_history_sec: 0 } });
  for (const [mode, expected] of [
    ['synthetic', 0],
    ['public', 1],
  ] as const) {
    const harness = await openEngineHarness({ settings, mode: aMode({ mode }) });
    for (const afterMs of [0, 5_000, 10_000]) await harness.book(bookOf(-0.8, T0 + afterMs));
    expect(harness.signals).toHaveLength(expected);
  }
});

test('an empty ranking is an empty watchlist', async () => {
  const fake = createFakeRedis();
  await fake.bus('data-ingestor').write((batch) => batch.setRanking(Rankings.watchlist, {}));
  const harness = await openEngineHarness({ fake, watchlist: [] });
  await harness.book(bookOf(-0.8));
  expect(harness.signals).toEqual([]);
  expect(harness.service.faults).toEqual([]);
});

test('stops and targets fit the tick of the ingestor, in lock-step too', async () => {
  for (const mode of [aMode(), lockStep]) {
    const fake = createFakeRedis();
    const instrument = { symbol: BTC, tick_size: '0.50', step_size: '0.001', min_qty: '0.001', min_notional: '5' };
    await fake.bus('data-ingestor').write((batch) => batch.setField(Maps.instruments, BTC, instrument));
    const harness = await openEngineHarness({ fake, mode });
    const book = bookOf(-0.8, T0, { bid: 28_145.5 });
    if (mode === lockStep) await harness.frames([[{ ...book, seq: 1 }]]);
    else await harness.book(book);
    await eventually('the signal', () => harness.signals.length > 0);
    const [signal] = harness.signals;
    for (const price of [signal?.stop_loss, signal?.take_profit]) expect((price ?? Number.NaN) % 0.5).toBe(0);
  }
});
