import { Rankings, Streams, Values } from '@helios/shared/contracts/catalog.ts';
import type { Book } from '@helios/shared/domain/market-data.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { aBook, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { expect, it } from 'vitest';
import { readLedger } from '../../../tests/harness/ledger-reader.ts';
import { SignalBooks } from '../src/signal-books.ts';
import { decisions, engine, harness, next, send, start, useLoggerHarness } from './logger-harness.ts';

useLoggerHarness();

const quote = { bid: 99.9, ask: 100 };
const withAsks = (asks: Book['asks'], ts_event = T0) => aBook({ bids: [['99.9', '5']], asks, ts_event });

async function startWatching(sample: Book): Promise<void> {
  await harness.fake.bus('data-ingestor').write((batch) => {
    batch.setRanking(Rankings.watchlist, { BTCUSDT: 1 });
    batch.set(Values.orderbook, sample, { symbol: 'BTCUSDT' });
  });
  (await start('HF_MARKET', 2)).clock.set(T0);
}

it('a signal walks through the levels of its book, which is not recorded', async () => {
  await startWatching(withAsks([['100', '5']], T0 - 1_000));
  const signal = next({ entry_price: 100, quote });
  const book = withAsks([
    ['100', '1'],
    ['102', '1'],
  ]);
  await engine().write((batch) => batch.append(Streams.signals, { ...signal, book }));
  await harness.fake.settle();
  expect((await decisions())[0]).toMatchObject({ outcome: 'OPENED', fill_price: 101, slippage: 2 });
  await harness.running?.stop();
  harness.running = undefined;
  expect(readLedger(harness.folder).signals).toEqual([signal]);
});

it('a signal without a book is executed on the newest sample', async () => {
  await startWatching(withAsks([['100', '5']], T0 - 1_000));
  const newer = withAsks([['103', '5']]);
  await harness.fake.bus('data-ingestor').write((batch) => batch.set(Values.orderbook, newer, { symbol: 'BTCUSDT' }));
  await send(next({ entry_price: 100, quote }));
  expect((await decisions())[0]).toMatchObject({ outcome: 'OPENED', fill_price: 103 });
});

it('a signal that had to wait is executed on the newer of its book and the sample', async () => {
  await startWatching(withAsks([['100', '5']], T0 - 9_000));
  const carries = async (fields: Partial<TradingSignal>, book: Book) => {
    await engine().write((batch) => batch.append(Streams.signals, { ...next(fields), book }));
    await harness.fake.settle();
    return (await decisions())[0];
  };
  const sample = aBook({ bids: [['98', '5']], asks: [['103', '5']], ts_event: T0 - 500 });
  await harness.fake.bus('data-ingestor').write((batch) => batch.set(Values.orderbook, sample, { symbol: 'BTCUSDT' }));
  const late = withAsks([['100', '5']], T0 - 8_000);
  expect(await carries({ entry_price: 100, quote }, late)).toMatchObject({ outcome: 'OPENED', fill_price: 103 });
  const exit = { direction: 'EXIT_LONG', exit_reason: 'STOP_LOSS', entry_price: 99.9, quote } as const;
  expect(await carries(exit, late)).toMatchObject({ outcome: 'CLOSED', fill_price: 98 });
});

it('while Redis is away a signal does not wait for a sample', async () => {
  const fake = createFakeRedis();
  const heard: Book[] = [];
  const books = new SignalBooks({
    bus: fake.bus('decision-logger'),
    now: () => T0,
    subscribesToBooks: false,
    isKnown: () => false,
    onBook: (book) => void heard.push(book),
  });
  fake.goDown();
  await books.need({ symbol: 'BTCUSDT' });
  await books.need({ symbol: 'BTCUSDT', book: aBook() });
  expect(heard).toEqual([aBook()]);
});

it('while Redis hangs a signal does not wait either', async () => {
  const bus = { ...createFakeRedis().bus('decision-logger'), get: () => new Promise<never>(() => {}) };
  const books = new SignalBooks({
    bus,
    now: () => T0,
    subscribesToBooks: false,
    isKnown: () => false,
    onBook: () => {},
  });
  await expect(books.need({ symbol: 'BTCUSDT' })).resolves.toBeUndefined();
});

it('if every book is received, the signal’s book counts only until the first one', async () => {
  const heard: Book[] = [];
  const isKnown = () => heard.length > 0;
  const onBook = (book: Book) => void heard.push(book);
  const bus = createFakeRedis().bus('decision-logger');
  const books = new SignalBooks({ bus, now: () => T0, subscribesToBooks: true, isKnown, onBook });
  await books.need({ symbol: 'BTCUSDT', book: aBook() });
  await books.need({ symbol: 'BTCUSDT', book: aBook({ last_update_id: 7 }) });
  expect(heard).toEqual([aBook()]);
});

it('books and trades are received only if limit orders need them', async () => {
  const listensTo = async (mode: 'HF_MARKET' | 'HF_LIMIT') => {
    await harness.fake.bus('data-ingestor').write((batch) => batch.setRanking(Rankings.watchlist, { BTCUSDT: 1 }));
    const { bus, stop } = await start(mode);
    for (const name of ['books', 'market_trades', 'mark_prices', 'market_breaks'])
      harness.fake.publish(`${name}:BTCUSDT`, '{}');
    await harness.fake.settle();
    await stop();
    // Every received message is malformed, and counted.
    return bus.counts().malformed;
  };
  expect(await listensTo('HF_MARKET')).toBe(2);
  expect(await listensTo('HF_LIMIT')).toBe(4);
});
