import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { aBook, aKline, aTrade } from '@helios/shared/testing/builders.ts';
import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import { expect, test } from 'vitest';
import { PublishQueue } from './publish-queue.ts';
import { Publisher } from './publisher.ts';

/** A publisher whose writes end when the test says so. */
function createPublishQueue() {
  const writes: { readonly events: readonly MarketEvent[]; readonly end: (error?: Error) => void }[] = [];
  const held: MarketEvent[] = [];
  const publisher = Object.create(Publisher.prototype) as Publisher<'data-ingestor'>;
  publisher.publish = (events) =>
    new Promise((resolve, reject) => {
      writes.push({ events, end: (error) => (error === undefined ? resolve() : reject(error)) });
    });
  publisher.hold = (events) => void held.push(...events);
  const log = createRecordingLog();
  return { publishQueue: new PublishQueue(publisher, log), writes, held, log };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('events that arrive during a write go out with the next one, in order, with only the newest book of a symbol', async () => {
  const { publishQueue, writes } = createPublishQueue();
  const first = publishQueue.publish([aBook({ last_update_id: 1 })]);
  await turn();
  const trades = [aTrade({ trade_id: 1 }), aTrade({ trade_id: 2 })];
  const broken: MarketEvent = {
    type: 'break',
    symbol: 'BTCUSDT',
    ts_event: 1,
    ts_init: 1,
    kind: 'BOOK_INVALID',
    reason: 'x',
  };
  const other = aBook({ symbol: 'ETHUSDT', last_update_id: 7 });
  const newest = aBook({ last_update_id: 3 });
  const second = [
    publishQueue.publish([aBook({ last_update_id: 2 }), trades[0] as MarketEvent]),
    publishQueue.publish([broken, other]),
    publishQueue.publish([newest, trades[1] as MarketEvent]),
  ];
  await turn();
  expect(writes).toHaveLength(1);
  writes[0]?.end();
  await first;
  await turn();
  expect(writes[1]?.events).toEqual([trades[0], broken, other, newest, trades[1]]);
  writes[1]?.end();
  await Promise.all(second);
  expect(writes).toHaveLength(2);
});

test('while Redis is away klines are kept and all else is dropped, with one warning per outage', async () => {
  const { publishQueue, writes, held, log } = createPublishQueue();
  const away = new BusUnavailable('REDIS_UNAVAILABLE', 'refused');
  for (const kline of [aKline(), aKline({ open_ts: aKline().open_ts + 60_000 })]) {
    const publish = publishQueue.publish([kline]);
    await turn();
    writes.at(-1)?.end(away);
    await publish;
  }
  expect(held.map(({ type }) => type)).toEqual(['kline', 'kline']);
  const back = publishQueue.publish([aBook()]);
  await turn();
  writes.at(-1)?.end();
  await back;
  expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'info']);
});

test('a fault of ours rejects, and does not block the next write', async () => {
  const { publishQueue, writes } = createPublishQueue();
  const broken = publishQueue.publish([aBook()]);
  await turn();
  writes[0]?.end(new Error('ours'));
  await expect(broken).rejects.toThrow('ours');
  void publishQueue.publish([aBook()]);
  await turn();
  expect(writes).toHaveLength(2);
});
