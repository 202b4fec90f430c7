import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import type { RunningExchange } from '../src/start-exchange.ts';
import { connected, type StreamClient } from './stream-client.ts';
import { get, HandClock, START_MS, venueOn } from './venue-client.ts';

const HMAC = { apiKey: 'h'.repeat(64), apiSecret: 'hmac-secret' };
const pair = generateKeyPairSync('ed25519');
const ED25519 = {
  apiKey: 'e'.repeat(64),
  apiSecret: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
};
const MARKET = { kind: 'generator', seed: 7, symbols: ['BTCUSDT'], updatesPerSecond: 1 } as const;
const BUY = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.010', newOrderRespType: 'RESULT' };

type Params = Readonly<Record<string, unknown>>;
let venue: RunningExchange;
let client: StreamClient;

beforeEach(async () => {
  const accounts = [HMAC, ED25519].map((key, at) => ({ id: String(at), keys: [key], balance: '10000' }));
  venue = await venueOn(new HandClock(), { accounts, market: MARKET });
  client = await connected(`${venue.streamUrl}/ws-fapi/v1`);
});

const payloadOf = (params: Params) =>
  Object.entries(params)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

/** Parameters with key, time and HMAC. */
function signed(params: Params = {}, { apiKey, apiSecret } = HMAC): Params {
  const all = { ...params, apiKey, timestamp: START_MS };
  return { ...all, signature: createHmac('sha256', apiSecret).update(payloadOf(all)).digest('hex') };
}
function signedByPair(params: Params = {}, key: KeyObject = pair.privateKey): Params {
  const all = { ...params, apiKey: ED25519.apiKey, timestamp: START_MS };
  return { ...all, signature: sign(null, Buffer.from(payloadOf(all)), key).toString('base64') };
}

let asked = 0;
/** Sends a request; resolves with the answer's text. */
async function askText(method: string, params: Params | undefined, id: unknown): Promise<string> {
  const before = client.texts.length;
  client.socket.send(JSON.stringify({ id, method, ...(params === undefined ? {} : { params }) }));
  return eventually(`an answer to ${method}`, () => client.texts[before]);
}
// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
async function ask(method: string, params?: Params): Promise<any> {
  asked += 1;
  return JSON.parse(await askText(method, params, asked));
}

describe('a request', () => {
  test.each(['"be613bf3a17d4b0bbdb1c7f7d4d2e0aa"', '"1"', '7', '9007199300000000001', 'null'])(
    'with the id %s gets it back as sent',
    async (id) => {
      const before = client.texts.length;
      client.socket.send(`{"id":${id},"method":"ping","params":{}}`);
      const text = await eventually('an answer', () => client.texts[before]);
      expect(text.startsWith(`{"id":${id},"status":200,"result":{}`)).toBe(true);
    },
  );

  test('is answered as over REST, with the rate limits', async () => {
    const placed = await ask('order.place', signed({ ...BUY, newClientOrderId: 'mine' }));
    expect(placed).toMatchObject({ status: 200, result: { status: 'FILLED', clientOrderId: 'mine' } });
    const { rateLimits } = placed;
    expect(rateLimits).toEqual([
      // Five for the handshake.
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 2_400, count: 5 },
      { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 300, count: 1 },
      { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: 1_200, count: 1 },
    ]);
    const query = `symbol=BTCUSDT&timestamp=${START_MS}`;
    const signature = createHmac('sha256', HMAC.apiSecret).update(query).digest('hex');
    const init = { headers: { 'X-MBX-APIKEY': HMAC.apiKey } };
    const rest = await get(venue, `/fapi/v3/positionRisk?${query}&signature=${signature}`, init);
    const position = await ask('v2/account.position', signed({ symbol: 'BTCUSDT' }));
    expect(position.result).toEqual(rest.body);
    expect(position.result[0].positionAmt).toBe('0.010');
  });

  test('may ask for no rate limits, by parameter or for the whole connection', async () => {
    expect(Object.keys(await ask('account.balance', signed({ returnRateLimits: false })))).not.toContain('rateLimits');
    client = await connected(`${venue.streamUrl}/ws-fapi/v1?returnRateLimits=false`);
    expect(Object.keys(await ask('time'))).toEqual(['id', 'status', 'result']);
    expect(Object.keys(await ask('time', { returnRateLimits: true }))).toContain('rateLimits');
  });

  test('may write numbers as numbers or texts; the signature covers them as written', async () => {
    const price = Math.floor(await bestBid());
    const params = { ...BUY, type: 'LIMIT', timeInForce: 'GTC', quantity: 0.01, price };
    expect((await ask('order.place', signed(params))).status).toBe(200);
    const texts = { ...params, quantity: '0.010', price: `${price}.0` };
    expect((await ask('order.place', signed(texts))).status).toBe(200);
    const all = { apiKey: HMAC.apiKey, ...BUY, timestamp: START_MS };
    const payload = payloadOf({ ...all, quantity: '0.010' });
    const signature = createHmac('sha256', HMAC.apiSecret).update(payload).digest('hex');
    const before = client.texts.length;
    const text = JSON.stringify({ id: 1, method: 'order.place', params: { ...all, signature } });
    client.socket.send(text.replace('"0.010"', '0.010'));
    expect(JSON.parse(await eventually('an answer', () => client.texts[before])).status).toBe(200);
  });

  test('finds orders by ids above 2^53', async () => {
    const low = { ...BUY, type: 'LIMIT', timeInForce: 'GTX', price: String(Math.floor((await bestBid()) * 0.97)) };
    const text = await askText('order.place', signed(low), 1);
    const orderId = /"orderId":(\d+)/.exec(text)?.[1] ?? '';
    expect(BigInt(orderId)).toBeGreaterThan(2n ** 53n);
    const query = { symbol: 'BTCUSDT', orderId };
    expect((await ask('order.status', signed(query))).result).toMatchObject({ status: 'NEW', avgPrice: '0.00' });
    const modified = { symbol: 'BTCUSDT', side: 'BUY', quantity: '0.020', price: low.price, orderId };
    expect((await ask('order.modify', signed(modified))).result.origQty).toBe('0.020');
    expect((await ask('order.cancel', signed(query))).result.status).toBe('CANCELED');
    expect(await ask('order.cancel', signed(query))).toMatchObject({ status: 400, error: { code: -2011 } });
  });

  test('places and cancels conditional orders', async () => {
    const triggerPrice = String(Math.floor((await bestBid()) * 0.9));
    const stop = { ...BUY, algoType: 'CONDITIONAL', side: 'SELL', type: 'STOP_MARKET', triggerPrice };
    const placed = await ask('algoOrder.place', signed({ ...stop, clientAlgoId: 'stop' }));
    expect(placed).toMatchObject({ status: 200, result: { algoStatus: 'NEW', clientAlgoId: 'stop' } });
    const cancelled = await ask('algoOrder.cancel', signed({ clientAlgoId: 'stop' }));
    expect(cancelled.result).toMatchObject({ clientAlgoId: 'stop', code: '200', msg: 'success' });
  });

  test.each(['account.status', 'v2/account.status', 'account.balance', 'v2/account.balance', 'account.position'])(
    '%s is served',
    async (method) => {
      expect((await ask(method, signed())).status).toBe(200);
    },
  );

  test('reads the market without a key', async () => {
    const depth = await ask('depth', { symbol: 'BTCUSDT', limit: 5 });
    expect(depth.result.bids.length).toBe(5);
    expect((await ask('ticker.book', { symbol: 'BTCUSDT' })).result.bidPrice).toBe(depth.result.bids[0][0]);
    expect(await ask('ticker.price', { symbol: 'BTCUSDT' })).toMatchObject({ result: { symbol: 'BTCUSDT' } });
    expect((await ask('time')).result).toEqual({ serverTime: START_MS });
  });
});

async function bestBid(): Promise<number> {
  return Number((await get(venue, '/fapi/v1/ticker/bookTicker?symbol=BTCUSDT')).body.bidPrice);
}

describe('a refusal', () => {
  test.each<[string, string, Params, number, number]>([
    ['a wrong signature', 'order.place', { ...signed(BUY), quantity: '0.020' }, 400, -1022],
    ['no signature', 'order.place', { ...BUY, apiKey: HMAC.apiKey, timestamp: START_MS }, 400, -1102],
    ['no key', 'order.place', { ...BUY, timestamp: START_MS }, 401, -2014],
    ['an unknown key', 'order.place', signed(BUY, { ...HMAC, apiKey: 'x'.repeat(64) }), 401, -2015],
    ['a bad symbol', 'order.place', signed({ ...BUY, symbol: 'NONE' }), 400, -1121],
    ['an unknown method', 'order.dance', {}, 400, -1020],
    ['a logon with an HMAC key', 'session.logon', signed(), 400, -4056],
    ['a logon with a wrong signature', 'session.logon', { ...signedByPair(), timestamp: START_MS - 1 }, 400, -1022],
  ])('%s has an error and changes nothing', async (_, method, params, status, code) => {
    const answer = await ask(method, params);
    expect(answer).toMatchObject({ status, error: { code, msg: expect.any(String) } });
    expect(Object.keys(answer)).toEqual(['id', 'status', 'error', 'rateLimits']);
    expect((await ask('v2/account.position', signed())).result).toEqual([]);
  });

  test.each(['nonsense', '[]', '{"id":5,"params":{}}', '{"id":5,"method":"ping","params":[]}'])(
    'is the answer to %s, and the connection lives on',
    async (text) => {
      const before = client.texts.length;
      client.socket.send(text);
      const answer = JSON.parse(await eventually('an answer', () => client.texts[before]));
      expect(answer).toMatchObject({ id: text.includes('"id"') ? 5 : null, status: 400 });
      expect((await ask('ping')).status).toBe(200);
    },
  );

  test('a handshake costs weight 5, and is refused beyond the limit', async () => {
    venue = await venueOn(new HandClock(), { market: MARKET, limits: { weightPerMinute: 12 } });
    const url = `${venue.streamUrl}/ws-fapi/v1`;
    for (let count = 0; count < 2; count += 1) client = await connected(url);
    await expect(connected(url)).rejects.toThrow();
    expect(venue.requests().paths['/ws-fapi/v1']).toMatchObject({ statuses: { 101: 2, 429: 1 } });
  }, 20_000);
});

describe('a session', () => {
  test('logs on with an Ed25519 key; its requests then need neither key nor signature', async () => {
    expect((await ask('session.status')).result).toMatchObject({ apiKey: null, authorizedSince: null });
    const logon = { apiKey: ED25519.apiKey, authorizedSince: START_MS, connectedSince: START_MS };
    expect((await ask('session.logon', signedByPair())).result).toMatchObject(logon);
    expect((await ask('order.place', { ...BUY, timestamp: START_MS })).result.status).toBe('FILLED');
    expect((await ask('v2/account.position', { timestamp: START_MS })).result.length).toBe(1);
    // Its own key and signature still count for themselves.
    expect((await ask('v2/account.position', signed())).result).toEqual([]);
    expect(await ask('order.place', { ...BUY, timestamp: START_MS - 10_000 })).toMatchObject({
      error: { code: -1021 },
    });
    expect((await ask('session.logout')).result.apiKey).toBeNull();
    expect(await ask('order.place', { ...BUY, timestamp: START_MS })).toMatchObject({ error: { code: -2014 } });
  });

  test('starts, extends and stops the listen key with the API key alone', async () => {
    const { apiKey } = HMAC;
    const { listenKey } = (await ask('userDataStream.start', { apiKey })).result;
    expect((await ask('userDataStream.ping', { apiKey })).result).toEqual({ listenKey });
    const user = await connected(`${venue.streamUrl}/private/ws/${listenKey}`);
    await ask('order.place', signed(BUY));
    await eventually('the fill', () => user.texts.length === 4);
    expect((await ask('userDataStream.stop', { apiKey })).result).toEqual({});
    expect(await ask('userDataStream.ping', { apiKey })).toMatchObject({ error: { code: -1125 } });
  });
});

describe('faults', () => {
  test('of requests apply to its methods', async () => {
    await venue.setFaults([{ fault: 'status', status: 503, path: '/ws-fapi/v1/order.place', times: 1 }]);
    expect(await ask('order.place', signed(BUY))).toMatchObject({ status: 503, error: { code: -1008 } });
    expect((await ask('order.place', signed(BUY))).status).toBe(200);
  });

  test('may leave a request unanswered or cut the connection', async () => {
    await venue.setFaults([{ fault: 'hang', path: '/ws-fapi/v1/order.place', times: 1 }]);
    client.socket.send(JSON.stringify({ id: 'lost', method: 'order.place', params: signed(BUY) }));
    expect((await ask('ping')).status).toBe(200);
    expect(client.messages.some(({ id }) => id === 'lost')).toBe(false);
    await venue.setFaults([{ fault: 'reset', path: '/ws-fapi/v1/ping' }]);
    client.socket.send(JSON.stringify({ id: 1, method: 'ping' }));
    await client.closed();
  });
});
