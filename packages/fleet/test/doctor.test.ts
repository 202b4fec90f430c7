import { join } from 'node:path';
import { postOrder } from '@helios/binance/orders/order-endpoints.ts';
import type { KeyRights } from '@helios/binance/rest/endpoints/key-rights.ts';
import { createSignedRest, type SignedRest } from '@helios/binance/rest/signed-rest.ts';
import { createSigner } from '@helios/binance/rest/signer.ts';
import type { FaultInput } from '@helios/exchange-simulator/faults/fault.ts';
import { type RunningExchange, startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { createHttpClient } from '@helios/shared/runtime/http-client.ts';
import { load } from '@helios/shared/testing/settings-folder.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkRights } from '../src/doctor/account-checks.ts';
import { checkAddresses } from '../src/doctor/address-check.ts';
import { admitLive } from '../src/doctor/admit-live.ts';
import { examineAccount } from '../src/doctor/examine-account.ts';
import { findingLines } from '../src/doctor/finding.ts';
import { checkMachine } from '../src/doctor/machine-checks.ts';
import { checkLeverage } from '../src/doctor/symbol-checks.ts';

const KEY = { apiKey: 'q7Wd2ZkR9fLx4TbN'.repeat(4), apiSecret: 'u3Hs8YvJ6mCp1GzA'.repeat(4) };

let venue: RunningExchange;
let http: ReturnType<typeof createHttpClient>;
let rest: SignedRest;
beforeEach(async () => {
  venue = await startExchange({ market: { kind: 'generator', seed: 7, symbols: ['BTCUSDT', 'ETHUSDT'] }, key: KEY });
  http = createHttpClient();
  const sign = createSigner(KEY.apiSecret);
  if (sign === undefined) throw new Error('no signer');
  const times = { timeoutMs: 5_000, recvWindowMs: 5_000, now: Date.now };
  rest = createSignedRest({ baseUrl: venue.url, apiKey: KEY.apiKey, sign, http, ...times });
});
afterEach(async () => {
  http.close();
  await venue.stop();
});

function settings(env: Record<string, string> = {}): Settings {
  const keys = { BINANCE_API_KEY: KEY.apiKey, BINANCE_API_SECRET: KEY.apiSecret };
  const places = { BINANCE_REST_URL: venue.url, BINANCE_STREAM_URL: venue.streamUrl };
  return load({ env: { ...keys, ...places, ...env } }).settings;
}

/** Outcomes by check. */
async function outcomes(env: Record<string, string> = {}): Promise<Record<string, string>> {
  const { findings } = await examineAccount(settings(env));
  for (const { outcome, fix } of findings) if (outcome === 'FAULT') expect(fix).toBeDefined();
  expect(findings.flatMap(findingLines).join()).not.toContain(KEY.apiSecret);
  return Object.fromEntries(findings.map(({ check, outcome }) => [check, outcome]));
}

const post = (path: string, query: Record<string, string>) =>
  rest.send({ method: 'POST', path, query: () => query, weight: () => 1, parse: () => 'DONE' }, undefined);

async function buy(): Promise<void> {
  const order = {
    symbol: 'BTCUSDT',
    clientOrderId: 'web_1',
    side: 'BUY',
    quantity: '0.010',
    reduceOnly: false,
  } as const;
  expect(await rest.send(postOrder, { ...order, execution: { type: 'MARKET' } })).toMatchObject({ kind: 'OK' });
}

describe('examineAccount', () => {
  test('finds no fault on a sound account, and leaves nothing behind', async () => {
    expect(await outcomes()).toEqual({
      ...{ NETWORK: 'OK', CLOCK: 'OK', KEY_RIGHTS: 'SKIPPED', TRADE_RIGHT: 'OK', POSITION_MODE: 'OK' },
      ...{ MARGIN_ASSETS: 'OK', BALANCE: 'OK', SYMBOLS: 'OK', LEVERAGE: 'OK', STOP_ORDER: 'OK', OPEN: 'OK' },
    });
    const { entries } = (await (await fetch(`${venue.controlUrl}/control/ledger`)).json()) as { entries: unknown[] };
    expect(entries).toMatchObject([
      { kind: 'ALGO', order: { status: 'NEW', reduce_only: true } },
      { kind: 'ALGO', order: { status: 'CANCELED' } },
    ]);
  });

  test('with the dead man’s switch on, it lets a countdown end and looks whether the stop stays', async () => {
    const found = await outcomes({ EXECUTION_DEAD_MANS_SWITCH: 'true' });
    expect(found).toMatchObject({ STOP_ORDER: 'OK', DEAD_MAN: 'OK' });
    const { accounts } = (await (await fetch(`${venue.controlUrl}/control/accounts`)).json()) as {
      accounts: { open_algo_orders: unknown[] }[];
    };
    expect(accounts[0]?.open_algo_orders).toEqual([]);
  });

  test('F37: hedge mode and several margin assets are faults', async () => {
    await post('/fapi/v1/positionSide/dual', { dualSidePosition: 'true' });
    await post('/fapi/v1/multiAssetsMargin', { multiAssetsMargin: 'true' });
    expect(await outcomes()).toMatchObject({ POSITION_MODE: 'FAULT', MARGIN_ASSETS: 'FAULT' });
  });

  test('a symbol that is not listed is a note, none listed is a fault', async () => {
    expect(await outcomes({ TRADING_SYMBOLS: 'BTCUSDT,NOPEUSDT' })).toMatchObject({
      SYMBOLS: 'NOTE',
      STOP_ORDER: 'OK',
    });
    expect(await outcomes({ TRADING_SYMBOLS: 'NOPEUSDT' })).toMatchObject({ SYMBOLS: 'FAULT' });
  });

  const error = (code: number, path: string): FaultInput => ({
    ...{ fault: 'status', status: 400, path, method: 'POST', body: JSON.stringify({ code, msg: 'no' }) },
  });
  test.each<[string, FaultInput, object]>([
    ['F34: a clock seven seconds off', { fault: 'clock', offset_ms: -7_000 }, { CLOCK: 'FAULT', BALANCE: 'OK' }],
    ['F7: stops refused', error(-4120, '/fapi/v1/algoOrder'), { STOP_ORDER: 'FAULT' }],
    ['F8: a stop that nobody sees', { fault: 'stop-hidden', for_ms: 60_000 }, { STOP_ORDER: 'FAULT' }],
    [
      'F1: a stop placed without an answer',
      { fault: 'status', status: 503, path: '/fapi/v1/algoOrder', method: 'POST', after: true },
      { STOP_ORDER: 'OK' },
    ],
    [
      'no answer about the account',
      { fault: 'status', status: 500, path: '/fapi/v3/account' },
      { BALANCE: 'UNKNOWN', OPEN: 'UNKNOWN' },
    ],
  ])('%s', async (_, fault, expected) => {
    await venue.setFaults([fault]);
    expect(await outcomes()).toMatchObject(expected);
  });
});

test('F50 a key that the venue refuses is the only fault shown, with each way out', async () => {
  const { findings } = await examineAccount(settings({ BINANCE_API_SECRET: 'e5Xn0QiB7rKw2VtD'.repeat(4) }));
  expect(findings.map(({ check, outcome }) => [check, outcome])).toEqual([
    ['NETWORK', 'OK'],
    ['KEY', 'FAULT'],
  ]);
  expect(findings.flatMap(findingLines).join('\n')).toMatch(
    /-1022[\s\S]*→ The secret does not belong to the key[\s\S]*→ The key belongs to the other network/,
  );
});

test('a key that may only read has a fault with the permission that it lacks', async () => {
  const body = JSON.stringify({ code: -2015, msg: 'Invalid API-key, IP, or permissions for action.' });
  await venue.setFaults([{ fault: 'status', status: 401, path: '/fapi/v1/algoOrder', method: 'POST', body }]);
  const { findings } = await examineAccount(settings());
  const faults = findings.filter(({ outcome }) => outcome === 'FAULT');
  expect(faults).toMatchObject([{ check: 'STOP_ORDER', fix: expect.stringContaining('“Enable Futures”') }]);
});

describe('checkRights', () => {
  const SOUND: KeyRights = { mayWithdraw: false, mayTradeFutures: true, isBoundToAddresses: true };
  test.each<[string, Partial<KeyRights>, object]>([
    ['no more than it should', {}, { outcome: 'OK' }],
    ['withdraw', { mayWithdraw: true }, { outcome: 'FAULT', isAbsolute: true }],
    ['not trade futures', { mayTradeFutures: false }, { outcome: 'FAULT' }],
    ['come from every address', { isBoundToAddresses: false }, { outcome: 'NOTE' }],
  ])('a key that may %s', async (_, rights, expected) => {
    const answer = { kind: 'OK', value: { ...SOUND, ...rights }, tsSent: 1, tsReceived: 2 };
    const spot = { send: async () => answer } as unknown as SignedRest;
    expect(await checkRights({ spot, network: 'mainnet' })).toMatchObject(expected);
  });
});

test.each([
  [20, 'OK'],
  [21, 'FAULT'],
])('a leverage of %i where 20 is allowed: %s', async (leverage, outcome) => {
  const value = [{ symbol: 'BTCUSDT', brackets: [{ maxLeverage: 20 }, { maxLeverage: 10 }] }];
  const brackets = { send: async () => ({ kind: 'OK', value }) } as unknown as SignedRest;
  const access = { rest: brackets, settings: settings({ LEVERAGE: String(leverage) }) };
  expect(await checkLeverage(access, { symbol: 'BTCUSDT' })).toMatchObject({ check: 'LEVERAGE', outcome });
});

describe('checkAddresses', () => {
  const of = (testnet: boolean, rest_url: string, stream_url: string) =>
    checkAddresses({ api_key: '', api_secret: '', testnet, rest_url, stream_url });

  test.each([
    [true, '', ''],
    [false, '', ''],
    [true, 'http://127.0.0.1:9090', 'ws://127.0.0.1:9090'],
    [false, 'https://fapi.binance.com', 'wss://fstream.binance.com'],
  ])('testnet=%s %s %s fits', (testnet, rest_url, stream_url) => {
    expect(of(testnet, rest_url, stream_url)).toMatchObject({ outcome: 'OK' });
  });

  test.each([
    [true, 'https://fapi.binance.com', ''],
    [true, 'https://fapi.binance.com', 'ws://127.0.0.1:1'],
    [true, '', 'wss://fstream.binance.com'],
    [false, 'https://demo-fapi.binance.com', ''],
  ])('F50: testnet=%s %s %s mixes two networks', (testnet, rest_url, stream_url) => {
    expect(of(testnet, rest_url, stream_url)).toMatchObject({ outcome: 'FAULT', isAbsolute: true });
  });
});

describe('admitLive', () => {
  const said: string[] = [];
  const admit = (env: Record<string, string> = {}) =>
    admitLive(settings(env), [], (line) => said.push(line), new AbortController().signal);

  test('refuses a start with a fault, and names what to do', async () => {
    await expect(admit({ TRADING_SYMBOLS: 'NOPEUSDT' })).rejects.toThrow(
      /NOPEUSDT is not listed[\s\S]*→ Correct trading/,
    );
  });

  test('F50 starts with a fault while a position needs protection, but never on mixed networks', async () => {
    await buy();
    await admit({ TRADING_SYMBOLS: 'NOPEUSDT' });
    expect(said.join('\n')).toContain('starts all the same');
    await expect(admit({ BINANCE_STREAM_URL: 'wss://fstream.binance.com' })).rejects.toThrow('belongs to the mainnet');
  });

  test('examines again what had no answer', async () => {
    await venue.setFaults([{ fault: 'status', status: 500, path: '/fapi/v1/accountConfig', times: 1 }]);
    await admit();
    expect(said.at(-1)).toContain('no fault');
  });
});

test('a machine without room or rights has a fault', () => {
  expect(
    checkMachine(join(import.meta.filename, 'data'), '/tmp').map(({ check, outcome }) => [check, outcome]),
  ).toContainEqual(['DATA_FOLDER', 'FAULT']);
});
