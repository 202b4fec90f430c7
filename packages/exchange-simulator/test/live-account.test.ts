import { expect, test } from 'vitest';
import { LiveSession } from './live-session.ts';

test('a snapshot has positions, orders of both families and the money', async () => {
  const session = await LiveSession.open();
  session.live.carryOut({ kind: 'PREPARE_SYMBOL', symbol: 'BTCUSDT' });
  await session.first('SYMBOL_READY');
  session.placeMarket('he-1', 'BUY');
  session.placeLimit('he-2', 59_000);
  session.placeStop('he-1-s1', 58_000);
  await session.first('STOP');
  await session.first('ORDER', ({ event }) => event.client_order_id === 'he-2');
  const before = Date.now();
  session.snapshot();
  const { snapshot } = await session.first('SNAPSHOT');
  expect(snapshot.tsAsked).toBeGreaterThanOrEqual(before);
  expect(snapshot.positions).toEqual([
    expect.objectContaining({
      ...{ symbol: 'BTCUSDT', signedQuantity: 0.01, entryPrice: 60_000.1, markPrice: 60_000 },
      ...{ marginMode: 'ISOLATED', leverage: 5, liquidationPrice: expect.any(Number) },
    }),
  ]);
  expect(snapshot.orders).toEqual([
    expect.objectContaining({ clientOrderId: 'he-2', price: 59_000, quantity: 0.01, filledQuantity: 0, action: 'BUY' }),
  ]);
  expect(snapshot.stops).toEqual([
    expect.objectContaining({ clientAlgoId: 'he-1-s1', state: 'NEW', quantity: 0.01, triggerPrice: 58_000 }),
  ]);
  const { balance } = snapshot;
  expect(balance.marginBalance).toBeCloseTo(balance.walletBalance + balance.unrealizedPnl, 6);
  expect(balance.initialMargin).toBeGreaterThan(100);
  expect(balance.availableBalance).toBeLessThan(balance.marginBalance);
});

test('snapshots asked for while one waits are one', async () => {
  const session = await LiveSession.open();
  for (let n = 0; n < 5; n += 1) session.snapshot();
  await session.first('SNAPSHOT');
  session.snapshot();
  await expect.poll(() => session.all('SNAPSHOT').length).toBe(2);
});

test.each(['/fapi/v3/positionRisk', '/fapi/v1/openOrders', '/fapi/v1/openAlgoOrders', '/fapi/v3/account'])(
  'F20: a snapshot without %s fails, and nothing is taken for flat',
  async (path) => {
    const session = await LiveSession.open();
    session.placeMarket('he-1', 'BUY');
    await session.first('POSITION');
    await session.faults({ fault: 'status', status: 500, path, times: 1 });
    session.snapshot();
    expect((await session.first('SNAPSHOT_FAILED')).detail).toContain(path);
    expect(session.all('SNAPSHOT')).toEqual([]);
    // The stops are told all the same, if they could be read.
    expect(session.all('RESTING_STOPS')).toHaveLength(path.includes('openAlgoOrders') ? 0 : 1);
  },
);

test('F20: no positions while the account uses margin for positions is no answer', async () => {
  const session = await LiveSession.open();
  session.placeMarket('he-1', 'BUY');
  await session.first('POSITION');
  await session.faults({ fault: 'positions', how: 'empty' });
  session.snapshot();
  expect((await session.first('SNAPSHOT_FAILED')).detail).toContain('lists no position');
});

test('F37: the modes of the account are read', async () => {
  const session = await LiveSession.open();
  expect(await session.live.readModes()).toMatchObject({
    ...{ kind: 'OK', value: { isHedge: false, isMultiAssets: false, canTrade: true } },
  });
});

test('a symbol is set to the wanted leverage and margin mode, and its terms are read', async () => {
  const session = await LiveSession.open();
  const before = await session.live.readTerms(['BTCUSDT'], 'BTCUSDT');
  expect(before).toMatchObject({ kind: 'OK', value: [{ leverage: 20, margin_mode: 'CROSSED' }] });
  session.live.carryOut({ kind: 'PREPARE_SYMBOL', symbol: 'BTCUSDT' });
  expect(await session.first('SYMBOL_READY')).toEqual({ kind: 'SYMBOL_READY', symbol: 'BTCUSDT' });
  const after = await session.live.readTerms(['BTCUSDT'], 'BTCUSDT');
  if (after.kind !== 'OK') throw new Error(after.detail);
  const [terms] = after.value;
  expect(terms).toMatchObject({ leverage: 5, margin_mode: 'ISOLATED', maker_fee: 0.0002, taker_fee: 0.0005 });
  const caps = (terms?.tiers ?? []).map(({ notional_cap: cap }) => cap);
  expect(caps).toEqual(caps.toSorted((a, b) => a - b));
  expect(caps.length).toBeGreaterThan(0);
  expect(terms?.tiers[0]).toMatchObject({ amount: 0, rate: expect.any(Number), max_leverage: 125 });
});

test('L13: a refused margin mode is told with the venue’s reason', async () => {
  const session = await LiveSession.open();
  session.placeMarket('he-1', 'BUY');
  await session.first('POSITION');
  session.live.carryOut({ kind: 'PREPARE_SYMBOL', symbol: 'BTCUSDT' });
  expect(await session.first('SYMBOL_REFUSED')).toMatchObject({
    ...{ symbol: 'BTCUSDT', detail: expect.stringContaining('-4048') },
  });
});

test('a symbol that cannot be prepared because the venue is away is not refused by the venue', async () => {
  const session = await LiveSession.open();
  await session.venue.setFaults([{ fault: 'status', status: 503, path: '/fapi/v1/symbolConfig' }]);
  session.live.carryOut({ kind: 'PREPARE_SYMBOL', symbol: 'BTCUSDT' });
  expect(await session.first('SYMBOL_REFUSED')).toMatchObject({ symbol: 'BTCUSDT', isUnanswered: true });
});

test('income becomes flows with stable ids and exact amounts', async () => {
  const session = await LiveSession.open();
  session.placeMarket('he-1', 'BUY');
  session.placeMarket('he-2', 'SELL', 0.01, true);
  await session.first('POSITION', ({ signedQuantity }) => signedQuantity === 0);
  const [first, again] = [await session.live.flowsSince(0), await session.live.flowsSince(0)];
  if (first.kind !== 'OK' || again.kind !== 'OK') throw new Error('no flows');
  expect(again.value).toEqual(first.value);
  expect(first.value.map(({ kind }) => kind).toSorted()).toEqual(['COMMISSION', 'COMMISSION', 'REALIZED_PNL']);
  expect(new Set(first.value.map(({ flow_id }) => flow_id)).size).toBe(3);
  expect(first.value[0]).toMatchObject({
    ...{ run: 'live:test', symbol: 'BTCUSDT', asset: 'USDT', amount: '-0.30000050', trade_id: expect.any(String) },
  });
});

test('F35: after a 429 entries wait, and protection tries again soon', async () => {
  const session = await LiveSession.open();
  session.placeMarket('he-1', 'BUY');
  await session.first('POSITION');
  await session.faults({ fault: 'status', status: 429, path: '/fapi/v1/algoOrder', times: 1 });
  session.placeStop('he-1-s1', 59_000);
  const { retryAfterMs } = await session.first('STOP_NOT_SENT');
  expect(retryAfterMs).toBeLessThanOrEqual(1_000);
  expect(retryAfterMs).toBeGreaterThan(500);
  session.placeMarket('he-2', 'BUY');
  expect((await session.first('ORDER_NOT_SENT')).retryAfterMs).toBeGreaterThan(20_000);
  const retry = () => {
    session.placeStop('he-1-s1', 59_000);
    return session.all('STOP').length;
  };
  await expect.poll(retry, { interval: 200 }).toBeGreaterThan(0);
  expect(session.all('STOP_NOT_SENT').every(({ retryAfterMs }) => retryAfterMs <= 1_000)).toBe(true);
});

test('F35: during a ban nothing at all is sent', async () => {
  const session = await LiveSession.open();
  await session.faults({ fault: 'status', status: 418, retry_after_sec: 120, times: 1 });
  session.placeMarket('he-1', 'BUY');
  await session.first('ORDER_NOT_SENT');
  expect(session.live.limits()).toMatchObject({ isBanned: true, blockedMs: expect.any(Number) });
  session.placeStop('he-1-s1', 59_000);
  session.placeMarket('he-2', 'SELL', 0.01, true);
  session.query('he-1');
  session.snapshot();
  expect((await session.first('STOP_NOT_SENT')).retryAfterMs).toBeGreaterThan(100_000);
  await session.first('ORDER_NOT_SENT', ({ clientOrderId }) => clientOrderId === 'he-2');
  await session.first('ORDER_UNKNOWN');
  await session.first('SNAPSHOT_FAILED');
  expect(await session.placedOrders()).toEqual([]);
});

test('the counts of weight and orders are the venue’s', async () => {
  const session = await LiveSession.open();
  session.placeLimit('he-1', 59_000);
  session.snapshot();
  await session.first('SNAPSHOT');
  const { weight, orders10s, orders1m } = session.live.limits();
  expect(weight.used).toBeGreaterThanOrEqual(90);
  expect([weight.limit, orders10s.limit, orders1m]).toEqual([2_400, 300, { used: 1, limit: 1_200 }]);
});

test('a wrong key: every order is refused with its code', async () => {
  const session = await LiveSession.open();
  const body = '{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}';
  await session.faults({ fault: 'status', status: 401, body, path: '/fapi/v1/order' });
  session.placeMarket('he-1', 'BUY');
  expect((await session.first('ORDER')).event).toMatchObject({ kind: 'REJECTED', code: '-2015' });
});

test('F32, L14: what filled while the user stream was closed is told at its true price before the stream is', async () => {
  const session = await LiveSession.open();
  session.placeMarket('he-1', 'BUY', 0.02);
  session.placeLimit('he-2', 59_000);
  await session.first('POSITION');
  session.placeStop('he-1-s1', 59_500, { quantity: 0.01 });
  await session.first('STOP');
  await session.faults(
    { fault: 'stream-cut', route: 'private' },
    { fault: 'stream-refuse', route: 'private', for_ms: 1_500 },
  );
  await session.first('USER_STREAM', ({ isOpen }) => !isOpen);
  session.forget();
  await session.act({ action: 'order', symbol: 'BTCUSDT', side: 'SELL', quantity: '0.005' });
  await session.act({ action: 'liquidate', symbol: 'BTCUSDT' });
  await session.first('USER_STREAM', ({ isOpen }) => isOpen);
  const kinds = session.news.map(({ kind }) => kind);
  expect(kinds.indexOf('FORCED_FILL')).toBeLessThan(kinds.indexOf('USER_STREAM'));
  expect(session.all('FOREIGN_FILL')).toEqual([expect.objectContaining({ action: 'SELL' })]);
  const [forced] = session.all('FORCED_FILL');
  expect(forced).toMatchObject({ cause: 'LIQUIDATION', action: 'SELL', fill: { quantity: 0.015 } });
  // What was told before the gap is not told again.
  expect(session.all('ORDER').filter(({ event }) => event.kind === 'FILL')).toEqual([]);
});

test('a gap never tells trades from before the first opening: the first snapshot has them', async () => {
  const first = await LiveSession.open();
  await first.act({ action: 'order', symbol: 'BTCUSDT', side: 'BUY', quantity: '0.010' });
  await first.first('FOREIGN_FILL');
  const session = await LiveSession.beside(first);
  session.snapshot();
  await session.first('SNAPSHOT', ({ snapshot }) => snapshot.positions.length === 1);
  session.forget();
  await session.faults({ fault: 'stream-cut', route: 'private' });
  await session.first('USER_STREAM', ({ isOpen }) => isOpen);
  expect(session.all('FOREIGN_FILL')).toEqual([]);
});

test('the dead man’s switch cancels resting entries after the end of the process, and spares the stop', async () => {
  const session = await LiveSession.open({}, { usesDeadMansSwitch: true });
  session.placeMarket('he-1', 'BUY');
  await session.first('POSITION');
  session.placeStop('he-1-s1', 59_000);
  session.placeLimit('he-2', 59_500);
  await session.first('STOP');
  const countdowns = () => session.requestsTo('/fapi/v1/countdownCancelAll');
  await expect.poll(countdowns).toBe(1);
  session.end();
  await session.venue.advanceBy(121_000);
  expect((await session.trueOrders()).find((order) => order.client_order_id === 'he-2')).toMatchObject({
    status: 'CANCELED',
  });
  const second = await LiveSession.beside(session);
  second.snapshot();
  const { snapshot } = await second.first('SNAPSHOT');
  expect(snapshot.stops).toMatchObject([{ clientAlgoId: 'he-1-s1', state: 'NEW' }]);
});
