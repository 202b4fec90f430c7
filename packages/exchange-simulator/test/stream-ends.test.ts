import { eventually } from '@helios/shared/testing/eventually.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import type { RunningExchange } from '../src/start-exchange.ts';
import { connected, StreamClient } from './stream-client.ts';
import { get, HandClock, venueOn } from './venue-client.ts';

let clock: HandClock;
let venue: RunningExchange;

beforeEach(async () => {
  clock = new HandClock();
  venue = await venueOn(clock, { streams: { messagesPerSecond: 1_000 } });
});

const DEPTH = 'btcusdt@depth@100ms';
const PUBLIC = `/public/stream?streams=${DEPTH}`;
const MARKET = '/market/stream?streams=btcusdt@markPrice@1s';
const open = (path: string) => connected(`${venue.streamUrl}${path}`);

async function pass(ms: number, ...clients: readonly StreamClient[]): Promise<void> {
  clock.ms += ms;
  await venue.advance();
  for (const client of clients) await client.drained();
}

/** The HTTP answer that refuses a connection. */
async function refusal(
  path: string,
): Promise<{ status: number | undefined; retryAfter: string | undefined; body: string }> {
  const client = new StreamClient(`${venue.streamUrl}${path}`);
  let answer: { status: number | undefined; retryAfter: string | undefined; body: string } | undefined;
  client.socket.on('unexpected-response', (_request, response) => {
    let body = '';
    response.on('data', (chunk: Buffer) => {
      body += String(chunk);
    });
    response.on('end', () => {
      answer = { status: response.statusCode, retryAfter: response.headers['retry-after'], body };
      client.socket.terminate();
    });
  });
  return eventually('a refusal', () => answer);
}

describe('stream-refuse', () => {
  test.each([
    [{ status: 429 }, { status: 429, retryAfter: '30', body: expect.stringContaining('-1003') }],
    [
      { status: 503, retry_after_sec: 7 },
      { status: 503, retryAfter: '7', body: expect.stringContaining('-1008') },
    ],
    [{ status: 403 }, { status: 403, retryAfter: undefined, body: expect.stringContaining('<!DOCTYPE html>') }],
  ])('%j answers instead of the upgrade', async (input, answer) => {
    await venue.setFaults([{ fault: 'stream-refuse', times: 2, ...input }]);
    expect(await refusal(PUBLIC)).toEqual(answer);
    expect((await get(venue, '/fapi/v1/ping')).status).toBe(200);
    expect(await refusal(MARKET)).toEqual(answer);
    await open(PUBLIC);
    expect(venue.requests().streams).toMatchObject({ connections: 1, connections_refused: 2 });
  });

  test('may apply to one route, and leaves open connections alone', async () => {
    const client = await open(MARKET);
    await venue.setFaults([{ fault: 'stream-refuse', route: 'market' }]);
    expect((await refusal(MARKET)).status).toBe(503);
    await open(PUBLIC);
    await pass(3_000, client);
    expect(client.texts.length).toBeGreaterThan(1);
  });
});

describe('stream-cut', () => {
  test('once: all open connections, with the given code, and no later connection', async () => {
    const [books, marks] = [await open(PUBLIC), await open(MARKET)];
    await venue.setFaults([{ fault: 'stream-cut', code: 1008, reason: 'Policy', route: 'public' }]);
    expect(await books.closed()).toEqual({ code: 1008, reason: 'Policy' });
    expect(venue.faults()).toEqual([]);
    await venue.setFaults([{ fault: 'stream-cut' }]);
    expect(await marks.closed()).toEqual({ code: 1001, reason: '' });
    await pass(100, await open(PUBLIC));
  });

  test('with for_ms: each new connection too', async () => {
    await venue.setFaults([{ fault: 'stream-cut', for_ms: 5_000 }]);
    expect((await new StreamClient(`${venue.streamUrl}${PUBLIC}`).closed()).code).toBe(1001);
    clock.ms += 5_000;
    await pass(1_000, await open(PUBLIC));
  });

  test('with a TCP reset there is no close frame', async () => {
    const client = new StreamClient(`${venue.streamUrl}${PUBLIC}`);
    const errors: unknown[] = [];
    client.socket.on('upgrade', ({ socket }) => {
      socket.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code));
    });
    await eventually('the client is connected', () => venue.requests().streams?.connections_open === 1);
    await venue.setFaults([{ fault: 'stream-cut', how: 'reset' }]);
    expect((await client.closed()).code).toBe(1006);
    expect(errors).toEqual(['ECONNRESET']);
  });
});

test('refuse closes the port: it cuts streams and refuses new ones until it opens', async () => {
  const client = await open(PUBLIC);
  await venue.setFaults([{ fault: 'refuse' }]);
  expect((await client.closed()).code).toBe(1006);
  expect((await new StreamClient(`${venue.streamUrl}${PUBLIC}`).closed()).code).toBe(1006);
  await venue.setFaults([]);
  const again = await open(PUBLIC);
  await pass(1_000, again);
  expect(again.texts.length).toBeGreaterThan(3);
});

test('request faults do not apply to streams', async () => {
  await venue.setFaults([{ fault: 'reset' }, { fault: 'status', status: 500 }]);
  const client = await open(PUBLIC);
  await pass(1_000, client);
  expect(client.texts.length).toBeGreaterThan(3);
});
