import type { VenueNews } from '@helios/core/live/venue-port.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { expect, test } from 'vitest';
import type { FaultInput } from '../src/faults/fault.ts';
import { LiveSession } from './live-session.ts';

const ORDERS = 25;

/** Faults of requests and events that a session meets, each with a probability. */
function faultsOf(seed: number): FaultInput[] {
  const order = { path: '/fapi/v1/order', seed } as const;
  return [
    { fault: 'reset', ...order, after: true, rate: 0.1 },
    { fault: 'half', ...order, rate: 0.1 },
    { fault: 'status', status: 503, ...order, method: 'POST', after: true, rate: 0.1 },
    { fault: 'status', status: 503, ...order, method: 'POST', rate: 0.1 },
    { fault: 'garbage', ...order, rate: 0.05 },
    { fault: 'slow', ms: 80, ...order, after: true, rate: 0.3 },
    { fault: 'user-event', how: 'duplicated', rate: 0.2, seed },
    { fault: 'user-event', how: 'reordered', rate: 0.2, seed },
    { fault: 'user-event', how: 'lost', rate: 0.1, seed },
  ];
}

/** The last word on each request to place an order. */
function answersOf(news: readonly VenueNews[], id: string): readonly string[] {
  return news.flatMap((one) => {
    if (one.kind === 'ORDER') return one.event.client_order_id === id ? [one.event.kind] : [];
    return 'clientOrderId' in one && one.clientOrderId === id && one.kind !== 'ORDER_SENT' ? [one.kind] : [];
  });
}

/** Filled quantity of an order by the trades that were told, each counted once. */
function filledOf(session: LiveSession, id: string): number {
  const fills = session.all('ORDER').flatMap(({ event }) => (event.kind === 'FILL' ? [event] : []));
  const trades = new Map(
    fills.flatMap((fill) => (fill.client_order_id === id ? [[fill.trade_id, fill.quantity]] : [])),
  );
  return [...trades.values()].reduce((sum, quantity) => sum + quantity, 0);
}

test.each([1, 2, 3])(
  'random faults (seed %i): every request is answered, none is sent twice, every fill is found',
  async (seed) => {
    const session = await LiveSession.open();
    const rng = new Rng(`live orders ${seed}`);
    await session.faults(...faultsOf(seed));
    const ids = Array.from({ length: ORDERS }, (_, index) => `he-${seed}-${index}`);
    for (const id of ids) {
      const [isMarket, isBuy] = [rng.uniform() < 0.5, rng.uniform() < 0.5];
      if (isMarket) session.placeMarket(id, isBuy ? 'BUY' : 'SELL', 0.001);
      else session.placeLimit(id, isBuy ? 59_000 : 61_000, 'GTX', isBuy ? 'BUY' : 'SELL');
      if (rng.uniform() < 0.3) session.cancel(id);
    }
    for (const id of ids) await expect.poll(() => answersOf(session.news, id).length).toBeGreaterThan(0);
    await session.faults();
    const before = session.news.length;
    for (const id of ids) session.query(id);
    const queried = () => ids.every((id) => answersOf(session.news.slice(before), id).length > 0);
    await expect.poll(queried).toBe(true);
    const truth = await session.trueOrders();
    for (const id of ids) {
      expect(truth.filter((order) => order.client_order_id === id).length, id).toBeLessThanOrEqual(1);
      const order = truth.find((one) => one.client_order_id === id);
      const told = answersOf(session.news.slice(before), id);
      if (order === undefined) expect([id, told]).toEqual([id, ['ORDER_ABSENT']]);
      else expect([id, filledOf(session, id)]).toEqual([id, Number(order.filled)]);
      if (order?.status === 'CANCELED') expect([id, told.at(-1)]).toEqual([id, 'CANCELLED']);
      if (order?.status === 'NEW') expect([id, told.at(-1)]).toEqual([id, 'ACCEPTED']);
    }
  },
  40_000,
);
