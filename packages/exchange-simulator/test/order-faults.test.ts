import { eventually } from '@helios/shared/testing/eventually.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import type { FaultInput } from '../src/faults/fault.ts';
import type { RunningExchange } from '../src/start-exchange.ts';
import { SignedClient } from './signed-client.ts';
import { connected, type StreamClient } from './stream-client.ts';
import { type Got, get, HandClock, venueOn } from './venue-client.ts';

const KEYS = ['A', 'B'].map((letter) => ({ apiKey: letter.repeat(64), apiSecret: letter.repeat(32) }));
const ACCOUNTS = KEYS.map((key, index) => ({ id: index === 0 ? 'one' : 'two', keys: [key], balance: '10000' }));
const MARKET_BUY = { side: 'BUY', type: 'MARKET', quantity: '0.010' } as const;
const RESTING = { side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.010' } as const;

let clock: HandClock;
let venue: RunningExchange;
let one: SignedClient;
let two: SignedClient;

beforeEach(async () => {
  clock = new HandClock();
  venue = await venueOn(clock, { accounts: ACCOUNTS });
  [one, two] = KEYS.map((key) => new SignedClient(venue, key, clock.now)) as [SignedClient, SignedClient];
});

const fault = (...faults: FaultInput[]): Promise<void> => venue.setFaults(faults);

// biome-ignore lint/suspicious/noExplicitAny: rows of every shape
async function ledger(): Promise<any[]> {
  return (await get({ url: venue.controlUrl }, '/control/ledger')).body.entries;
}

/** Orders that the venue has truly accepted so far. */
async function placed(): Promise<number> {
  return (await ledger()).filter(({ execution }) => execution === 'NEW').length;
}

async function priceOf(symbol = 'BTCUSDT'): Promise<number> {
  return Number((await get(venue, `/fapi/v1/ticker/price?symbol=${symbol}`)).body.price);
}

async function pass(ms: number): Promise<void> {
  clock.ms += ms;
  await venue.advance();
}

const failed = (got: Promise<Got>): Promise<string> =>
  got.then(
    ({ status }) => `answered ${status}`,
    () => 'failed',
  );

describe('after: the request is carried out, then the answer suffers', () => {
  test('a lost answer: the order stands, and queries know it', async () => {
    await fault({ fault: 'reset', path: '/fapi/v1/order', method: 'POST', after: true, times: 1 });
    expect(await failed(one.order({ ...MARKET_BUY, newClientOrderId: 'lost' }))).toBe('failed');
    const found = await one.call('GET', '/fapi/v1/order', { symbol: 'BTCUSDT', origClientOrderId: 'lost' });
    expect(found.body).toMatchObject({ status: 'FILLED', executedQty: '0.010' });
    await fault({ fault: 'reset', path: '/fapi/v1/order', method: 'POST', times: 1 });
    expect(await failed(one.order({ ...MARKET_BUY, newClientOrderId: 'never' }))).toBe('failed');
    expect(await placed()).toBe(1);
  });

  test.each([
    [503, true, 1, -1000, 'Unknown error, please check your request or try again later.'],
    [503, false, 0, -1008, 'Server is currently overloaded with other requests. Please try again in a few minutes.'],
    [
      408,
      true,
      1,
      -1007,
      'Timeout waiting for response from backend server. Send status unknown; execution status unknown.',
    ],
  ])('%i with after %s places %i orders and says %i', async (status, after, orders, code, msg) => {
    await fault({ fault: 'status', status, after, path: '/fapi/v1/order', method: 'POST' });
    const got = await one.order(MARKET_BUY);
    expect([got.status, got.body]).toEqual([status, { code, msg }]);
    expect(await placed()).toBe(orders);
  });

  test('a late acknowledgement: the order stands long before its answer', async () => {
    await fault({ fault: 'slow', ms: 400, after: true, path: '/fapi/v1/order' });
    const waiting = one.order({ ...MARKET_BUY, newOrderRespType: 'RESULT' });
    let isAnswered = false;
    void waiting.then(() => {
      isAnswered = true;
    });
    await eventually('the order', async () => (await placed()) === 1);
    expect(isAnswered).toBe(false);
    expect((await waiting).body.status).toBe('FILLED');
  });

  test('an answer that never comes, and a page of a proxy', async () => {
    await fault({ fault: 'hang', after: true, method: 'POST' });
    expect(await failed(one.order(MARKET_BUY, { signal: AbortSignal.timeout(150) }))).toBe('failed');
    await fault({ fault: 'html', after: true, method: 'POST' });
    expect((await one.order(MARKET_BUY)).text).toContain('<!DOCTYPE html>');
    expect(await placed()).toBe(2);
  });
});

describe('which requests', () => {
  test('a symbol in a form body, an account, a method', async () => {
    await fault({ fault: 'status', status: 500, symbol: 'ETHUSDT', account: 'two', method: 'DELETE' });
    const cancel = (client: SignedClient, symbol: string) =>
      client.call('DELETE', '/fapi/v1/allOpenOrders', { symbol });
    expect((await cancel(two, 'ETHUSDT')).status).toBe(500);
    expect((await cancel(two, 'BTCUSDT')).status).not.toBe(500);
    expect((await cancel(one, 'ETHUSDT')).status).not.toBe(500);
    expect((await two.call('GET', '/fapi/v1/openOrders', { symbol: 'ETHUSDT' })).status).toBe(200);
    const body = new URLSearchParams({ symbol: 'ETHUSDT' }).toString();
    const headers = { 'X-MBX-APIKEY': KEYS[1]?.apiKey ?? '', 'Content-Type': 'application/x-www-form-urlencoded' };
    expect((await get(venue, '/fapi/v1/allOpenOrders', { method: 'DELETE', body, headers })).status).toBe(500);
  });

  test('a rate hits the same requests with the same seed', async () => {
    const pattern = async (seed: number): Promise<string> => {
      await fault({ fault: 'status', status: 500, rate: 0.5, seed });
      const statuses: number[] = [];
      for (let number = 0; number < 40; number += 1) statuses.push((await get(venue, '/fapi/v1/ping')).status);
      return statuses.join(' ');
    };
    const [first, again, other] = [await pattern(7), await pattern(7), await pattern(8)];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    const hits = first.split('500').length - 1;
    expect(hits).toBeGreaterThan(8);
    expect(hits).toBeLessThan(32);
  });

  test('a fault for an unknown account is refused', async () => {
    await expect(fault({ fault: 'overload', account: 'three' })).rejects.toThrow(
      'there is no account three. Known: one, two.',
    );
  });
});

test('an overload spares what reduces a position, and cancels', async () => {
  await one.order(MARKET_BUY);
  const resting = await one.order({ ...RESTING, price: ((await priceOf()) * 0.98).toFixed(1) });
  await fault({ fault: 'overload' });
  const refused = await one.order(MARKET_BUY);
  expect([refused.status, refused.body]).toEqual([
    503,
    {
      code: -1008,
      msg: 'Request throttled by system-level protection. Reduce-only/close-position orders are exempt. Please try again.',
    },
  ]);
  const stop = { algoType: 'CONDITIONAL', symbol: 'BTCUSDT', side: 'SELL', type: 'STOP_MARKET' } as const;
  const trigger = ((await priceOf()) * 0.9).toFixed(1);
  const algo = (more: Record<string, string>) =>
    one.call('POST', '/fapi/v1/algoOrder', { ...stop, triggerPrice: trigger, ...more });
  expect((await algo({ quantity: '0.010' })).body.code).toBe(-1008);
  expect((await algo({ closePosition: 'true' })).status).toBe(200);
  const [, orderId = ''] = /"orderId":(\d+)/.exec(resting.text) ?? [];
  expect((await one.call('DELETE', '/fapi/v1/order', { symbol: 'BTCUSDT', orderId })).status).toBe(200);
  expect((await one.order({ ...MARKET_BUY, side: 'SELL', reduceOnly: 'true' })).status).toBe(200);
});

describe('user events', () => {
  let stream: StreamClient;
  const kinds = (): string[] => stream.messages.map(({ e, o }) => (o === undefined ? e : `${e} ${o.x ?? o.X}`));

  beforeEach(async () => {
    const { listenKey } = (await one.call('POST', '/fapi/v1/listenKey')).body;
    stream = await connected(`${venue.streamUrl}/private/ws?listenKey=${listenKey}`);
  });

  const ROUND = ['TRADE_LITE', 'ORDER_TRADE_UPDATE NEW', 'ACCOUNT_UPDATE', 'ORDER_TRADE_UPDATE TRADE'];

  test.each<[string, FaultInput, readonly string[]]>([
    ['none', { fault: 'user-event', how: 'lost', account: 'two' }, ROUND],
    ['lost', { fault: 'user-event', how: 'lost' }, []],
    [
      'lost, one kind',
      { fault: 'user-event', how: 'lost', event: 'ORDER_TRADE_UPDATE', symbol: 'BTCUSDT' },
      ['TRADE_LITE', 'ACCOUNT_UPDATE'],
    ],
    [
      'duplicated, once',
      { fault: 'user-event', how: 'duplicated', event: 'ORDER_TRADE_UPDATE', times: 1 },
      ['TRADE_LITE', 'ORDER_TRADE_UPDATE NEW', ...ROUND.slice(1)],
    ],
    [
      'reordered',
      { fault: 'user-event', how: 'reordered', event: 'ACCOUNT_UPDATE', times: 1 },
      ['TRADE_LITE', 'ORDER_TRADE_UPDATE NEW', 'ORDER_TRADE_UPDATE TRADE', 'ACCOUNT_UPDATE'],
    ],
  ])('%s', async (_, given, expected) => {
    await fault(given);
    await one.order(MARKET_BUY);
    await stream.drained();
    expect(kinds()).toEqual(expected);
    expect(await placed()).toBe(1);
  });

  test('late: all events come in order when their time has come', async () => {
    await fault({ fault: 'user-event', how: 'late', ms: 5_000 });
    await one.order(MARKET_BUY);
    await pass(4_900);
    await stream.drained();
    expect(kinds()).toEqual([]);
    await pass(200);
    await stream.drained();
    expect(kinds()).toEqual(ROUND);
  });
});

describe('stops', () => {
  const stop = { algoType: 'CONDITIONAL', symbol: 'BTCUSDT', side: 'SELL', type: 'STOP_MARKET' } as const;
  const named = { clientAlgoId: 'stop' };
  const query = () => one.call('GET', '/fapi/v1/algoOrder', named);
  const listed = async () => (await one.call('GET', '/fapi/v1/openAlgoOrders', { symbol: 'BTCUSDT' })).body;

  beforeEach(async () => {
    await one.order(MARKET_BUY);
    const triggerPrice = ((await priceOf()) * 0.95).toFixed(1);
    const parameters = { ...stop, ...named, triggerPrice, closePosition: 'true' };
    expect((await one.call('POST', '/fapi/v1/algoOrder', parameters)).status).toBe(200);
  });

  test('hidden for minutes: queries do not know it, but it triggers', async () => {
    await fault({ fault: 'stop-hidden', for_ms: 180_000 });
    expect((await query()).body).toEqual({ code: -2013, msg: 'Order does not exist.' });
    expect(await listed()).toEqual([]);
    await fault({ fault: 'stop-hidden', account: 'two' });
    expect((await query()).body.algoStatus).toBe('NEW');
    await fault({ fault: 'stop-hidden', for_ms: 180_000 }, { fault: 'jump', symbol: 'BTCUSDT', percent: -10 });
    await pass(3_000);
    expect((await query()).body.code).toBe(-2013);
    const entries = await ledger();
    expect(entries.filter(({ kind }) => kind === 'ALGO').at(-1).order.status).toBe('FINISHED');
    await pass(180_000);
    expect((await query()).body.algoStatus).toBe('FINISHED');
  });

  test('stuck at the trigger: it stays TRIGGERING, and the position stays open', async () => {
    await fault({ fault: 'stop-stuck' }, { fault: 'jump', symbol: 'BTCUSDT', percent: -10 });
    await pass(10_000);
    expect((await query()).body.algoStatus).toBe('TRIGGERING');
    expect(await listed()).toHaveLength(1);
    expect(await placed()).toBe(1);
  });

  test('rejected at the trigger, with the reason', async () => {
    await fault(
      { fault: 'stop-rejected', reason: 'Order would immediately trigger.', symbol: 'BTCUSDT' },
      { fault: 'jump', symbol: 'BTCUSDT', percent: -10 },
    );
    await pass(3_000);
    expect((await query()).body.algoStatus).toBe('REJECTED');
    const last = (await ledger()).filter(({ kind }) => kind === 'ALGO').at(-1).order;
    expect(last).toMatchObject({ status: 'REJECTED', reject_reason: 'Order would immediately trigger.' });
    expect(await placed()).toBe(1);
  });
});

test('a lying position query shows nothing or earlier figures, and tells other accounts the truth', async () => {
  const risk = async (client: SignedClient, version: 2 | 3 = 3) =>
    (await client.call('GET', `/fapi/v${version}/positionRisk`, { symbol: 'BTCUSDT' })).body;
  await one.order(MARKET_BUY);
  await two.order(MARKET_BUY);
  const before = await risk(one);
  expect(before).toMatchObject([{ positionAmt: '0.010' }]);
  await fault({ fault: 'positions', how: 'empty', account: 'one' });
  expect([await risk(one), await risk(one, 2)]).toEqual([[], []]);
  expect((await one.call('GET', '/fapi/v3/account')).body).toMatchObject({ positions: [], assets: expect.anything() });
  expect(await risk(two)).toMatchObject([{ positionAmt: '0.010' }]);
  await one.order({ ...MARKET_BUY, side: 'SELL' });
  await fault({ fault: 'positions', how: 'old', account: 'one', times: 1 });
  expect(await risk(one)).toEqual(before);
  expect(await risk(one)).toEqual([]);
  await fault({ fault: 'status', status: 503, path: '/fapi/v3/positionRisk', times: 1 });
  expect((await one.call('GET', '/fapi/v3/positionRisk')).status).toBe(503);
});

test('a larger tick size is shown and checked, and earlier orders stay open', async () => {
  const price = Math.floor(await priceOf()) - 100;
  const tick = async () => {
    const { symbols } = (await get(venue, '/fapi/v1/exchangeInfo')).body;
    return symbols[0].filters.find((one: { filterType: string }) => one.filterType === 'PRICE_FILTER').tickSize;
  };
  expect((await one.order({ ...RESTING, price: `${price}.10` })).status).toBe(200);
  await fault({ fault: 'tick-size', symbol: 'BTCUSDT', tick_size: '0.50' });
  expect(await tick()).toBe('0.50');
  expect((await one.order({ ...RESTING, price: `${price}.10` })).body).toEqual({
    code: -4014,
    msg: 'Price not increased by tick size.',
  });
  expect((await one.order({ ...RESTING, price: `${price}.50` })).status).toBe(200);
  expect((await one.call('GET', '/fapi/v1/openOrders', { symbol: 'BTCUSDT' })).body).toHaveLength(2);
  await fault();
  expect(await tick()).toBe('0.10');
  expect((await one.order({ ...RESTING, price: `${price}.10` })).status).toBe(200);
  await expect(fault({ fault: 'tick-size', symbol: 'BTCUSDT', tick_size: '0.25' })).rejects.toThrow(
    'the tick size of BTCUSDT is 0.10, and 0.25 is not a multiple of it.',
  );
});

test('a partial fill, then silence: LIMIT rests, MARKET expires, and healing fills the rest', async () => {
  await fault({ fault: 'partial-fill', percent: 40, account: 'one' });
  const price = ((await priceOf()) * 1.01).toFixed(1);
  const limit = await one.order({ ...RESTING, price, newOrderRespType: 'RESULT' });
  expect(limit.body).toMatchObject({ status: 'PARTIALLY_FILLED', executedQty: '0.004' });
  await pass(30_000);
  const [, orderId = ''] = /"orderId":(\d+)/.exec(limit.text) ?? [];
  const query = () => one.call('GET', '/fapi/v1/order', { symbol: 'BTCUSDT', orderId });
  expect((await query()).body).toMatchObject({ status: 'PARTIALLY_FILLED', executedQty: '0.004' });
  const market = await one.order({ ...MARKET_BUY, newOrderRespType: 'RESULT' });
  expect(market.body).toMatchObject({ status: 'EXPIRED', executedQty: '0.004' });
  expect((await two.order({ ...MARKET_BUY, newOrderRespType: 'RESULT' })).body.status).toBe('FILLED');
  await fault();
  await pass(5_000);
  expect((await query()).body).toMatchObject({ status: 'FILLED', executedQty: '0.010' });
});

describe('actions', () => {
  const act = (body: unknown) =>
    get({ url: venue.controlUrl }, '/control/actions', { method: 'POST', body: JSON.stringify(body) });

  test('another hand opens a position and cancels orders', async () => {
    const price = ((await priceOf()) * 0.98).toFixed(1);
    await one.order({ ...RESTING, price });
    const got = await act({ action: 'order', account: 'one', symbol: 'BTCUSDT', side: 'SELL', quantity: '0.005' });
    expect(got.status).toBe(200);
    expect(got.body.clientOrderId).toMatch(/^web_[0-9a-f]{20}$/);
    expect((await one.call('GET', '/fapi/v3/positionRisk')).body).toMatchObject([{ positionAmt: '-0.005' }]);
    expect((await act({ action: 'cancel-orders', account: 'one', symbol: 'BTCUSDT' })).body).toEqual({ canceled: 1 });
    expect((await one.call('GET', '/fapi/v1/openOrders')).body).toEqual([]);
  });

  test('a listen key ends now, and its connection hears of it', async () => {
    const { listenKey } = (await one.call('POST', '/fapi/v1/listenKey')).body;
    const stream = await connected(`${venue.streamUrl}/private/ws?listenKey=${listenKey}`);
    expect((await act({ action: 'expire-listen-key', account: 'one' })).status).toBe(200);
    await stream.drained();
    expect(stream.messages).toMatchObject([{ e: 'listenKeyExpired', listenKey }]);
    expect((await one.call('PUT', '/fapi/v1/listenKey')).body.code).toBe(-1125);
    expect((await act({ action: 'expire-listen-key', account: 'two' })).body.error).toBe(
      'Nothing was done: the account two has no listen key.',
    );
  });

  test.each([
    ['liquidate', /^autoclose-/],
    ['deleverage', /^adl_autoclose/],
  ])('%s closes the position under the venue’s own client id, and the account balances', async (action, id) => {
    const request = { action, account: 'one', symbol: 'BTCUSDT' };
    expect((await act(request)).body.error).toBe('Nothing was done: the account one has no position in BTCUSDT.');
    await one.order(MARKET_BUY);
    expect((await act(request)).body).toEqual({ closed: 1 });
    expect((await one.call('GET', '/fapi/v3/positionRisk')).body).toEqual([]);
    const entries = await ledger();
    const forced = entries.filter(({ order }) => id.test(order?.client_order_id ?? ''));
    expect(forced.at(-1)).toMatchObject({ order: { side: 'SELL', filled: '0.010' } });
    const income = (await one.call('GET', '/fapi/v1/income')).body as { incomeType: string; income: string }[];
    const earned = income.reduce(
      (sum, row) => sum + (row.incomeType === 'TRANSFER' ? 0 : Math.round(Number(row.income) * 1e8)),
      0,
    );
    const balance = (await one.call('GET', '/fapi/v3/account')).body.totalWalletBalance;
    expect(Math.round(Number(balance) * 1e8) - 10_000 * 1e8).toBe(earned);
  });

  test('an action that is malformed, without an account, or refused by the venue changes nothing', async () => {
    const order = { action: 'order', symbol: 'BTCUSDT', side: 'BUY', quantity: '0.010' };
    for (const [body, why] of [
      [{ ...order, quantity: 1 }, 'quantity'],
      [order, 'name an account. Known: one, two.'],
      [{ ...order, account: 'three' }, 'name an account'],
      [{ ...order, account: 'one', quantity: '900' }, 'the venue refuses the order: -2019'],
      [{ action: 'magic' }, 'Nothing was done'],
    ] as const) {
      const got = await act(body);
      expect([got.status, got.body.error]).toEqual([400, expect.stringContaining(why)]);
    }
    expect(await placed()).toBe(0);
  });
});
