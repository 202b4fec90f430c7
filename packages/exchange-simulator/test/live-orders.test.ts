import type { VenueNews } from '@helios/core/live/venue-port.ts';
import { expect, test } from 'vitest';
import { LiveSession } from './live-session.ts';

type OrderNews = Extract<VenueNews, { kind: 'ORDER' }>;

const isEvent =
  (kind: OrderNews['event']['kind'], id: string) =>
  ({ event }: OrderNews): boolean =>
    event.kind === kind && event.client_order_id === id;

/** Kinds of the events of an order, in their order. */
function eventsOf(session: LiveSession, id: string): readonly string[] {
  return session.all('ORDER').flatMap(({ event }) => (event.client_order_id === id ? [event.kind] : []));
}

test('a market order is sent, accepted and filled, with the fee in quote currency', async () => {
  const session = await LiveSession.open();
  session.placeMarket('he-1', 'BUY');
  const { event } = await session.first('ORDER', isEvent('FILL', 'he-1'));
  expect(event).toMatchObject({ price: 60_000.1, quantity: 0.01, liquidity: 'TAKER', slippage: 0 });
  expect(event).toMatchObject({ fee: expect.closeTo(60_000.1 * 0.01 * 0.0005, 6), trade_id: expect.any(String) });
  await session.first('ORDER', isEvent('ACCEPTED', 'he-1'));
  expect(session.news[0]).toEqual({ kind: 'USER_STREAM', isOpen: true, reason: 'events come' });
  expect(session.news[1]).toMatchObject({ kind: 'ORDER_SENT', clientOrderId: 'he-1' });
  const position = await session.first('POSITION');
  expect(position).toMatchObject({ symbol: 'BTCUSDT', signedQuantity: 0.01, entryPrice: 60_000.1 });
  expect((await session.first('WALLET')).walletBalance).toBeCloseTo(10_000 - 60_000.1 * 0.01 * 0.0005, 6);
});

test('a short position and its end are told with their signs', async () => {
  const session = await LiveSession.open();
  session.placeMarket('he-1', 'SELL', 0.02);
  expect(await session.first('POSITION')).toMatchObject({ signedQuantity: -0.02 });
  session.forget();
  session.placeMarket('he-2', 'BUY', 0.02, true);
  expect(await session.first('POSITION')).toMatchObject({ signedQuantity: 0, entryPrice: undefined });
});

test('F18: a resting order is cancelled; a second cancel is refused', async () => {
  const session = await LiveSession.open();
  session.placeLimit('he-1', 59_000);
  session.cancel('he-1');
  const { event } = await session.first('ORDER', isEvent('CANCELLED', 'he-1'));
  expect(event).toMatchObject({ filled_quantity: 0 });
  session.cancel('he-1');
  expect(await session.first('CANCEL_REFUSED')).toEqual({
    ...{ kind: 'CANCEL_REFUSED', clientOrderId: 'he-1', code: '-2011' },
  });
});

test('a post-only order that would take is refused with its code, an IOC order that finds nothing expires', async () => {
  const session = await LiveSession.open();
  session.placeLimit('he-1', 60_500);
  session.placeLimit('he-2', 59_000, 'IOC');
  const { event } = await session.first('ORDER', isEvent('REJECTED', 'he-1'));
  expect(event).toMatchObject({ code: '-5022' });
  expect((await session.first('ORDER', isEvent('EXPIRED', 'he-2'))).event).toMatchObject({ filled_quantity: 0 });
});

test('F38: a reduce-only order without a position is refused with -2022', async () => {
  const session = await LiveSession.open();
  session.placeMarket('he-1', 'SELL', 0.01, true);
  const { event } = await session.first('ORDER', isEvent('REJECTED', 'he-1'));
  expect(event).toMatchObject({ code: '-2022' });
});

test.each([
  ['F1: hangs after it was placed', { fault: 'hang', after: true }],
  ['F1: -1007 after it was placed', { fault: 'status', status: 408, after: true }],
  ['F2: 503 after it was placed', { fault: 'status', status: 503, after: true }],
  ['cut after it was placed', { fault: 'reset', after: true }],
  ['half an answer', { fault: 'half' }],
  ['a proxy’s page', { fault: 'html', after: true }],
] as const)('%s: the outcome is unknown, a query finds the fill, nothing is sent twice', async (_, fault) => {
  const session = await LiveSession.open();
  await session.faults({ ...fault, path: '/fapi/v1/order', method: 'POST', times: 1 });
  session.placeMarket('he-1', 'BUY');
  expect(await session.first('ORDER_UNKNOWN')).toMatchObject({ clientOrderId: 'he-1' });
  session.forget();
  session.query('he-1');
  await session.first('ORDER', isEvent('ACCEPTED', 'he-1'));
  expect(session.all('ORDER').map(({ event }) => event)).toContainEqual(
    expect.objectContaining({ kind: 'FILL', price: 60_000.1, quantity: 0.01 }),
  );
  const executed = await session.truePosition();
  const placed = await session.placedOrders();
  expect([executed, placed]).toEqual(['0.010', ['he-1']]);
});

test('an answer that is no JSON: unknown, and the query says absent', async () => {
  const session = await LiveSession.open();
  await session.faults({ fault: 'garbage', path: '/fapi/v1/order', method: 'POST', times: 1 });
  session.placeMarket('he-1', 'BUY');
  await session.first('ORDER_UNKNOWN');
  session.query('he-1');
  expect(await session.first('ORDER_ABSENT')).toEqual({ kind: 'ORDER_ABSENT', clientOrderId: 'he-1' });
});

test('503 with -1008 before it was placed: not sent', async () => {
  const session = await LiveSession.open();
  await session.faults({ fault: 'status', status: 503, path: '/fapi/v1/order', method: 'POST', times: 1 });
  session.placeMarket('he-1', 'BUY');
  expect(await session.first('ORDER_NOT_SENT')).toMatchObject({ clientOrderId: 'he-1', retryAfterMs: 1_000 });
});

test('F4: an id that is open already is unknown, never rejected', async () => {
  const session = await LiveSession.open();
  session.placeLimit('he-1', 59_000);
  await session.first('ORDER', isEvent('ACCEPTED', 'he-1'));
  session.placeLimit('he-1', 59_000);
  await session.first('ORDER_UNKNOWN');
  expect(eventsOf(session, 'he-1')).not.toContain('REJECTED');
});

test('F3: in an overload entries are not sent, and exits go on', async () => {
  const session = await LiveSession.open();
  session.placeMarket('he-1', 'BUY');
  await session.first('ORDER', isEvent('FILL', 'he-1'));
  await session.faults({ fault: 'overload', for_ms: 60_000 });
  session.placeMarket('he-2', 'BUY');
  expect(await session.first('ORDER_NOT_SENT')).toMatchObject({ clientOrderId: 'he-2', retryAfterMs: 1_000 });
  session.placeMarket('he-3', 'SELL', 0.01, true);
  await session.first('ORDER', isEvent('FILL', 'he-3'));
});

test('a closed port: the order was certainly not sent', async () => {
  const session = await LiveSession.open();
  await session.faults({ fault: 'refuse', for_ms: 3_000 });
  await session.first('USER_STREAM', ({ isOpen }) => !isOpen);
  session.placeMarket('he-1', 'BUY');
  expect(await session.first('ORDER_NOT_SENT')).toMatchObject({ clientOrderId: 'he-1' });
});

test('F15: a partial fill is reported with its rest, and the market order then expires', async () => {
  const session = await LiveSession.open();
  await session.faults({ fault: 'partial-fill', percent: 40, times: 1 });
  session.placeMarket('he-1', 'BUY');
  const { event } = await session.first('ORDER', isEvent('EXPIRED', 'he-1'));
  expect(event).toMatchObject({ filled_quantity: 0.004 });
  expect((await session.first('ORDER', isEvent('FILL', 'he-1'))).event).toMatchObject({ quantity: 0.004 });
});

test('F16, F17: doubled and swapped events, and an ack after its events, lose no fill', async () => {
  const session = await LiveSession.open();
  await session.faults(
    { fault: 'user-event', how: 'duplicated', event: 'ORDER_TRADE_UPDATE' },
    { fault: 'user-event', how: 'reordered', rate: 0.5, seed: 7 },
    { fault: 'slow', ms: 500, path: '/fapi/v1/order', after: true },
  );
  for (let n = 1; n <= 4; n += 1) session.placeMarket(`he-${n}`, 'BUY');
  for (let n = 1; n <= 4; n += 1) await session.first('ORDER', isEvent('FILL', `he-${n}`));
  const trades = session.all('ORDER').flatMap(({ event }) => (event.kind === 'FILL' ? [event.trade_id] : []));
  expect(new Set(trades).size).toBe(4);
});

test('lost events: a query tells the fills', async () => {
  const session = await LiveSession.open();
  await session.faults({ fault: 'user-event', how: 'lost' });
  session.placeMarket('he-1', 'BUY');
  await session.first('ORDER', isEvent('ACCEPTED', 'he-1'));
  expect(eventsOf(session, 'he-1')).not.toContain('FILL');
  session.query('he-1');
  await session.first('ORDER', isEvent('FILL', 'he-1'));
});

test('F19: an order that a query does not find yet is absent, and found later', async () => {
  const session = await LiveSession.open();
  session.placeLimit('he-1', 59_000);
  const body = '{"code":-2013,"msg":"Order does not exist."}';
  await session.faults({ fault: 'status', status: 400, body, path: '/fapi/v1/order', method: 'GET', times: 1 });
  session.query('he-1');
  await session.first('ORDER_ABSENT');
  session.query('he-1');
  await session.first('ORDER', isEvent('ACCEPTED', 'he-1'));
});

test('a query that fails leaves the order unknown', async () => {
  const session = await LiveSession.open();
  session.placeLimit('he-1', 59_000);
  await session.first('ORDER', isEvent('ACCEPTED', 'he-1'));
  await session.faults({ fault: 'status', status: 500, path: '/fapi/v1/order', method: 'GET', times: 1 });
  session.query('he-1');
  await session.first('ORDER_UNKNOWN');
});

test('F25: orders and fills of others are told apart, and never touched', async () => {
  const session = await LiveSession.open();
  await session.act({ action: 'order', symbol: 'BTCUSDT', side: 'BUY', quantity: '0.010' });
  expect(await session.first('FOREIGN_FILL')).toMatchObject({
    ...{ symbol: 'BTCUSDT', action: 'BUY', fill: { quantity: 0.01 } },
  });
  await session.act({ action: 'order', symbol: 'BTCUSDT', side: 'BUY', quantity: '0.010', price: '59000' });
  const resting = await session.first('FOREIGN_ORDER', ({ isOpen, order }) => isOpen && order.price === 59_000);
  expect(resting.order).toMatchObject({ quantity: 0.01, filledQuantity: 0, reduceOnly: false });
  await session.act({ action: 'cancel-orders', symbol: 'BTCUSDT' });
  await session.first('FOREIGN_ORDER', ({ isOpen, order }) => !isOpen && order.price === 59_000);
  expect(session.all('ORDER')).toEqual([]);
});

test.each([
  ['liquidate', 'LIQUIDATION'],
  ['deleverage', 'ADL'],
] as const)('F26: a fill of %s is forced by %s', async (action, cause) => {
  const session = await LiveSession.open();
  session.placeMarket('he-1', 'BUY');
  await session.first('POSITION');
  await session.act({ action, symbol: 'BTCUSDT' });
  const news = await session.first('FORCED_FILL');
  expect(news).toMatchObject({ cause, symbol: 'BTCUSDT', action: 'SELL', fill: { quantity: 0.01 } });
  await session.first('POSITION', ({ signedQuantity }) => signedQuantity === 0);
});

test('F33: after an expired listen key the stream is told closed, then open again', async () => {
  const session = await LiveSession.open();
  session.forget();
  await session.act({ action: 'expire-listen-key' });
  await session.first('USER_STREAM', ({ isOpen }) => !isOpen);
  await session.first('USER_STREAM', ({ isOpen }) => isOpen);
  session.placeMarket('he-1', 'BUY');
  await session.first('ORDER', isEvent('FILL', 'he-1'));
});

test('while the user stream is closed, the answer to an order brings its fills', async () => {
  const session = await LiveSession.open();
  await session.faults(
    { fault: 'stream-cut', route: 'private' },
    { fault: 'stream-refuse', route: 'private', for_ms: 20_000 },
  );
  await session.first('USER_STREAM', ({ isOpen }) => !isOpen);
  session.placeMarket('he-1', 'BUY');
  await session.first('ORDER', isEvent('FILL', 'he-1'));
});

test('F34: a clock seven seconds off is noticed, and the order is sent once', async () => {
  const session = await LiveSession.open();
  await session.faults({ fault: 'clock', offset_ms: -7_000 });
  session.placeMarket('he-1', 'BUY');
  await session.first('ORDER', isEvent('FILL', 'he-1'));
  expect(await session.placedOrders()).toEqual(['he-1']);
  expect(session.live.clockOffsetMs).toBeLessThan(-6_500);
});
