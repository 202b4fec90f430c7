import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { marketTrade, type OrderTrader, orderSession } from './order-session.ts';
import type { TradingSession } from './trading-session.ts';
import { DATA, START_MS } from './venue-client.ts';

const BTC = { symbol: 'BTCUSDT' };
let session: TradingSession;
let one: OrderTrader;
let two: OrderTrader;

beforeEach(async () => {
  const started = await orderSession('1000000', '1000000');
  session = started.session;
  [one, two] = started.traders as [OrderTrader, OrderTrader];
});

const ACK = [
  ...['orderId', 'symbol', 'status', 'clientOrderId', 'price', 'origQty', 'executedQty', 'cumQty', 'timeInForce'],
  ...['type', 'reduceOnly', 'closePosition', 'side', 'positionSide', 'stopPrice', 'workingType', 'priceProtect'],
  ...['origType', 'priceMatch', 'selfTradePreventionMode', 'goodTillDate', 'updateTime'],
];

describe('answers', () => {
  test('an ack has no avgPrice, cumQuote and cumBase; ACK shows a new order, RESULT how it ended', () => {
    const order = { ...BTC, side: 'BUY', type: 'MARKET', quantity: '0.5' };
    const ack = one.call('POST', 'order', order);
    expect(Object.keys(ack)).toEqual(ACK);
    expect(ack).toMatchObject({ status: 'NEW', executedQty: '0.000', cumQty: '0.000', price: '0.0' });
    expect(one.order(ack.orderId)).toMatchObject({ status: 'FILLED', executedQty: '0.500', avgPrice: '60000.10000' });
    const result = one.call('POST', 'order', { ...order, newOrderRespType: 'RESULT' });
    expect(Object.keys(result)).toEqual(ACK);
    expect(result).toMatchObject({ status: 'FILLED', executedQty: '0.500', cumQty: '0.500' });
  });

  const documented = join(DATA, 'messages/documented/order_response.json');
  test.skipIf(!existsSync(documented))('a query has every documented field', () => {
    const { orderId } = one.limit('BUY', '0.1', '59000.0');
    const fields = Object.keys(JSON.parse(readFileSync(documented, 'utf8')));
    expect(Object.keys(one.order(orderId)).toSorted()).toEqual(fields.toSorted());
  });

  test('order/test answers like an order and places none', () => {
    const order = { ...BTC, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.5', price: '59000.0' };
    expect(one.call('POST', 'order/test', order)).toMatchObject({ status: 'NEW', origQty: '0.500', price: '59000.0' });
    expect(one.call('GET', 'openOrders')).toEqual([]);
    expect(one.trader.events).toEqual([]);
    expect(one.call('POST', 'order/test', { ...order, quantity: '999' })).toMatchObject({ code: -2019 });
  });
});

describe('names of orders', () => {
  test('an id above 2^53 finds its order, open or closed, and nobody else’s', () => {
    const { orderId, clientOrderId } = one.limit('BUY', '0.1', '59000.0');
    expect(BigInt(orderId)).toBeGreaterThan(2n ** 53n);
    const neighbour = String(BigInt(orderId) + 1n);
    for (const path of ['order', 'openOrder']) {
      expect(one.call('GET', path, { ...BTC, orderId })).toMatchObject({ orderId, clientOrderId });
      expect(one.call('GET', path, { ...BTC, origClientOrderId: clientOrderId })).toMatchObject({ orderId });
      expect(one.call('GET', path, { ...BTC, orderId: neighbour })).toMatchObject({ code: -2013 });
      expect(two.call('GET', path, { ...BTC, orderId })).toMatchObject({ code: -2013, msg: 'Order does not exist.' });
    }
    expect(one.call('GET', 'order', { symbol: 'ETHUSDT', orderId })).toMatchObject({ code: -1121 });
    expect(one.call('DELETE', 'order', { ...BTC, orderId })).toMatchObject({ status: 'CANCELED', orderId });
    expect(one.order(orderId)).toMatchObject({ status: 'CANCELED' });
    expect(one.call('GET', 'openOrder', { ...BTC, orderId })).toMatchObject({ code: -2013 });
    expect(one.call('DELETE', 'order', { ...BTC, orderId })).toMatchObject({ code: -2011, msg: 'Unknown order sent.' });
  });

  test.each([
    ['x', -1100],
    ['1.5', -1100],
    ['-1', -1100],
    ['9'.repeat(20), -1100],
    ['0x10', -1100],
    ['None', -1100],
    ['', -1102],
  ])('orderId %j is refused with %i', (orderId, code) => {
    for (const [method, path] of [
      ['GET', 'order'],
      ['GET', 'openOrder'],
      ['DELETE', 'order'],
      ['GET', 'orderAmendment'],
    ] as const)
      expect(one.call(method, path, { ...BTC, orderId })).toMatchObject({ status: 400, code });
  });

  test('neither id: both names are told', () => {
    expect(one.call('GET', 'order', BTC)).toMatchObject({
      code: -1102,
      msg: "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!",
    });
  });

  test('an order without fills is forgotten after three days, another after ninety', async () => {
    const { orderId } = one.limit('BUY', '0.1', '59000.0');
    one.call('DELETE', 'order', { ...BTC, orderId });
    const filled = one.market('BUY', '0.1').orderId;
    await session.pass(3 * 86_400_000);
    expect(one.order(orderId)).toMatchObject({ status: 'CANCELED' });
    await session.pass(1);
    expect(one.order(orderId)).toMatchObject({ code: -2013 });
    await session.pass(87 * 86_400_000);
    expect(one.order(filled)).toMatchObject({ code: -2013 });
  });
});

describe('modify', () => {
  const change = (orderId: string, quantity: string, price: string, more = {}) =>
    one.call('PUT', 'order', { ...BTC, orderId, side: 'BUY', quantity, price, ...more });

  test('changes price and quantity, tells AMENDMENT, and lists the change', () => {
    const { orderId, clientOrderId } = one.limit('BUY', '0.1', '59000.0');
    expect(change(orderId, '0.2', '59100.0')).toMatchObject({
      orderId,
      status: 'NEW',
      price: '59100.0',
      origQty: '0.200',
    });
    change(orderId, '0.2', '59200.0');
    expect(one.news).toEqual(['NEW NEW 0 0', 'AMENDMENT NEW 0 0', 'AMENDMENT NEW 0 0']);
    expect(one.trader.events.at(-1).o).toMatchObject({ q: '0.2', p: '59200.0', b: '11840' });
    expect(one.call('GET', 'orderAmendment', { ...BTC, orderId })).toEqual([
      {
        ...{ amendmentId: 5002, symbol: 'BTCUSDT', pair: 'BTCUSDT', orderId, clientOrderId, time: START_MS },
        amendment: {
          price: { before: '59100.0', after: '59200.0' },
          origQty: { before: '0.200', after: '0.200' },
          count: 2,
        },
      },
      expect.objectContaining({ amendmentId: 5001 }),
    ]);
    expect(two.call('GET', 'orderAmendment', { ...BTC, orderId })).toEqual([]);
  });

  test('refuses what does not fit, and leaves the order', () => {
    const { orderId } = one.limit('BUY', '0.1', '59000.0');
    expect(change(orderId, '0.1', '59000.0')).toMatchObject({ code: -5027, msg: 'No need to modify the order.' });
    expect(change(orderId, '0.1', '59000.05')).toMatchObject({ code: -1111 });
    expect(change(orderId, '0.1', '63000.1')).toMatchObject({ code: -4016 });
    expect(change(orderId, '0', '59000.0')).toMatchObject({ code: -4003 });
    expect(change(orderId, '999', '59000.0')).toMatchObject({ code: -2019 });
    expect(change(orderId, '0.001', '4000.0')).toMatchObject({
      code: -5029,
      msg: "Order's notional must be no smaller than 5",
    });
    expect(change(orderId, '0.2', '59000.0', { side: 'SELL' })).toMatchObject({ code: -1117 });
    expect(change(orderId, '0.2', '59000.0', { reduceOnly: 'true' })).toMatchObject({ code: -5047 });
    expect(change(orderId, '0.2', '59000.0', { priceMatch: 'QUEUE' })).toMatchObject({ code: -1106 });
    expect(change('1', '0.2', '59000.0')).toMatchObject({ code: -2013 });
    expect(one.call('PUT', 'order', { ...BTC, orderId, side: 'BUY', quantity: '1' })).toMatchObject({ code: -1102 });
    expect(one.order(orderId)).toMatchObject({ price: '59000.0', origQty: '0.100', status: 'NEW' });
    expect(one.news).toEqual(['NEW NEW 0 0']);
  });

  test('loses the place in the queue', () => {
    const first = one.limit('BUY', '1', '59999.9').orderId;
    const second = two.limit('BUY', '1', '59999.9').orderId;
    change(first, '0.9', '59999.9');
    marketTrade(session, '59999.9', '1.5', true);
    expect([one.order(first).executedQty, two.order(second).executedQty]).toEqual(['0.000', '0.500']);
  });

  test('takes what the new price reaches', () => {
    const { orderId } = one.limit('BUY', '1.5', '59000.0');
    expect(change(orderId, '1.5', '60000.1')).toMatchObject({ status: 'PARTIALLY_FILLED', executedQty: '1.000' });
    marketTrade(session, '60000.1', '0.2', true);
    expect(one.order(orderId)).toMatchObject({ executedQty: '1.200' });
  });

  test('as documented, cancels a GTX order that would take, and an order that filled the new quantity', () => {
    const gtx = one.limit('BUY', '1', '59000.0', { timeInForce: 'GTX' }).orderId;
    expect(change(gtx, '1', '60000.1')).toMatchObject({ status: 'CANCELED', executedQty: '0.000' });
    const partly = one.limit('BUY', '2', '60000.1').orderId;
    expect(change(partly, '1', '60000.1')).toMatchObject({ status: 'CANCELED', executedQty: '1.000' });
  });
});

describe('batches', () => {
  const row = (price: string, more = {}) => ({
    ...{ ...BTC, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.1', price },
    ...more,
  });

  test('each row is an order or its refusal; numbers are as good as texts', () => {
    const batchOrders = JSON.stringify([
      row('59000.0'),
      row('59000.05'),
      { ...row('59001'), quantity: 0.1, price: 59001 },
    ]);
    const placed = one.call('POST', 'batchOrders', { batchOrders });
    expect(placed).toMatchObject([{ status: 'NEW' }, { code: -1111 }, { status: 'NEW', price: '59001.0' }]);
    expect(Object.keys(placed[1])).toEqual(['code', 'msg']);
    const ids = [placed[0].orderId, placed[2].orderId];
    const changes = ids.map((orderId) => ({ ...BTC, orderId, side: 'BUY', quantity: '0.2', price: '59002.0' }));
    // The second id as a number, which JSON.stringify would round.
    const text = JSON.stringify(changes).replace(`"${ids[1]}"`, ids[1]);
    expect(one.call('PUT', 'batchOrders', { batchOrders: text })).toMatchObject([
      { orderId: ids[0] },
      { orderId: ids[1] },
    ]);
    const orderidlist = `[${ids[0]},"${ids[1]}",7]`;
    expect(one.call('DELETE', 'batchOrders', { ...BTC, orderidlist })).toMatchObject([
      { status: 'CANCELED' },
      { status: 'CANCELED' },
      { code: -2011, msg: 'Unknown order sent.' },
    ]);
  });

  test('client order ids cancel too', () => {
    one.limit('BUY', '0.1', '59000.0', { newClientOrderId: 'a' });
    const origClientOrderIdList = '["a","b"]';
    expect(one.call('DELETE', 'batchOrders', { ...BTC, origClientOrderIdList })).toMatchObject([
      { clientOrderId: 'a', status: 'CANCELED' },
      { code: -2011 },
    ]);
  });

  test.each([
    ['no list', undefined, -1102],
    ['no JSON', '[{', -1102],
    ['an object', '{}', -1102],
    ['an empty list', '[]', -1102],
    ['a list of numbers', '[1,2]', -1102],
    ['a value that is a list', JSON.stringify([row('59000.0', { side: ['BUY'] })]), -1102],
    ['six orders', JSON.stringify(Array.from({ length: 6 }, () => row('59000.0'))), -4082],
  ])('%s is refused as a whole', (_, batchOrders, code) => {
    for (const method of ['POST', 'PUT'])
      expect(one.call(method, 'batchOrders', batchOrders === undefined ? {} : { batchOrders })).toMatchObject({ code });
    expect(one.trader.events).toEqual([]);
  });

  test.each([
    ['no list', {}, -1102],
    ['a list that is none', { orderIdList: '7' }, -1102],
    ['eleven ids', { orderIdList: JSON.stringify(Array.from({ length: 11 }, (_, id) => id)) }, -4032],
  ])('a cancel of %s is refused', (_, list, code) => {
    expect(one.call('DELETE', 'batchOrders', { ...BTC, ...list })).toMatchObject({ code });
  });
});

describe('lists', () => {
  test('allOpenOrders cancels a contract’s orders, in the venue’s words', () => {
    one.limit('BUY', '0.1', '59000.0');
    one.limit('SELL', '0.1', '61000.0');
    two.limit('BUY', '0.1', '59000.0');
    expect(one.call('GET', 'openOrders', BTC)).toHaveLength(2);
    expect(one.call('DELETE', 'allOpenOrders', BTC)).toEqual({
      code: 200,
      msg: 'The operation of cancel all open order is done.',
    });
    expect(one.call('GET', 'openOrders')).toEqual([]);
    expect(two.call('GET', 'openOrders')).toHaveLength(1);
    expect(one.news.slice(2)).toEqual(['CANCELED CANCELED 0 0', 'CANCELED CANCELED 0 0']);
  });

  test('allOrders pages by id or by time, oldest first', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 4; i += 1) {
      ids.push(one.limit('BUY', '0.1', '59000.0').orderId);
      await session.pass(1_000);
    }
    one.call('DELETE', 'order', { ...BTC, orderId: ids[0] ?? '' });
    const list = (parameters: Record<string, string>) =>
      one.call('GET', 'allOrders', parameters).map(({ orderId }: { orderId: string }) => orderId);
    expect(list({})).toEqual(ids);
    expect(list({ ...BTC, limit: '2' })).toEqual(ids.slice(2));
    expect(list({ ...BTC, orderId: ids[1] ?? '', limit: '2' })).toEqual(ids.slice(1, 3));
    expect(list({ ...BTC, startTime: String(START_MS + 1_000), endTime: String(START_MS + 2_000) })).toEqual(
      ids.slice(1, 3),
    );
    const far = { startTime: String(START_MS - 7 * 86_400_000 - 1), endTime: String(START_MS) };
    expect(one.call('GET', 'allOrders', { ...BTC, ...far })).toMatchObject({ code: -4165 });
  });

  test('userTrades pages by order, id or time; an id and a time exclude each other', async () => {
    const { orderId } = one.market('BUY', '2');
    await session.pass(5_000);
    one.market('SELL', '1');
    const list = (parameters: Record<string, string>) => one.call('GET', 'userTrades', { ...BTC, ...parameters });
    const all = list({});
    expect(all).toHaveLength(3);
    expect(Object.keys(all[0])).toEqual([
      ...['buyer', 'commission', 'commissionAsset', 'id', 'maker', 'orderId', 'price', 'qty', 'quoteQty'],
      ...['realizedPnl', 'side', 'positionSide', 'symbol', 'time'],
    ]);
    expect(all[2]).toMatchObject({ side: 'SELL', qty: '1.000', quoteQty: '59999.9', realizedPnl: '-0.25000000' });
    expect(list({ orderId })).toEqual(all.slice(0, 2));
    expect(list({ fromId: String(all[1].id) })).toEqual(all.slice(1));
    expect(list({ limit: '1' })).toEqual(all.slice(2));
    expect(list({ startTime: String(START_MS), limit: '1' })).toEqual(all.slice(0, 1));
    expect(list({ endTime: String(START_MS + 4_999) })).toEqual(all.slice(0, 2));
    expect(list({ fromId: '1', startTime: '1' })).toMatchObject({ code: -1128 });
    expect(list({ limit: '1001' })).toMatchObject({ code: -1130 });
  });

  test('a countdown cancels the orders of its contract unless it is renewed or stopped', async () => {
    const { orderId } = one.limit('BUY', '0.1', '59000.0');
    const other = two.limit('BUY', '0.1', '59000.0').orderId;
    two.call('POST', 'countdownCancelAll', { ...BTC, countdownTime: '201001' });
    const count = (countdownTime: string) => one.call('POST', 'countdownCancelAll', { ...BTC, countdownTime });
    expect(count('60000')).toEqual({ symbol: 'BTCUSDT', countdownTime: '60000' });
    await session.pass(50_000);
    count('60000');
    await session.pass(50_000);
    count('0');
    await session.pass(100_000);
    expect(one.order(orderId)).toMatchObject({ status: 'NEW' });
    count('1000');
    await session.pass(999);
    expect(one.order(orderId)).toMatchObject({ status: 'NEW' });
    await session.pass(1);
    expect(one.order(orderId)).toMatchObject({ status: 'CANCELED', updateTime: START_MS + 201_000 });
    expect(two.order(other)).toMatchObject({ status: 'NEW' });
    await session.pass(1);
    expect(two.order(other)).toMatchObject({ status: 'CANCELED', updateTime: START_MS + 201_001 });
    expect(count('x')).toMatchObject({ code: -1100 });
    expect(one.call('POST', 'countdownCancelAll', BTC)).toMatchObject({ code: -1102 });
  });
});
