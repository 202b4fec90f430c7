import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpClient } from '@helios/shared/runtime/http-client.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { defineEndpoint } from './endpoint.ts';
import { account } from './endpoints/account.ts';
import { createSignedRest } from './signed-rest.ts';
import { createSigner } from './signer.ts';

const KEY = 'k'.repeat(64);
const SECRET = 'the-secret-of-this-test-and-of-nobody-else';
const VENUE_TS = 1_800_000_000_000;
const TOTALS = {
  ...{ totalInitialMargin: '0', totalPositionInitialMargin: '0', totalMaintMargin: '0', totalWalletBalance: '126.7' },
  ...{ totalUnrealizedProfit: '-1.5', totalMarginBalance: '125.2' },
};
const BALANCE = JSON.stringify({ ...TOTALS, availableBalance: '126.72469206' });

/** An endpoint with a parameter that needs encoding. */
const named = defineEndpoint<{ readonly symbol: string }, unknown>({
  path: '/fapi/v1/named',
  query: ({ symbol }) => ({ symbol }),
  weight: () => 1,
  parse: (json) => json,
});

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

interface Asked {
  readonly path: string;
  readonly query: string;
  readonly key: string | undefined;
}

/** A venue whose clock always shows `VENUE_TS`, an hour away from ours; it records its requests. */
async function venue(answer: (response: ServerResponse, times: number) => void = (response) => response.end(BALANCE)) {
  const asked: Asked[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    asked.push({ path, query, key: request.headers['x-mbx-apikey']?.toString() });
    if (path === '/fapi/v1/time') response.end(`{"serverTime":${VENUE_TS}}`);
    else answer(response, asked.filter((one) => one.path === path).length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const http = createHttpClient();
  open.push({ close: () => server.closeAllConnections() }, server, http);
  const sign = createSigner(SECRET);
  if (sign === undefined) throw new Error('no signer');
  const ourTime = { now: VENUE_TS - 3_600_000 };
  const rest = createSignedRest({
    ...{ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, apiKey: KEY, sign, http },
    ...{ timeoutMs: 2_000, recvWindowMs: 10_000, now: () => ourTime.now },
  });
  return { rest, asked, ourTime };
}

const refused =
  (code: number, status = 400) =>
  (response: ServerResponse) => {
    response.writeHead(status).end(`{"code":${code},"msg":"no"}`);
  };

describe('a signed read', () => {
  test('has the venue’s time, is signed as sent, and has the key in its header only', async () => {
    const { rest, asked } = await venue();
    expect(await rest.send(account, undefined)).toMatchObject({
      kind: 'OK',
      value: { availableBalance: '126.72469206' },
    });
    const [time, signed] = asked;
    expect(time).toEqual({ path: '/fapi/v1/time', query: '', key: undefined });
    const payload = `recvWindow=10000&timestamp=${VENUE_TS}`;
    const signature = createHmac('sha256', SECRET).update(payload).digest('hex');
    expect(signed).toEqual({ path: '/fapi/v3/account', query: `${payload}&signature=${signature}`, key: KEY });
  });

  test('reads the venue’s clock once, and then continues with ours', async () => {
    const { rest, asked, ourTime } = await venue();
    await rest.send(account, undefined);
    ourTime.now += 5_000;
    await rest.send(account, undefined);
    expect(asked.map(({ path }) => path)).toEqual(['/fapi/v1/time', '/fapi/v3/account', '/fapi/v3/account']);
    expect(asked[2]?.query).toContain(`timestamp=${VENUE_TS + 5_000}&`);
  });

  test('signs the percent-encoded text, byte for byte as it arrives', async () => {
    const { rest, asked } = await venue();
    await rest.send(named, { symbol: '币安USDT&x=1' });
    const [payload = '', signature = ''] = (asked[1]?.query ?? '').split('&signature=');
    expect(payload).toMatch(/^symbol=%E5%B8%81%E5%AE%89USDT%26x%3D1&recvWindow=/);
    expect(signature).toBe(createHmac('sha256', SECRET).update(payload).digest('hex'));
  });

  test('is sent once more with a new timestamp if the venue refuses the timestamp', async () => {
    const { rest, asked, ourTime } = await venue((response, times) => {
      if (times > 1) return response.end(BALANCE);
      ourTime.now += 60_000;
      return refused(-1021)(response);
    });
    expect(await rest.send(account, undefined)).toMatchObject({ kind: 'OK' });
    expect(asked.map(({ path }) => path.split('/').at(-1))).toEqual(['time', 'account', 'time', 'account']);
    expect(asked[3]?.query).toContain(`timestamp=${VENUE_TS}&`);
  });

  test('fails after the second refusal of the timestamp, without a third try', async () => {
    const { rest, asked } = await venue(refused(-1021));
    expect(await rest.send(account, undefined)).toMatchObject({ kind: 'FAILURE', code: 'REJECTED', serverCode: -1021 });
    expect(asked).toHaveLength(4);
  });

  test.each<[string, (response: ServerResponse) => void, string]>([
    ['a refusal', refused(-2015, 401), 'REJECTED'],
    ['a refused signature', refused(-1022), 'REJECTED'],
    ['a page', (response) => response.end('<html>'), 'GARBAGE'],
    ['another shape', (response) => response.end('{"availableBalance":12}'), 'GARBAGE'],
    ['a fault of the server', (response) => response.writeHead(502).end(), 'DOWN'],
  ])('answered with %s is sent once, and its failure shows neither secret nor signature', async (_, answer, code) => {
    const { rest, asked } = await venue(answer);
    const failure = await rest.send(account, undefined);
    expect(failure).toMatchObject({ kind: 'FAILURE', code });
    expect(asked).toHaveLength(2);
    const shown = JSON.stringify(failure);
    expect(shown).toContain('/fapi/v3/account');
    expect(shown).not.toMatch(/signature|timestamp/);
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain(KEY);
  });
});

test('an account without an available balance is a fault', () => {
  const read = account.parse({ ...TOTALS, availableBalance: '-3.5' }, undefined);
  expect(read).toMatchObject({ availableBalance: '-3.5', unrealizedProfit: '-1.5' });
  for (const odd of [undefined, [], {}, { ...TOTALS, availableBalance: 'much' }, { ...TOTALS, availableBalance: null }])
    expect(account.parse(odd, undefined)).toMatchObject({ kind: 'FAULT', code: 'BAD_FIELD' });
});
