import { expectTypeOf, test } from 'vitest';
import type { Book } from '../domain/market-data.ts';
import type { Bus } from '../runtime/bus.ts';
import { Channels, Records, Streams, Values } from './catalog.ts';
import { nameOf } from './entry.ts';

declare const engine: Bus<'signal-engine'>;
declare const ingestor: Bus<'data-ingestor'>;
declare const book: Book;

/** Never called: the compiler is the test. An expected error that does not come fails the type check. */
export function mustNotCompile(): void {
  void ingestor.write((b) => b.publish(Channels.books, book, { symbol: 'BTCUSDT' }));
  // @ts-expect-error signal-engine does not write books
  void engine.write((b) => b.publish(Channels.books, book, { symbol: 'BTCUSDT' }));
  // @ts-expect-error a hole is forgotten
  void ingestor.write((b) => b.publish(Channels.books, book));
  // @ts-expect-error a hole has another name
  void ingestor.write((b) => b.set(Values.orderbook, book, { instrument: 'BTCUSDT' }));
  // @ts-expect-error an ingestor does not read signals
  void ingestor.consume(Streams.signals, async () => {});
  // @ts-expect-error the message has another shape
  void ingestor.write((b) => b.publish(Channels.books, { type: 'book' }, { symbol: 'BTCUSDT' }));
  void engine.getRecord(Records.fleetMode).then((mode) => mode?.run.trim());
}

test('a name gets its values, and a missing value is an error', () => {
  expectTypeOf<Parameters<typeof engine.subscribe<typeof Channels.books>>[1]>().parameter(0).toEqualTypeOf<Book>();
  const filled = nameOf(Values.orderbook, { symbol: 'BTCUSDT' });
  if (filled !== 'orderbook:BTCUSDT') throw new Error(filled);
});
