import { Rng } from '@helios/synthetic-market/rng.ts';
import { describe, expect, test } from 'vitest';
import { type OrderTrader, orderSession } from './order-session.ts';
import { SignedClient } from './signed-client.ts';
import type { TradingSession } from './trading-session.ts';
import { get, HandClock, venueOn } from './venue-client.ts';

const CALLS = 3_000;
const KEY = { apiKey: 'K'.repeat(64), apiSecret: 'S'.repeat(64) };

const NASTY = [
  ...[
    '',
    ' ',
    '0',
    '-1',
    '1',
    'x',
    'NaN',
    'null',
    'None',
    'undefined',
    'true',
    'TRUE',
    '[]',
    '{}',
    '[{}]',
    '[null]',
    '"',
  ],
  ...['1e9', '1e-9', '0x1', '1.5', '.5', '5.', '--1', '+1', '1,5', '١', '\u0000', 'ä', '🙂', "'; DROP", '%00', '\n'],
  ...[
    '9007199254740993',
    '9'.repeat(19),
    '9'.repeat(40),
    '9'.repeat(5_000),
    `0.${'0'.repeat(400)}1`,
    'a'.repeat(10_000),
  ],
  ...[
    'BTCUSDT',
    'btcusdt',
    'ETHUSDT',
    'BUY',
    'SELL',
    'buy',
    'BOTH',
    'LONG',
    'GTC',
    'GTX',
    'FOK',
    'GTD',
    'LIMIT',
    'STOP',
  ],
  ...['60000.1', '59000', '59999.95', '0.001', '0.0001', '1000', '1000000', '253402300799000', '1791362060000'],
  ...[
    '["a"]',
    '[1,2]',
    '[9007199300000000001]',
    '[[1]]',
    '{"a":',
    'QUEUE',
    'OPPONENT_5',
    'EXPIRE_BOTH',
    'ACK',
    'RESULT',
  ],
];

/** Parameters that make a good request; the test spoils some of them. */
const GOOD: Readonly<Record<string, string>> = {
  ...{ symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.01', price: '59000.0' },
};
const OPTIONAL = [
  ...['positionSide', 'reduceOnly', 'newClientOrderId', 'newOrderRespType', 'priceMatch', 'selfTradePreventionMode'],
  ...['goodTillDate', 'closePosition', 'stopPrice', 'orderId', 'origClientOrderId', 'batchOrders', 'orderIdList'],
  ...['orderidlist', 'origClientOrderIdList', 'countdownTime', 'startTime', 'endTime', 'fromId', 'limit', 'modifyId'],
];
const ENDPOINTS: readonly (readonly [string, string])[] = [
  ...(['POST', 'PUT', 'DELETE', 'GET'] as const).map((method) => [method, 'order'] as const),
  ...(['POST', 'PUT', 'DELETE'] as const).map((method) => [method, 'batchOrders'] as const),
  ...[['POST', 'order/test'] as const, ['POST', 'countdownCancelAll'] as const, ['DELETE', 'allOpenOrders'] as const],
  ...(['openOrder', 'openOrders', 'allOrders', 'userTrades', 'orderAmendment'] as const).map(
    (path) => ['GET', path] as const,
  ),
];

function pick<T>(rng: Rng, list: readonly T[]): T {
  const one = list[rng.below(list.length)];
  if (one === undefined) throw new Error('an empty list');
  return one;
}

/** Spoils, leaves out and adds parameters. */
function spoiled(rng: Rng, good: Readonly<Record<string, string>>): Record<string, string> {
  const parameters: Record<string, string> = { ...good };
  const changes = 1 + rng.below(3);
  for (let i = 0; i < changes; i += 1) {
    const name = rng.below(2) === 0 ? pick(rng, Object.keys(good)) : pick(rng, OPTIONAL);
    if (rng.below(4) === 0) delete parameters[name];
    else parameters[name] = pick(rng, NASTY);
  }
  return parameters;
}

/** A batch whose rows are spoiled too. */
function spoiledBatch(rng: Rng): Record<string, string> {
  const rows = Array.from({ length: 1 + rng.below(3) }, () => spoiled(rng, GOOD));
  return { batchOrders: rng.below(5) === 0 ? pick(rng, NASTY) : JSON.stringify(rows) };
}

/** Everything that a refused request must leave alone, as text. */
function stateOf(session: TradingSession): string {
  const { accounts, engine, trueHistory, amendments } = session.exchange.trading;
  const all = accounts.all().map((account) => ({
    ...{ wallet: account.wallet, positions: account.positions(), open: engine.open.ofAccount(account.id) },
    closed: accounts.history(account).closedOrders().length,
    trades: accounts.history(account).trades().length,
    amendments: amendments.of(account.id, () => true).length,
  }));
  return JSON.stringify([all, trueHistory.lastSeq], (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
function isSound(answer: any): boolean {
  if (answer.kind !== 'REFUSED') return typeof answer === 'object';
  return Number.isInteger(answer.code) && answer.code < 0 && answer.msg.length > 5 && answer.status === 400;
}

describe.each([1, 2, 3])('random bad input, seed %i', (seed) => {
  test('every answer is a result or a code; a refusal changes nothing, and no answer is an exception', async () => {
    const rng = new Rng(`bad:${seed}`);
    const { session, traders } = await orderSession('100000', '100000');
    const [trader] = traders as [OrderTrader];
    const { orderId } = trader.limit('BUY', '0.01', '58000.0', { newClientOrderId: 'a' });
    trader.market('BUY', '0.01');
    let refused = 0;
    for (let i = 0; i < CALLS; i += 1) {
      session.clock.ms += 100;
      const [method, path] = pick(rng, ENDPOINTS);
      const isBatch = path === 'batchOrders' && method !== 'DELETE';
      const good = rng.below(2) === 0 ? GOOD : { ...GOOD, orderId };
      const parameters = isBatch ? spoiledBatch(rng) : spoiled(rng, good);
      const before = stateOf(session);
      const answer = trader.call(method, path, parameters);
      expect(isSound(answer), `${method} ${path} ${JSON.stringify(parameters).slice(0, 500)}`).toBe(true);
      const rows = Array.isArray(answer) && isBatch ? answer : [answer];
      if (!rows.every(({ code, kind }) => kind === 'REFUSED' || (isBatch && code < 0))) continue;
      refused += 1;
      expect(stateOf(session), `${method} ${path} ${JSON.stringify(parameters).slice(0, 500)}`).toBe(before);
    }
    // Most of the input is bad; a part of it must be good, or the test would show little.
    expect(refused).toBeGreaterThan(CALLS / 3);
    expect(refused).toBeLessThan(CALLS);
  });
});

test('over HTTP: a parameter that is sent twice, and orders beyond the limit', async () => {
  const clock = new HandClock();
  const venue = await venueOn(clock, { key: KEY, orderLimits: { perTenSeconds: 7, perMinute: 9 } });
  const client = new SignedClient(venue, KEY, clock.now);
  const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.01' } as const;
  const counts = (headers: Headers) => ['10s', '1m'].map((window) => headers.get(`x-mbx-order-count-${window}`));
  const first = await client.call('POST', '/fapi/v1/order', order);
  expect([first.status, counts(first.headers)]).toEqual([200, ['1', '1']]);
  const refused = await client.call('POST', '/fapi/v1/order', { ...order, quantity: 'x' });
  expect([refused.status, counts(refused.headers)]).toEqual([400, ['2', '2']]);
  const batch = await client.call('POST', '/fapi/v1/batchOrders', { batchOrders: JSON.stringify([order]) });
  expect([batch.status, counts(batch.headers)]).toEqual([200, ['7', '3']]);
  const query = await client.call('GET', '/fapi/v1/openOrders');
  expect(counts(query.headers)).toEqual([null, null]);
  const over = await client.call('POST', '/fapi/v1/order', order);
  expect([over.status, over.body, counts(over.headers)]).toEqual([
    429,
    { code: -1015, msg: 'Too many new orders; current limit is 7 orders per 10 SECOND.' },
    ['8', '4'],
  ]);
  expect((await client.call('GET', '/fapi/v1/userTrades', { symbol: 'BTCUSDT' })).body).toHaveLength(2);
  const twice = await get(venue, '/fapi/v1/order?symbol=BTCUSDT&side=BUY&side=SELL', { method: 'POST' });
  expect(twice).toMatchObject({ status: 400, body: { code: -1101 } });
  expect((await client.call('GET', '/fapi/v1/rateLimit/order')).body).toEqual([
    { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 7 },
    { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: 9 },
  ]);
});
