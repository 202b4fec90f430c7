import { expect, test } from 'vitest';
import { LiveSession } from './live-session.ts';

const read = (session: LiveSession, sinceTs?: number) =>
  session.live.carryOut({ kind: 'READ_TRADES', symbol: 'BTCUSDT', ...(sinceTs !== undefined && { sinceTs }) });

test('the trades behind a position reach back to the last flat account, and each names its order', async () => {
  const session = await LiveSession.open();
  session.placeMarket('he-1', 'BUY', 0.02);
  await session.first('POSITION', ({ signedQuantity }) => signedQuantity === 0.02);
  session.placeMarket('he-2', 'SELL', 0.02, true);
  await session.first('POSITION', ({ signedQuantity }) => signedQuantity === 0);
  session.placeMarket('he-3', 'SELL', 0.01);
  await session.first('POSITION', ({ signedQuantity }) => signedQuantity === -0.01);
  await session.act({ action: 'order', symbol: 'BTCUSDT', side: 'SELL', quantity: '0.005' });
  await session.first('FOREIGN_FILL');
  read(session);
  const { signedQuantity, isComplete, trades } = await session.first('TRADES');
  expect([signedQuantity, isComplete]).toEqual([-0.015, true]);
  expect(trades).toMatchObject([
    { action: 'SELL', isForced: false, fill: { client_order_id: 'he-3', quantity: 0.01, price: expect.any(Number) } },
    { action: 'SELL', isForced: false, fill: { client_order_id: expect.not.stringMatching(/^he-/), quantity: 0.005 } },
  ]);
  session.forget();
  read(session, 0);
  expect((await session.first('TRADES')).trades).toHaveLength(4);
});

test('a flat account has no trades behind it', async () => {
  const session = await LiveSession.open();
  read(session);
  expect(await session.first('TRADES')).toMatchObject({ signedQuantity: 0, isComplete: true, trades: [] });
});

test('a close by the venue is told as forced', async () => {
  const session = await LiveSession.open();
  session.placeMarket('he-1', 'BUY');
  await session.first('POSITION', ({ signedQuantity }) => signedQuantity > 0);
  await session.act({ action: 'liquidate', symbol: 'BTCUSDT' });
  await session.first('FORCED_FILL');
  read(session, 0);
  const { trades } = await session.first('TRADES');
  expect(trades.map(({ isForced }) => isForced)).toEqual([false, true]);
});

test.each(['/fapi/v3/positionRisk', '/fapi/v1/userTrades', '/fapi/v1/order'])(
  'without %s they fail, and nothing is guessed',
  async (path) => {
    const session = await LiveSession.open();
    session.placeMarket('he-1', 'BUY');
    await session.first('POSITION');
    await session.faults({ fault: 'status', status: 500, path, method: 'GET' });
    read(session);
    expect((await session.first('TRADES_FAILED')).detail).toContain(path);
    expect(session.all('TRADES')).toEqual([]);
  },
);
