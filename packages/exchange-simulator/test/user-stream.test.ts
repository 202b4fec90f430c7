import { createHmac } from 'node:crypto';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import type { RunningExchange } from '../src/start-exchange.ts';
import { connected, type StreamClient } from './stream-client.ts';
import { get, HandClock, venueOn } from './venue-client.ts';

const [MINE, OTHERS] = ['a', 'b'].map((letter) => ({ apiKey: letter.repeat(64), apiSecret: `${letter}-secret` })) as [
  { apiKey: string; apiSecret: string },
  { apiKey: string; apiSecret: string },
];
const MINUTE_MS = 60_000;
const MARKET = { kind: 'generator', seed: 7, symbols: ['BTCUSDT'], updatesPerSecond: 1 } as const;

let clock: HandClock;
let venue: RunningExchange;

beforeEach(async () => {
  clock = new HandClock();
  const accounts = [MINE, OTHERS].map((key, at) => ({ id: String(at), keys: [key], balance: '10000' }));
  venue = await venueOn(clock, { accounts, market: MARKET });
});

async function listenKey(method: 'POST' | 'PUT' | 'DELETE', { apiKey } = MINE) {
  return get(venue, '/fapi/v1/listenKey', { method, headers: { 'X-MBX-APIKEY': apiKey } });
}

/** Buys by MARKET; resolves with the order id's text. */
async function buy({ apiKey, apiSecret } = MINE): Promise<void> {
  const query = `symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.010&timestamp=${clock.ms}`;
  const signature = createHmac('sha256', apiSecret).update(query).digest('hex');
  const init = { method: 'POST', headers: { 'X-MBX-APIKEY': apiKey } };
  expect((await get(venue, `/fapi/v1/order?${query}&signature=${signature}`, init)).status).toBe(200);
}

/** Types of the events that a client got, bare or wrapped. */
function types(client: StreamClient): string[] {
  return client.messages.flatMap((message) => (message.data ?? message).e ?? []);
}
const FILL = ['TRADE_LITE', 'ORDER_TRADE_UPDATE', 'ACCOUNT_UPDATE', 'ORDER_TRADE_UPDATE'];

async function passes(ms: number): Promise<void> {
  clock.ms += ms;
  await venue.advance();
}

describe('an address', () => {
  test.each([
    ['/private/ws/<key>', false],
    ['/private/ws?listenKey=<key>', false],
    ['/private/stream?streams=<key>', true],
    ['/private/stream?listenKey=<key>', true],
  ])('%s gets the events of its key', async (path, isWrapped) => {
    const key = (await listenKey('POST')).body.listenKey;
    const client = await connected(`${venue.streamUrl}${path.replace('<key>', key)}`);
    await buy();
    await eventually('the fill', () => types(client).length === FILL.length);
    expect(types(client)).toEqual(FILL);
    expect(client.messages.every((message) => message.stream === (isWrapped ? key : undefined))).toBe(true);
  });

  test('SUBSCRIBE names a key on an open connection, UNSUBSCRIBE ends its events', async () => {
    const key = (await listenKey('POST')).body.listenKey;
    const client = await connected(`${venue.streamUrl}/private/stream?streams=`);
    const id = 'be613bf3a1'.repeat(3);
    client.socket.send(JSON.stringify({ method: 'SUBSCRIBE', params: [key], id }));
    await eventually('the answer', () => client.messages.some((message) => message.id === id));
    await buy();
    await eventually('the fill', () => client.eventsOf(key).length === FILL.length);
    await client.ask('UNSUBSCRIBE', [key]);
    await buy();
    await client.drained();
    expect(client.eventsOf(key).length).toBe(FILL.length);
  });

  test.each(['/ws/<key>', '/public/ws/<key>', '/market/ws?listenKey=<key>'])('%s is silent', async (path) => {
    const key = (await listenKey('POST')).body.listenKey;
    const client = await connected(`${venue.streamUrl}${path.replace('<key>', key)}`);
    await buy();
    await client.drained();
    expect(client.texts).toEqual([]);
  });
});

describe('a listen key', () => {
  test('is one for each account, and is the same on each POST', async () => {
    const first = await listenKey('POST');
    expect(first.body.listenKey).toMatch(/^[A-Za-z0-9]{64}$/);
    expect((await listenKey('POST')).body).toEqual(first.body);
    expect((await listenKey('PUT')).body).toEqual(first.body);
    expect((await listenKey('POST', OTHERS)).body).not.toEqual(first.body);
  });

  test('brings its events to every connection, and to no other account', async () => {
    const [mine, others] = [await listenKey('POST'), await listenKey('POST', OTHERS)];
    const open = (key: string) => connected(`${venue.streamUrl}/private/ws/${key}`);
    const [one, two] = [await open(mine.body.listenKey), await open(mine.body.listenKey)];
    const other = await open(others.body.listenKey);
    await buy();
    for (const client of [one, two]) await eventually('the fill', () => types(client).length === FILL.length);
    expect(one.texts).toEqual(two.texts);
    await other.drained();
    expect(other.texts).toEqual([]);
  });

  test('ends after 60 minutes with one event, then its connection is silent', async () => {
    const key = (await listenKey('POST')).body.listenKey;
    const client = await connected(`${venue.streamUrl}/private/ws/${key}`);
    const endMs = clock.ms + 60 * MINUTE_MS;
    await passes(60 * MINUTE_MS - 1);
    await client.drained();
    expect(client.texts).toEqual([]);
    await passes(1);
    await eventually('the end', () => client.texts.length === 1);
    expect(client.messages).toEqual([{ e: 'listenKeyExpired', E: endMs, listenKey: key }]);
    await buy();
    await client.drained();
    expect(client.texts.length).toBe(1);
    for (const method of ['PUT', 'DELETE'] as const)
      expect(await listenKey(method)).toMatchObject({ status: 400, body: { code: -1125 } });
    const next = (await listenKey('POST')).body.listenKey;
    expect(next).not.toBe(key);
  }, 20_000);

  test('lives 60 minutes more after each PUT', async () => {
    const key = (await listenKey('POST')).body.listenKey;
    const client = await connected(`${venue.streamUrl}/private/ws/${key}`);
    await passes(59 * MINUTE_MS);
    await listenKey('PUT');
    await passes(59 * MINUTE_MS);
    await buy();
    await eventually('the fill', () => types(client).length === FILL.length);
    await passes(1 * MINUTE_MS);
    await eventually('the end', () => types(client).at(-1) === 'listenKeyExpired');
  }, 20_000);

  test('is replaced by DELETE and POST; the old connection stays open and silent', async () => {
    const old = (await listenKey('POST')).body.listenKey;
    const before = await connected(`${venue.streamUrl}/private/ws/${old}`);
    expect((await listenKey('DELETE')).body).toEqual({});
    const key = (await listenKey('POST')).body.listenKey;
    const after = await connected(`${venue.streamUrl}/private/ws/${key}`);
    await buy();
    await eventually('the fill', () => types(after).length === FILL.length);
    await before.drained();
    expect([before.texts, before.end]).toEqual([[], undefined]);
  });
});
