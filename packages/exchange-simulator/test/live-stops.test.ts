import type { StopState, VenueNews } from '@helios/core/live/venue-port.ts';
import { expect, test } from 'vitest';
import { LiveSession } from './live-session.ts';

type StopNews = Extract<VenueNews, { kind: 'STOP' }>;

const isStop =
  (id: string, state: StopState) =>
  ({ stop }: StopNews): boolean =>
    stop.clientAlgoId === id && stop.state === state;

/** A session with a long position of 0.01 BTC and a stop under it. */
async function coveredLong(): Promise<LiveSession> {
  const session = await LiveSession.open();
  session.placeMarket('he-1', 'BUY');
  await session.first('POSITION');
  session.placeStop('he-1-s1', 59_000);
  await session.first('STOP', isStop('he-1-s1', 'NEW'));
  return session;
}

test('a stop rests reduce-only with its quantity, and is cancelled', async () => {
  const session = await coveredLong();
  const { stop } = await session.first('STOP');
  expect(stop).toMatchObject({ action: 'SELL', quantity: 0.01, triggerPrice: 59_000, reduceOnly: true });
  session.cancelStop('he-1-s1');
  await session.first('STOP', isStop('he-1-s1', 'CANCELED'));
  session.forget();
  session.cancelStop('he-1-s1');
  // The venue refuses the second cancel, and its query tells why.
  await session.first('STOP', isStop('he-1-s1', 'CANCELED'));
});

test('a stop triggers: its fill has the id of the stop, and is no order of ours', async () => {
  const session = await coveredLong();
  await session.faults({ fault: 'jump', symbol: 'BTCUSDT', percent: -3 });
  const { clientAlgoId, symbol, fill } = await session.first('STOP_FILL');
  expect([clientAlgoId, symbol]).toEqual(['he-1-s1', 'BTCUSDT']);
  expect(fill).toMatchObject({ client_order_id: 'he-1-s1', quantity: 0.01, liquidity: 'TAKER' });
  await session.first('STOP', isStop('he-1-s1', 'FINISHED'));
  await session.first('POSITION', ({ signedQuantity }) => signedQuantity === 0);
  const ids = session.all('ORDER').map(({ event }) => event.client_order_id);
  expect(new Set(ids)).toEqual(new Set(['he-1']));
  expect(session.all('FOREIGN_ORDER')).toEqual([]);
});

test('a triggered stop of an earlier process is told from an order, without any memory', async () => {
  const session = await LiveSession.open();
  session.placeMarket('he-1', 'BUY');
  await session.first('POSITION');
  // Another process of ours placed it.
  const second = await LiveSession.beside(session);
  second.placeStop('he-1-s1', 59_000);
  await second.first('STOP', isStop('he-1-s1', 'NEW'));
  await session.faults(
    { fault: 'user-event', how: 'lost', event: 'ALGO_UPDATE' },
    { fault: 'jump', symbol: 'BTCUSDT', percent: -3 },
  );
  expect((await session.first('STOP_FILL')).clientAlgoId).toBe('he-1-s1');
});

test('lost events of a triggered stop: a query tells its fill and its end', async () => {
  const session = await coveredLong();
  await session.faults({ fault: 'user-event', how: 'lost' }, { fault: 'jump', symbol: 'BTCUSDT', percent: -3 });
  await expect.poll(() => session.truePosition()).toBeUndefined();
  session.queryStop('he-1-s1');
  expect((await session.first('STOP_FILL')).fill).toMatchObject({ quantity: 0.01 });
  await session.first('STOP', isStop('he-1-s1', 'FINISHED'));
});

test('a query in the family of orders tells the same, and nothing of an order of ours', async () => {
  const session = await coveredLong();
  await session.faults({ fault: 'user-event', how: 'lost' }, { fault: 'jump', symbol: 'BTCUSDT', percent: -3 });
  await expect.poll(() => session.truePosition()).toBeUndefined();
  session.forget();
  session.query('he-1-s1');
  expect((await session.first('STOP_FILL')).fill).toMatchObject({ quantity: 0.01 });
  await session.first('STOP', isStop('he-1-s1', 'FINISHED'));
  expect(session.all('ORDER')).toEqual([]);
});

test.each([
  ['F13: cut before it was placed', { fault: 'reset' }, 'STOP_ABSENT'],
  ['cut after it was placed', { fault: 'reset', after: true }, 'STOP'],
  ['503 after it was placed', { fault: 'status', status: 503, after: true }, 'STOP'],
  ['half an answer', { fault: 'half' }, 'STOP'],
] as const)('%s: the outcome is unknown, and a query tells', async (_, fault, answer) => {
  const session = await LiveSession.open();
  session.placeMarket('he-1', 'BUY');
  await session.first('POSITION');
  await session.faults(
    { ...fault, path: '/fapi/v1/algoOrder', method: 'POST', times: 1 },
    { fault: 'user-event', how: 'lost' },
  );
  session.placeStop('he-1-s1', 59_000);
  expect(await session.first('STOP_UNKNOWN')).toMatchObject({ clientAlgoId: 'he-1-s1' });
  session.queryStop('he-1-s1');
  await session.first(answer);
});

test('the same id again while it rests: unknown, never rejected', async () => {
  const session = await coveredLong();
  session.placeStop('he-1-s1', 59_000);
  await session.first('STOP_UNKNOWN');
  expect(session.all('STOP').map(({ stop }) => stop.state)).not.toContain('REJECTED');
});

test('a stop that would trigger at once is refused with its code', async () => {
  const session = await LiveSession.open();
  session.placeMarket('he-1', 'BUY');
  await session.first('POSITION');
  session.placeStop('he-1-s1', 61_000);
  expect(await session.first('STOP')).toMatchObject({ stop: { state: 'REJECTED' }, code: '-2021' });
});

test('F8: a hidden stop is absent for queries in both families, and found again later', async () => {
  const session = await coveredLong();
  await session.faults({ fault: 'stop-hidden', for_ms: 60_000 });
  session.queryStop('he-1-s1');
  expect(await session.first('STOP_ABSENT')).toEqual({ kind: 'STOP_ABSENT', clientAlgoId: 'he-1-s1' });
  await session.faults();
  session.forget();
  session.queryStop('he-1-s1');
  await session.first('STOP', isStop('he-1-s1', 'NEW'));
});

test('F8: a stop that only its query does not find is found in the list of open ones', async () => {
  const session = await coveredLong();
  const body = '{"code":-2013,"msg":"Order does not exist."}';
  await session.faults({ fault: 'status', status: 400, body, path: '/fapi/v1/algoOrder', method: 'GET', times: 1 });
  session.forget();
  session.queryStop('he-1-s1');
  await session.first('STOP', isStop('he-1-s1', 'NEW'));
  expect(session.all('STOP_ABSENT')).toEqual([]);
});

test('L2: a triggered stop that the algo service forgot is found among the orders, with its fill', async () => {
  const session = await coveredLong();
  await session.faults(
    { fault: 'user-event', how: 'lost' },
    { fault: 'stop-hidden' },
    { fault: 'jump', symbol: 'BTCUSDT', percent: -3 },
  );
  await expect.poll(() => session.truePosition()).toBeUndefined();
  session.queryStop('he-1-s1');
  expect((await session.first('STOP_FILL')).fill).toMatchObject({ quantity: 0.01 });
  await session.first('STOP', isStop('he-1-s1', 'FINISHED'));
});

test('F9: a stop that stays TRIGGERING is told so, by the stream and by a query', async () => {
  const session = await coveredLong();
  await session.faults({ fault: 'stop-stuck' }, { fault: 'jump', symbol: 'BTCUSDT', percent: -3 });
  await session.first('STOP', isStop('he-1-s1', 'TRIGGERING'));
  session.forget();
  session.queryStop('he-1-s1');
  await session.first('STOP', isStop('he-1-s1', 'TRIGGERING'));
  session.forget();
  session.cancelStop('he-1-s1');
  await session.first('STOP', isStop('he-1-s1', 'TRIGGERING'));
});

test('F10: a stop that is rejected at its trigger comes with the reason', async () => {
  const session = await coveredLong();
  const reason = 'Order would immediately trigger.';
  await session.faults({ fault: 'stop-rejected', reason }, { fault: 'jump', symbol: 'BTCUSDT', percent: -3 });
  const news = await session.first('STOP', isStop('he-1-s1', 'REJECTED'));
  expect(news).toMatchObject({ code: 'REJECTED', message: reason });
});

test('F17: a late ack does not take a triggered stop back', async () => {
  const session = await LiveSession.open();
  session.placeMarket('he-1', 'BUY');
  await session.first('POSITION');
  await session.faults({ fault: 'slow', ms: 1_500, path: '/fapi/v1/algoOrder', method: 'POST', after: true });
  session.placeStop('he-1-s1', 59_000);
  await session.first('STOP', isStop('he-1-s1', 'NEW'));
  await session.faults({ fault: 'jump', symbol: 'BTCUSDT', percent: -3 });
  await session.first('STOP', isStop('he-1-s1', 'FINISHED'));
  const before = session.all('STOP').length;
  await expect.poll(() => session.all('STOP').length).toBeGreaterThan(before);
  expect(session.all('STOP').at(-1)?.stop.state).toBe('FINISHED');
});

test('F16: doubled and swapped events of a stop tell one fill', async () => {
  const session = await coveredLong();
  await session.faults(
    { fault: 'user-event', how: 'duplicated' },
    { fault: 'user-event', how: 'reordered', rate: 0.5, seed: 3 },
    { fault: 'jump', symbol: 'BTCUSDT', percent: -3 },
  );
  await session.first('STOP_FILL');
  await session.first('STOP', isStop('he-1-s1', 'FINISHED'));
  expect(new Set(session.all('STOP_FILL').map(({ fill }) => fill.trade_id)).size).toBe(1);
});

test('F14: a stop whose position was closed by hand expires or is cancelled without a fill', async () => {
  const session = await coveredLong();
  const close = { action: 'order', symbol: 'BTCUSDT', side: 'SELL', quantity: '0.010', reduce_only: true };
  await session.act(close);
  await session.first('POSITION', ({ signedQuantity }) => signedQuantity === 0);
  await session.faults({ fault: 'jump', symbol: 'BTCUSDT', percent: -3 });
  await session.first('STOP', ({ stop }) => stop.state !== 'NEW' && stop.state !== 'TRIGGERING');
  expect(session.all('STOP_FILL')).toEqual([]);
  expect(await session.truePosition()).toBeUndefined();
});
