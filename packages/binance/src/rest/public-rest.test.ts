import type { HttpClient, HttpOutcome } from '@helios/shared/runtime/http-client.ts';
import { expect, test } from 'vitest';
import { depth } from './endpoints/depth.ts';
import { serverTime } from './endpoints/server-time.ts';
import { createPublicRest } from './public-rest.ts';
import { RateGovernor } from './rate-governor.ts';
import { restUrlOf } from './venue-hosts.ts';

const START = 1_700_000_045_000;

function harness(answer: (url: URL) => HttpOutcome, limitPerMinute = 100) {
  const time = { now: START };
  const asked: string[] = [];
  const abort = new AbortController();
  const http: HttpClient = {
    async get(url) {
      asked.push(url.toString());
      time.now += 20;
      return answer(url);
    },
    close() {},
  };
  const governor = new RateGovernor({ now: () => time.now, share: 1, limitPerMinute });
  const rest = createPublicRest({
    baseUrl: 'http://venue.example:8099/base/',
    http,
    governor,
    timeoutMs: 1_000,
    now: () => time.now,
    wait: async (ms) => {
      time.now += ms;
    },
    stop: abort.signal,
  });
  return { rest, governor, time, asked, abort };
}

const reply = (status: number, body: string, headers: Record<string, string> = {}): HttpOutcome => ({
  kind: 'REPLY',
  status,
  headers,
  body,
});

test('an answer has its times, and the venue’s weight header counts', async () => {
  const { rest, governor, asked } = harness(() => reply(200, '{"serverTime":5}', { 'x-mbx-used-weight-1m': '17' }));
  expect(await rest.ask(serverTime, undefined)).toEqual({
    kind: 'OK',
    value: 5,
    tsSent: START,
    tsReceived: START + 20,
  });
  expect(asked).toEqual(['http://venue.example:8099/base/fapi/v1/time']);
  expect(governor.used).toBe(17);
});

test('without budget a request waits for the next minute', async () => {
  const { rest, asked, time } = harness(() => reply(200, '{"serverTime":5}'), 2);
  for (let i = 0; i < 5; i += 1) await rest.ask(serverTime, undefined);
  expect(asked).toHaveLength(5);
  expect(time.now).toBeGreaterThan(START + 60_000);
});

test('a refusal stops all requests for the time it names', async () => {
  let refuse = true;
  const { rest, governor, time } = harness(() => {
    if (!refuse) return reply(200, '{"serverTime":5}');
    refuse = false;
    return reply(418, '', { 'retry-after': '180' });
  });
  expect(await rest.ask(serverTime, undefined)).toMatchObject({
    kind: 'FAILURE',
    code: 'BANNED',
    retryAfterMs: 180_000,
  });
  expect(governor.blockedMs).toBe(181_000);
  await rest.ask(serverTime, undefined);
  expect(time.now).toBeGreaterThanOrEqual(START + 181_000);
});

test('an answer in another format is GARBAGE and names the field', async () => {
  const { rest } = harness(() => reply(200, '{"lastUpdateId":1,"E":1,"T":1,"bids":"many","asks":[]}'));
  const answer = await rest.ask(depth, { symbol: 'BTCUSDT', limit: 20 });
  expect(answer).toMatchObject({ code: 'GARBAGE', detail: expect.stringContaining('bids is "many"') });
});

test('a request that is stopped while it waits for budget is never sent', async () => {
  const { rest, abort, asked } = harness(() => reply(200, '{"serverTime":5}'), 1);
  await rest.ask(serverTime, undefined);
  abort.abort();
  expect(await rest.ask(serverTime, undefined)).toMatchObject({ kind: 'FAILURE' });
  expect(asked).toHaveLength(1);
});

test('the default address is the network’s own', () => {
  expect(restUrlOf('mainnet', '')).toBe('https://fapi.binance.com');
  expect(restUrlOf('testnet', '')).toBe('https://demo-fapi.binance.com');
  expect(restUrlOf('mainnet', 'http://127.0.0.1:8099')).toBe('http://127.0.0.1:8099');
});
