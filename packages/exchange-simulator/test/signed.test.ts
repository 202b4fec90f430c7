import { createHmac } from 'node:crypto';
import { account } from '@helios/binance/rest/endpoints/account.ts';
import { createSignedRest } from '@helios/binance/rest/signed-rest.ts';
import { createSigner } from '@helios/binance/rest/signer.ts';
import { CommandLineError } from '@helios/shared/runtime/cli/command-line.mjs';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { createHttpClient } from '@helios/shared/runtime/http-client.ts';
import { afterEach, expect, test } from 'vitest';
import { readCliOptions } from '../src/cli-options.ts';
import { type Got, get, HandClock, START_MS, usedWeight, venueOn } from './venue-client.ts';

const KEY = { apiKey: 'K'.repeat(64), apiSecret: 'S'.repeat(64) };
const PATH = '/fapi/v3/account';

const AT = `timestamp=${START_MS}`;
const hmac = (payload: string, secret = KEY.apiSecret) => createHmac('sha256', secret).update(payload).digest('hex');
const signed = (payload: string, secret = KEY.apiSecret) => `${payload}&signature=${hmac(payload, secret)}`;

const clients: { close(): void }[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

async function ask(
  query: string,
  apiKey: string | undefined = KEY.apiKey,
  key: typeof KEY | undefined = KEY,
): Promise<Got> {
  const venue = await venueOn(new HandClock(), key === undefined ? {} : { key });
  return get(venue, `${PATH}?${query}`, apiKey === '' ? {} : { headers: { 'X-MBX-APIKEY': apiKey } });
}

test('a signed request gets the account, at weight 5', async () => {
  const got = await ask(signed(AT));
  expect(got).toMatchObject({
    status: 200,
    body: { availableBalance: '10000.00000000', assets: [{ asset: 'USDT' }], positions: [] },
  });
  expect(usedWeight(got)).toBe(5);
  expect((await ask(`${AT}&signature=${hmac(AT).toUpperCase()}`)).status).toBe(200);
});

test.each<[string, string, string | undefined, number, number]>([
  ['no key', signed(AT), '', 401, -2014],
  ['a key in a wrong format', signed(AT), 'not-a-key!', 401, -2014],
  ['another key', signed(AT), 'Z'.repeat(64), 401, -2015],
  ['no date', signed('recvWindow=5000'), undefined, 400, -1102],
  ['an invalid timestamp', signed('timestamp=now'), undefined, 400, -1100],
  ['a timestamp that is too old', signed(`timestamp=${START_MS - 5_001}`), undefined, 400, -1021],
  [
    'a timestamp that is too old for its window',
    signed(`recvWindow=100&timestamp=${START_MS - 101}`),
    undefined,
    400,
    -1021,
  ],
  ['a timestamp in the future', signed(`timestamp=${START_MS + 1_000}`), undefined, 400, -1021],
  ['a window that is too wide', signed(`recvWindow=60001&timestamp=${START_MS}`), undefined, 400, -1130],
  ['no signature', AT, undefined, 400, -1102],
  ['a signature with another secret', signed(AT, 'other'), undefined, 400, -1022],
  ['a signature of another text', `${signed(AT)}&recvWindow=9000`, undefined, 400, -1022],
])('%s gets the venue’s refusal, and costs weight', async (_, query, apiKey, status, code) => {
  const got = await ask(query, apiKey);
  expect([got.status, got.body.code, usedWeight(got)]).toEqual([status, code, 5]);
  expect(got.text).not.toContain(KEY.apiSecret);
});

test('timestamps and windows are accepted up to their limits', async () => {
  for (const query of [
    `timestamp=${START_MS - 5_000}`,
    `timestamp=${START_MS + 999}`,
    `recvWindow=60000&timestamp=${START_MS - 60_000}`,
  ])
    expect((await ask(signed(query))).status).toBe(200);
});

test('a venue without a key refuses every key', async () => {
  const venue = await venueOn(new HandClock());
  const got = await get(venue, `${PATH}?${signed(AT)}`, { headers: { 'X-MBX-APIKEY': KEY.apiKey } });
  expect(got).toMatchObject({ status: 401, body: { code: -2015 } });
});

test('our own client succeeds whatever the venue’s clock shows', async () => {
  const clock = new HandClock();
  const venue = await venueOn(clock, { key: KEY });
  const http = createHttpClient();
  clients.push(http);
  const sign = createSigner(KEY.apiSecret);
  if (sign === undefined) throw new Error('no signer');
  const rest = createSignedRest({
    ...{ baseUrl: venue.url, apiKey: KEY.apiKey, sign, http, timeoutMs: 5_000, recvWindowMs: 10_000, now: Date.now },
  });
  expect(await rest.send(account, undefined)).toMatchObject({ kind: 'OK' });
  clock.ms += 60_000;
  expect(await rest.send(account, undefined)).toMatchObject({ kind: 'OK' });
  expect(venue.requests().paths[PATH]).toMatchObject({ statuses: { 200: 2, 400: 1 } });
});

test('key and secret need each other on the command line', () => {
  const read = (args: readonly string[]) => readCliOptions(readCommandLine('exchange', args), '/home');
  const both = ['--api-key', 'K', '--api-secret', 'S'];
  expect(read(both).accounts).toEqual([{ id: 'main', keys: [{ apiKey: 'K', apiSecret: 'S' }], balance: '10000' }]);
  expect(read([]).accounts).toEqual([]);
  for (const half of [both.slice(0, 2), both.slice(2)]) expect(() => read(half)).toThrow(CommandLineError);
});
