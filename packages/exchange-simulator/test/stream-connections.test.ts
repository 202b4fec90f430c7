import { eventually } from '@helios/shared/testing/eventually.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import type { RunningExchange } from '../src/start-exchange.ts';
import { connected, StreamClient } from './stream-client.ts';
import { get, HandClock, usedWeight, venueOn } from './venue-client.ts';

let clock: HandClock;
let venue: RunningExchange;

beforeEach(async () => {
  clock = new HandClock();
  venue = await venueOn(clock);
});

const open = (path: string) => connected(`${venue.streamUrl}${path}`);

/** Advances the clock by ten seconds and waits for all events. */
async function heard(client: StreamClient): Promise<StreamClient> {
  clock.ms += 10_000;
  await venue.advance();
  await client.drained();
  return client;
}

describe('an address', () => {
  test.each([
    ['/public/stream?streams=btcusdt@depth@100ms/ethusdt@bookTicker', ['btcusdt@depth@100ms', 'ethusdt@bookTicker']],
    ['/market/stream?streams=btcusdt@aggTrade/btcusdt@markPrice@1s', ['btcusdt@aggTrade', 'btcusdt@markPrice@1s']],
    ['/market/stream?streams=btcusdt@kline_1m', ['btcusdt@kline_1m']],
    ['/public/stream?streams=btcusdt@aggTrade/btcusdt@kline_1m/btcusdt@markPrice', []],
    ['/market/stream?streams=btcusdt@depth/btcusdt@depth@100ms/btcusdt@bookTicker', []],
    ['/stream?streams=btcusdt@depth/btcusdt@markPrice/btcusdt@aggTrade/btcusdt@bookTicker', ['btcusdt@depth']],
    ['/public/stream?streams=BTCUSDT@depth/btcusdt@depth@250ms/nosuchusdt@depth/btcusdt@depth7/btcusdt@', []],
    ['/market/stream?streams=btcusdt@trade/btcusdt@aggtrade/BTCUSDT@aggTrade/btcusdt@kline_7m/btcusdt@toString', []],
  ])('%s', async (path, served) => {
    const client = await heard(await open(path));
    expect([...new Set(client.messages.map(({ stream }) => stream))].toSorted()).toEqual(served);
  });

  test('may name a symbol in another script', async () => {
    venue = await venueOn(clock, { moreContracts: [{ symbol: '币安人生USDT', baseAsset: '币安人生' }] });
    const client = await heard(await open(`/public/stream?streams=${encodeURIComponent('币安人生usdt')}@depth`));
    expect(client.eventsOf('币安人生usdt@depth')[0]).toMatchObject({ s: '币安人生USDT' });
  });

  test.each(['/public/ws/btcusdt@depth', '/ws/btcusdt@depth@500ms', '/public/ws/btcusdt@depth/ethusdt@depth'])(
    '%s gives bare events',
    async (path) => {
      const [event] = (await heard(await open(path))).messages;
      expect(event).toMatchObject({ e: 'depthUpdate', s: expect.stringMatching(/^(BTC|ETH)USDT$/) });
    },
  );

  test('with an unknown path gets a 404, and REST keeps working', async () => {
    for (const path of ['/secret/ws/x', '/fapi/v1/ping', '/public', '/market/stream/btcusdt@aggTrade']) {
      const client = new StreamClient(`${venue.streamUrl}${path}`);
      const refused = new Promise<number | undefined>((resolve) => {
        client.socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      });
      expect([path, await refused]).toEqual([path, 404]);
      client.socket.terminate();
    }
    expect((await get(venue, '/fapi/v1/ping')).status).toBe(200);
  });
});

describe('requests', () => {
  test('every SUBSCRIBE gets an acknowledgement, whatever it names, and the list contains it', async () => {
    const client = await open('/public/stream');
    const names = ['btcusdt@depth@100ms', 'BTCUSDT@depth', 'nonsense', 'btcusdt@aggTrade'];
    expect(await client.ask('SUBSCRIBE', names, 7)).toEqual({ result: null, id: 7 });
    expect(await client.ask('LIST_SUBSCRIPTIONS', undefined, 8)).toEqual({ result: names, id: 8 });
    await heard(client);
    expect(client.eventsOf('btcusdt@depth@100ms').length).toBeGreaterThan(40);
    expect(client.messages.filter(({ id }) => id === undefined)).toHaveLength(
      client.eventsOf('btcusdt@depth@100ms').length,
    );
    expect(await client.ask('UNSUBSCRIBE', ['btcusdt@depth@100ms', 'never asked'], 9)).toEqual({ result: null, id: 9 });
    expect(await client.ask('LIST_SUBSCRIPTIONS', [], 10)).toEqual({ result: names.slice(1), id: 10 });
    const before = client.texts.length;
    await heard(client);
    expect(client.texts).toHaveLength(before);
  });

  test('the property combined can change', async () => {
    const client = await open('/public/ws/btcusdt@depth');
    expect(await client.ask('GET_PROPERTY', ['combined'], 1)).toEqual({ result: false, id: 1 });
    expect(await client.ask('SET_PROPERTY', ['combined', true], 2)).toEqual({ result: null, id: 2 });
    expect((await heard(client)).eventsOf('btcusdt@depth').length).toBeGreaterThan(10);
  });

  test('a request id may be a text, and the answer repeats it', async () => {
    const client = await open('/public/stream');
    const id = 'be613bf38a0c4a0d9f0a6e1f9c7d2e55';
    client.socket.send(JSON.stringify({ method: 'SUBSCRIBE', params: ['btcusdt@depth'], id }));
    client.socket.send(JSON.stringify({ method: 'LIST_SUBSCRIPTIONS', id: '1' }));
    client.socket.send(JSON.stringify({ method: 'SUBSCRIBE', params: [], id: '2' }));
    await client.drained();
    expect(client.messages).toEqual([
      { result: null, id },
      { result: ['btcusdt@depth'], id: '1' },
      { error: { code: 2, msg: expect.stringContaining('params') }, id: '2' },
    ]);
    expect((await heard(client)).eventsOf('btcusdt@depth').length).toBeGreaterThan(10);
  });

  test.each([
    '/private/stream?streams=',
    '/private/stream?listenKey=K',
    '/private/ws',
    '/private/ws?listenKey=K',
    '/private/ws/K',
  ])('%s is accepted and acknowledged, but sends no events', async (path) => {
    const client = await open(path);
    expect(await client.ask('SUBSCRIBE', ['btcusdt@depth', 'btcusdt@aggTrade'], 1)).toEqual({ result: null, id: 1 });
    expect((await heard(client)).messages).toEqual([{ result: null, id: 1 }]);
  });

  const unsignedId = 'Invalid request: request ID must be an unsigned integer';
  test('invalid requests get the venue’s codes, and the connection stays open', async () => {
    const cases: [text: string, code: number, msg: string, id?: number][] = [
      ['{', 3, 'Invalid JSON: expected value at line 1 column 1'],
      ['[]', 2, 'Invalid request: expected an object'],
      ['{"method":"SUBSCRIBE","params":["a"]}', 2, unsignedId],
      ['{"method":"SUBSCRIBE","params":["a"],"id":-1}', 2, unsignedId],
      ['{"params":["a"],"id":1}', 2, 'Invalid request: missing field `method` at line 1 column 23', 1],
      ['{"method":"subscribe","params":["a"],"id":1}', 2, 'Invalid request: unknown variant `subscribe`', 1],
      ['{"method":"SUBSCRIBE","params":["a"],"id":1,"x":1}', 2, 'Invalid request: too many parameters', 1],
      ['{"method":"SUBSCRIBE","id":1}', 2, 'Invalid request: params', 1],
      ['{"method":"SUBSCRIBE","params":[1],"id":1}', 2, 'Invalid request: params', 1],
      ['{"method":"GET_PROPERTY","params":["speed"],"id":1}', 0, 'Unknown property', 1],
      ['{"method":"GET_PROPERTY","params":[],"id":1}', 2, 'Invalid request: property name must be a string', 1],
      ['{"method":"SET_PROPERTY","params":["combined",1],"id":1}', 1, 'Invalid value type: expected Boolean', 1],
    ];
    for (const [text, code, msg, id] of cases) {
      const client = await open('/public/stream');
      client.socket.send(text);
      await client.drained();
      const error = { code, msg: expect.stringContaining(msg) };
      expect([text, client.messages]).toEqual([text, [{ error, ...(id === undefined ? {} : { id }) }]]);
    }
  });
});

describe('limits', () => {
  test('the venue answers ten messages in a second; the eleventh ends this connection only', async () => {
    const other = await open('/public/stream?streams=btcusdt@depth');
    const client = await open('/public/stream');
    for (let id = 1; id <= 11; id += 1) client.socket.send(JSON.stringify({ method: 'LIST_SUBSCRIPTIONS', id }));
    expect(await client.closed()).toEqual({ code: 1008, reason: 'Too many requests' });
    expect(client.messages).toHaveLength(10);
    expect((await heard(other)).texts.length).toBeGreaterThan(10);
  });

  test('the venue accepts 1024 streams; one more gives error 4 and ends the connection', async () => {
    const client = await open('/market/stream?streams=btcusdt@aggTrade');
    const names = Array.from({ length: 1_023 }, (_, at) => `coin${at}usdt@aggTrade`);
    expect(await client.ask('SUBSCRIBE', names, 1)).toEqual({ result: null, id: 1 });
    expect(await client.ask('SUBSCRIBE', ['btcusdt@aggTrade'], 2)).toEqual({ result: null, id: 2 });
    expect(await client.ask('SUBSCRIBE', ['one@aggTrade'], 3)).toEqual({
      error: { code: 4, msg: 'Too many subscriptions' },
      id: 3,
    });
    expect((await client.closed()).code).toBe(1008);
    expect(venue.requests().streams?.streams).toEqual({});
  });

  test('the server pings every three minutes, answers pings, and closes a connection without pongs', async () => {
    const market = { kind: 'generator', symbols: ['BTCUSDT'], updatesPerSecond: 1 } as const;
    venue = await venueOn(clock, { market, streams: { messagesPerSecond: 1_000 } });
    const quiet = { autoPong: false };
    const [good, dumb] = [await open('/public/stream'), await connected(`${venue.streamUrl}/public/stream`, quiet)];
    for (let minute = 1; minute <= 13; minute += 1) {
      clock.ms += 60_000;
      await venue.advance();
      // The pong must arrive before the clock advances.
      await good.drained();
      expect([minute, good.pings.length]).toEqual([minute, Math.floor(minute / 3)]);
      if (minute < 13) expect(dumb.end).toBeUndefined();
    }
    expect(await dumb.closed()).toEqual({ code: 1008, reason: 'Pong timeout' });
    expect(good.end).toBeUndefined();
  });

  test('a connection ends at its maximum age, whether or not it answers', async () => {
    venue = await venueOn(clock, { streams: { lifetimeMs: 5_000, pingEveryMs: 2_000 } });
    const client = await open('/public/stream');
    clock.ms += 4_999;
    await venue.advance();
    await eventually('a ping', () => client.pings.length === 1);
    expect(client.end).toBeUndefined();
    clock.ms += 1;
    await venue.advance();
    expect((await client.closed()).code).toBe(1001);
  });
});

test('connections cost no weight; connections, streams and messages are counted', async () => {
  const one = await open('/public/stream?streams=btcusdt@depth/nonsense');
  const two = await open('/market/stream?streams=btcusdt@aggTrade');
  await two.ask('SUBSCRIBE', ['nonsense', 'constructor', '__proto__']);
  expect(usedWeight(await get(venue, '/fapi/v1/ping'))).toBe(1);
  const counts = async () => (await get({ url: venue.controlUrl }, '/control/requests')).body.streams;
  expect(await counts()).toMatchObject({
    connections: 2,
    connections_open: 2,
    connections_refused: 0,
    messages_received: 1,
    streams: { 'btcusdt@depth': 1, 'btcusdt@aggTrade': 1, nonsense: 2, constructor: 1, ['__proto__']: 1 },
  });
  await heard(one);
  const { events_sent } = await counts();
  expect(events_sent).toBe(one.texts.length + two.texts.length - 1);
  two.socket.close();
  await two.closed();
  await eventually('the closed connection is not counted', async () => (await counts()).connections_open === 1);
  await fetch(`${venue.controlUrl}/control/requests`, { method: 'DELETE' });
  expect(await counts()).toMatchObject({ connections: 0, connections_open: 1, messages_received: 0, events_sent: 0 });
});
