import { beforeEach, describe, expect, test } from 'vitest';
import { marketTrade, type OrderTrader, orderSession } from './order-session.ts';
import { type StillBook, stillMarket } from './still-market.ts';
import { TradingSession } from './trading-session.ts';
import { START_MS } from './venue-client.ts';

let session: TradingSession;
let one: OrderTrader;
let two: OrderTrader;
let three: OrderTrader;

beforeEach(async () => {
  const started = await orderSession('1000000', '1000000', '1000000');
  session = started.session;
  [one, two, three] = started.traders as [OrderTrader, OrderTrader, OrderTrader];
});

describe('types and times in force', () => {
  test('a MARKET order takes level by level, and what the book does not hold expires for reason 9', () => {
    const { orderId, status, executedQty } = one.market('BUY', '7');
    expect([status, executedQty]).toEqual(['EXPIRED', '6.000']);
    // (1 × 60,000.1 + 2 × 60,000.2 + 3 × 60,001) / 6 = 60,000.58333…
    expect(one.order(orderId)).toMatchObject({ avgPrice: '60000.58333', cumQuote: '360003.50000000' });
    expect(one.news).toEqual([
      'NEW NEW 0 0',
      'TRADE PARTIALLY_FILLED 1.000 0',
      'TRADE PARTIALLY_FILLED 3.000 0',
      'TRADE PARTIALLY_FILLED 6.000 0',
      'EXPIRED EXPIRED 6.000 9',
    ]);
  });

  test('a MARKET order takes no price more than 5 % from the mark price', async () => {
    const bids: [string, string][] = [['59999.9', '1']];
    const asks: [string, string][] = [
      ['60000.1', '1'],
      ['63000.0', '1'],
      ['63000.1', '1'],
    ];
    const other = await TradingSession.on(stillMarket([{ symbol: 'BTCUSDT', bids, asks }]), START_MS, ['1000000']);
    const [trader] = other.traders;
    if (trader === undefined) throw new Error('no trader');
    const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '3', newOrderRespType: 'RESULT' };
    expect(other.call(trader, 'POST', '/fapi/v1/order', order)).toMatchObject({
      status: 'EXPIRED',
      executedQty: '2.000',
    });
  });

  test.each(['BUY', 'SELL'])(
    'a MARKET %s is refused if the best price is more than 5 % from the mark price',
    async (side) => {
      const book: StillBook = { symbol: 'BTCUSDT', bids: [['60000.0', '1']], asks: [['70000.0', '1']] };
      const wide = await TradingSession.on(stillMarket([book]), START_MS, ['1000000']);
      const [trader] = wide.traders;
      if (trader === undefined) throw new Error('no trader');
      // The mark price is 65,000: a buy may cost 68,250, a sale must bring 61,750.
      const order = { symbol: 'BTCUSDT', side, type: 'MARKET', quantity: '0.1' };
      expect(wide.call(trader, 'POST', '/fapi/v1/order', order)).toMatchObject({
        code: -4131,
        msg: "The counterparty's best price does not meet the PERCENT_PRICE filter limit.",
      });
    },
  );

  test('IOC takes what its limit allows; the rest expires for reason 2', () => {
    expect(one.limit('BUY', '5', '60000.2', { timeInForce: 'IOC' })).toMatchObject({
      status: 'EXPIRED',
      executedQty: '3.000',
    });
    expect(one.news.at(-1)).toBe('EXPIRED EXPIRED 3.000 2');
  });

  test('FOK fills whole or is refused without a trace', () => {
    expect(one.limit('BUY', '3', '60000.2', { timeInForce: 'FOK' })).toMatchObject({
      status: 'FILLED',
      executedQty: '3.000',
    });
    const before = one.news.length;
    expect(one.limit('BUY', '3.001', '60000.2', { timeInForce: 'FOK' })).toMatchObject({ code: -5021 });
    expect(one.news).toHaveLength(before);
  });

  test('GTX rests behind the other side, also behind the orders of others', () => {
    expect(one.limit('SELL', '1', '60000.0')).toMatchObject({ status: 'NEW' });
    expect(two.limit('BUY', '1', '60000.0', { timeInForce: 'GTX' })).toMatchObject({ code: -5022 });
    expect(two.limit('BUY', '1', '59999.9', { timeInForce: 'GTX' })).toMatchObject({
      status: 'NEW',
      executedQty: '0.000',
    });
  });

  test('GTD ends at its second, on the venue’s clock', async () => {
    const date = START_MS + 601_500;
    const { orderId, goodTillDate } = one.limit('BUY', '1', '59000.0', {
      timeInForce: 'GTD',
      goodTillDate: String(date),
    });
    expect(goodTillDate).toBe(date - 500);
    await session.pass(600_999);
    expect(one.order(orderId)).toMatchObject({ status: 'NEW' });
    await session.pass(1);
    expect(one.order(orderId)).toMatchObject({ status: 'EXPIRED', updateTime: date - 500 });
    expect(one.news.at(-1)).toBe('EXPIRED EXPIRED 0 0');
  });

  test.each([
    ['OPPONENT', 'BUY', '60000.1'],
    ['QUEUE', 'BUY', '59999.9'],
    ['OPPONENT', 'SELL', '59999.9'],
    ['QUEUE', 'SELL', '60000.1'],
  ])('price match %s of a %s is %s', (priceMatch, side, price) => {
    const order = { symbol: 'BTCUSDT', side, type: 'LIMIT', timeInForce: 'GTC', quantity: '0.1', priceMatch };
    expect(one.call('POST', 'order', order)).toMatchObject({ price, priceMatch });
    expect(one.call('POST', 'order', { ...order, priceMatch: `${priceMatch}_20` })).toMatchObject({
      code: -5041,
      msg: 'No depth matches this BBO order',
    });
  });
});

describe('queues and other accounts', () => {
  test('the rest of a taker waits in the queue, and fills in parts as maker', () => {
    const { orderId } = one.limit('BUY', '2', '60000.1');
    expect(one.order(orderId)).toMatchObject({ status: 'PARTIALLY_FILLED', executedQty: '1.000' });
    marketTrade(session, '60000.1', '0.4', true);
    expect(one.order(orderId)).toMatchObject({ executedQty: '1.400' });
    marketTrade(session, '60000.0', '0.001', true);
    expect(one.order(orderId)).toMatchObject({ status: 'FILLED', executedQty: '2.000' });
    const trades = one.call('GET', 'userTrades', { symbol: 'BTCUSDT' });
    expect(trades.map(({ maker, qty, commission }: Record<string, unknown>) => [maker, qty, commission])).toEqual([
      [false, '1.000', '30.00005000'],
      [true, '0.400', '4.80000800'],
      [true, '0.600', '7.20001200'],
    ]);
  });

  test('a book that stands still gives its quantity to a waiting order once', async () => {
    const { orderId } = one.limit('BUY', '10', '60000.2');
    expect(one.order(orderId)).toMatchObject({ executedQty: '3.000' });
    // Faults of other things look at every book.
    for (let i = 0; i < 5; i += 1) session.exchange.applyFaults();
    expect(one.order(orderId)).toMatchObject({ executedQty: '3.000' });
    session.jump('BTCUSDT', -1);
    await session.pass(100);
    // All six BTC of the book are cheaper now.
    expect(one.order(orderId)).toMatchObject({ executedQty: '9.000' });
  });

  test('an order waits behind the shown quantity and the older orders of its price', () => {
    const first = one.limit('BUY', '1', '59999.9').orderId;
    const second = two.limit('BUY', '1', '59999.9').orderId;
    marketTrade(session, '59999.9', '1.5', true);
    expect([one.order(first).executedQty, two.order(second).executedQty]).toEqual(['0.500', '0.000']);
    marketTrade(session, '59999.9', '1', true);
    expect([one.order(first).executedQty, two.order(second).executedQty]).toEqual(['1.000', '0.500']);
  });

  test('a cancel ahead lets the orders behind move forward', () => {
    const first = one.limit('BUY', '1', '59999.9').orderId;
    const second = two.limit('BUY', '1', '59999.9').orderId;
    one.call('DELETE', 'order', { symbol: 'BTCUSDT', orderId: first });
    marketTrade(session, '59999.9', '1.5', true);
    expect(two.order(second).executedQty).toBe('0.500');
  });

  test('two accounts trade with each other at the maker’s price, with one trade id and both fees', () => {
    one.limit('SELL', '1', '60000.0');
    expect(two.market('BUY', '1.5')).toMatchObject({ status: 'FILLED' });
    const [sold] = one.call('GET', 'userTrades', { symbol: 'BTCUSDT' });
    const [bought, shown] = two.call('GET', 'userTrades', { symbol: 'BTCUSDT' });
    expect(sold).toMatchObject({
      price: '60000.0',
      qty: '1.000',
      maker: true,
      buyer: false,
      commission: '12.00000000',
    });
    expect(bought).toMatchObject({
      id: sold.id,
      price: '60000.0',
      maker: false,
      buyer: true,
      commission: '30.00000000',
    });
    expect(shown).toMatchObject({ price: '60000.1', qty: '0.500' });
    expect([one.position, two.position]).toEqual(['-1.000', '1.500']);
  });

  test('at one price the shown quantity trades first, then the oldest order', () => {
    one.limit('SELL', '1', '60000.1');
    three.limit('SELL', '1', '60000.1');
    two.market('BUY', '1.5');
    expect([one.position, three.position]).toEqual(['-0.500', '0.000']);
    two.market('BUY', '2.5');
    expect([one.position, three.position]).toEqual(['-1.000', '-1.000']);
  });

  test('b and a of an event are the open value of the account’s orders, each side', () => {
    one.limit('BUY', '0.5', '59000.0');
    one.limit('SELL', '0.2', '61000.0');
    one.limit('BUY', '0.1', '50000.5');
    const values = one.trader.events.flatMap(({ o }) => (o === undefined ? [] : [[o.b, o.a]]));
    expect(values).toEqual([
      ['29500', '0'],
      ['29500', '12200'],
      ['34500.05', '12200'],
    ]);
  });
});

describe('self-trade prevention', () => {
  test.each([
    ['EXPIRE_MAKER', 'EXPIRED_IN_MATCH', 'FILLED', '1.000'],
    ['EXPIRE_TAKER', 'NEW', 'EXPIRED_IN_MATCH', '0.000'],
    ['EXPIRE_BOTH', 'EXPIRED_IN_MATCH', 'EXPIRED_IN_MATCH', '0.000'],
  ])('%s ends the resting order %s and the new one %s', (mode, resting, taking, executed) => {
    const { orderId } = one.limit('SELL', '1', '60000.0');
    const taken = one.limit('BUY', '1', '60000.1', { selfTradePreventionMode: mode });
    expect(taken).toMatchObject({ status: taking, executedQty: executed });
    expect(one.order(orderId)).toMatchObject({ status: resting, executedQty: '0.000' });
    const reasons = one.news.filter((news) => news.includes('EXPIRED_IN_MATCH'));
    expect(reasons.every((news) => news === 'EXPIRED EXPIRED_IN_MATCH 0 1')).toBe(true);
  });

  test('NONE lets an account trade with itself', () => {
    const { orderId } = one.limit('SELL', '1', '60000.0');
    expect(one.market('BUY', '1', { selfTradePreventionMode: 'NONE' })).toMatchObject({ status: 'FILLED' });
    expect(one.order(orderId)).toMatchObject({ status: 'FILLED' });
    expect(one.position).toBe('0');
  });

  test('the part of an IOC order that met its own expires for reason 3', () => {
    one.limit('SELL', '1', '60000.2');
    const order = { timeInForce: 'IOC', selfTradePreventionMode: 'EXPIRE_TAKER' };
    expect(one.limit('BUY', '4', '60000.2', order)).toMatchObject({ status: 'EXPIRED_IN_MATCH', executedQty: '3.000' });
    expect(one.news.at(-1)).toBe('EXPIRED EXPIRED_IN_MATCH 3.000 3');
  });
});

describe('reduce-only', () => {
  test('never turns a position around: what exceeds it expires for reason 4', () => {
    one.market('BUY', '1');
    expect(one.market('SELL', '5', { reduceOnly: 'true' })).toMatchObject({ status: 'EXPIRED', executedQty: '1.000' });
    expect(one.position).toBe('0');
    expect(one.news.at(-1)).toBe('EXPIRED EXPIRED 1.000 4');
    expect(one.market('SELL', '1', { reduceOnly: 'true' })).toMatchObject({ code: -2022 });
  });

  test('a resting order ends when the position is gone', () => {
    one.market('BUY', '1');
    const { orderId } = one.limit('SELL', '1', '61000.0', { reduceOnly: 'true' });
    one.market('SELL', '0.4');
    expect(one.order(orderId)).toMatchObject({ status: 'NEW' });
    one.market('SELL', '0.6', { reduceOnly: 'true' });
    expect(one.order(orderId)).toMatchObject({ status: 'EXPIRED', executedQty: '0.000' });
    expect(one.news.at(-1)).toBe('EXPIRED EXPIRED 0 4');
  });

  test('a resting order that exceeds the position fills only what is left of it', () => {
    one.market('BUY', '1');
    const { orderId } = one.limit('SELL', '1', '60500.0', { reduceOnly: 'true' });
    one.market('SELL', '0.4');
    marketTrade(session, '60600.0', '9', false);
    expect(one.order(orderId)).toMatchObject({ status: 'EXPIRED', executedQty: '0.600' });
    expect(one.position).toBe('0');
  });

  test('a better priced order knocks out one that finds nothing left', () => {
    one.market('BUY', '1');
    const far = one.limit('SELL', '1', '61000.0', { reduceOnly: 'true' }).orderId;
    const near = one.limit('SELL', '1', '60500.0', { reduceOnly: 'true' }).orderId;
    expect([one.order(far).status, one.order(near).status]).toEqual(['EXPIRED', 'NEW']);
  });

  test('in hedge mode an order against its side is reduce-only', () => {
    one.call('POST', 'positionSide/dual', { dualSidePosition: 'true' });
    one.market('BUY', '1', { positionSide: 'LONG' });
    expect(one.market('SELL', '1.001', { positionSide: 'LONG' })).toMatchObject({ code: -2022 });
    expect(one.market('SELL', '1', { positionSide: 'LONG' })).toMatchObject({ status: 'FILLED', reduceOnly: true });
    expect(one.position).toBe('0');
  });
});
