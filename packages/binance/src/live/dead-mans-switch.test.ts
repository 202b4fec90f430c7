import type { VenueNews } from '@helios/core/live/venue-port.ts';
import type { OrderEvent } from '@helios/shared/domain/venue-event.ts';
import { expect, test } from 'vitest';
import { DeadMansSwitch } from './dead-mans-switch.ts';

function armed() {
  const asked: [string, number][] = [];
  const venue = { takes: true };
  const killer = new DeadMansSwitch(async (symbol, countdownMs) => {
    asked.push([symbol, countdownMs]);
    return venue.takes;
  });
  const place = (clientOrderId: string, timeInForce: 'GTX' | 'IOC' = 'GTX', reduceOnly = false) =>
    killer.onCommand({
      ...{ kind: 'PLACE_ORDER', isProtective: reduceOnly },
      order: {
        ...{ clientOrderId, symbol: 'BTCUSDT', action: 'BUY', quantity: 1, reduceOnly },
        execution: { type: 'LIMIT', price: 5, timeInForce },
      },
    });
  const hear = (event: OrderEvent): void => killer.onNews({ kind: 'ORDER', symbol: 'BTCUSDT', event } as VenueNews);
  return { killer, asked, venue, place, hear };
}

const fill = (trade_id: string, quantity: number): OrderEvent => ({
  ...{ kind: 'FILL', client_order_id: 'he-1', ts_event: 1, trade_id, price: 5, quantity },
  ...{ fee: 0, liquidity: 'MAKER', slippage: 0 },
});

test('a countdown starts with a resting entry, is refreshed, and ends with the entry', async () => {
  const { killer, asked, place, hear } = armed();
  place('he-1');
  for (const nowMs of [0, 250, 29_750, 30_000]) await killer.onTimer(nowMs);
  expect(asked).toEqual([
    ['BTCUSDT', 120_000],
    ['BTCUSDT', 120_000],
  ]);
  hear({ kind: 'CANCELLED', client_order_id: 'he-1', ts_event: 1, filled_quantity: 0 });
  for (const nowMs of [30_250, 30_500, 99_000]) await killer.onTimer(nowMs);
  expect(asked.slice(2)).toEqual([['BTCUSDT', 0]]);
});

test('an entry rests until all of it is filled, each trade counted once', async () => {
  const { killer, asked, place, hear } = armed();
  place('he-1');
  await killer.onTimer(0);
  for (const event of [fill('7', 0.5), fill('7', 0.5)]) hear(event);
  await killer.onTimer(250);
  expect(asked).toHaveLength(1);
  hear(fill('8', 0.5));
  await killer.onTimer(500);
  expect(asked.at(-1)).toEqual(['BTCUSDT', 0]);
});

test('exits and orders that cannot rest start none', async () => {
  const { killer, asked, place } = armed();
  place('he-1', 'GTX', true);
  place('he-2', 'IOC');
  await killer.onTimer(0);
  expect(asked).toEqual([]);
});

test('a refused request is tried again, also the last one', async () => {
  const { killer, asked, venue, place } = armed();
  venue.takes = false;
  place('he-1');
  for (const nowMs of [0, 250, 5_000]) await killer.onTimer(nowMs);
  expect(asked).toHaveLength(2);
  killer.onNews({ kind: 'ORDER_ABSENT', clientOrderId: 'he-1' });
  await killer.onTimer(5_250);
  await killer.onTimer(5_500);
  venue.takes = true;
  await killer.onTimer(10_250);
  await killer.onTimer(99_000);
  expect(asked.slice(2)).toEqual([
    ['BTCUSDT', 0],
    ['BTCUSDT', 0],
  ]);
});
