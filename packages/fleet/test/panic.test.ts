import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { placeStop } from '@helios/binance/orders/algo-endpoints.ts';
import { type NewOrder, postOrder } from '@helios/binance/orders/order-endpoints.ts';
import { createSignedRest, type SignedRest } from '@helios/binance/rest/signed-rest.ts';
import { createSigner } from '@helios/binance/rest/signer.ts';
import { type RunningExchange, startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import { createHttpClient } from '@helios/shared/runtime/http-client.ts';
import { bareEnvironment } from '@helios/shared/testing/bare-environment.ts';
import { settingsFolder } from '@helios/shared/testing/settings-folder.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ClosedAccount, closeAccount } from '../src/panic/close-account.ts';
import { closeOrders } from '../src/panic/close-orders.ts';
import { processBegan } from '../src/supervisor-file.ts';

const KEY = { apiKey: 'q7Wd2ZkR9fLx4TbN'.repeat(4), apiSecret: 'u3Hs8YvJ6mCp1GzA'.repeat(4) };
const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];

let venue: RunningExchange;
let rest: SignedRest;
let http: ReturnType<typeof createHttpClient>;
let said: string[];

beforeEach(async () => {
  venue = await startExchange({ market: { kind: 'generator', seed: 7, symbols: SYMBOLS }, key: KEY });
  http = createHttpClient();
  const sign = createSigner(KEY.apiSecret);
  if (sign === undefined) throw new Error('no signer');
  const times = { timeoutMs: 700, recvWindowMs: 5_000, now: Date.now };
  rest = createSignedRest({ baseUrl: venue.url, apiKey: KEY.apiKey, sign, http, ...times });
  said = [];
});
afterEach(async () => {
  http.close();
  await venue.stop();
});

// biome-ignore lint/suspicious/noExplicitAny: a row of the control port
const truth = async (): Promise<any> => {
  const { accounts } = (await (await fetch(`${venue.controlUrl}/control/accounts`)).json()) as { accounts: unknown[] };
  return accounts[0];
};
const ledger = async (): Promise<readonly { execution?: string; order?: { client_order_id?: string } }[]> => {
  const answer = await (await fetch(`${venue.controlUrl}/control/ledger`)).json();
  return (answer as { entries: [] }).entries;
};

async function order(symbol: string, side: 'BUY' | 'SELL', quantity: string, more: Partial<NewOrder> = {}) {
  const base = { symbol, side, quantity, clientOrderId: `web_${Math.random()}`, reduceOnly: false };
  const answer = await rest.send(postOrder, { ...base, execution: { type: 'MARKET' }, ...more });
  if (answer.kind !== 'OK') throw new Error(answer.detail);
}

async function stop(symbol: string, side: 'BUY' | 'SELL', triggerPrice: string, closes: 'ALL' | { quantity: string }) {
  const base = { symbol, side, type: 'STOP_MARKET', workingType: 'MARK_PRICE' } as const;
  const answer = await rest.send(placeStop, { ...base, clientAlgoId: `web_${Math.random()}`, triggerPrice, closes });
  if (answer.kind !== 'OK') throw new Error(answer.detail);
}

/** A long and a short position, an entry that rests, and stops. */
async function openEverything(): Promise<void> {
  await order('BTCUSDT', 'BUY', '0.010');
  await order('ETHUSDT', 'SELL', '0.100');
  await order('BTCUSDT', 'BUY', '0.010', { execution: { type: 'LIMIT', price: '20000.00', timeInForce: 'GTC' } });
  await stop('BTCUSDT', 'SELL', '10000.00', { quantity: '0.010' });
  await stop('ETHUSDT', 'BUY', '90000.00', 'ALL');
}

function close(withinMs = 20_000): Promise<ClosedAccount> {
  return closeAccount({
    ...{ rest, maxQuantityOf: () => undefined, withinMs, now: Date.now },
    say: (line) => said.push(line),
    wait: (ms) => pause(Math.min(ms, 100)),
  });
}

async function expectFlat(): Promise<void> {
  expect(await truth()).toMatchObject({ positions: [], open_orders: [], open_algo_orders: [] });
}

describe('closeAccount', () => {
  test('closes positions and orders of both families, also of others, and a second run changes nothing', async () => {
    await openEverything();
    const closed = await close();
    expect(closed).toMatchObject({ result: 'FLAT', before: { positions: [{}, {}], orders: [{}], stops: [{}, {}] } });
    await expectFlat();
    const again = await close();
    expect(again).toMatchObject({ result: 'FLAT', steps: [] });
  });

  test('keeps a stop until its position is closed', async () => {
    await openEverything();
    await venue.setFaults([{ fault: 'status', status: 503, path: '/fapi/v1/order', method: 'POST' }]);
    expect(await close(1_500)).toMatchObject({ result: 'NOT_PROVEN' });
    expect((await truth()).open_algo_orders).toHaveLength(2);
    await venue.setFaults([]);
    expect(await close()).toMatchObject({ result: 'FLAT' });
    await expectFlat();
  });

  test.each([
    [
      'orders time out but are carried out',
      { fault: 'hang', path: '/fapi/v1/order', method: 'POST', after: true, times: 2 },
    ],
    [
      'an order is answered 503 and filled',
      { fault: 'status', status: 503, path: '/fapi/v1/order', method: 'POST', after: true, times: 2 },
    ],
    ['the venue is overloaded', { fault: 'overload' }],
    ['market orders fill in part', { fault: 'partial-fill', percent: 40, times: 2 }],
    [
      'the positions cannot be read at first',
      { fault: 'status', status: 500, path: '/fapi/v3/positionRisk', times: 3 },
    ],
    ['the connection breaks now and then', { fault: 'reset', rate: 0.3, seed: 5 }],
    ['the clock of the venue is another', { fault: 'clock', offset_ms: -7_000 }],
    ['stops are hidden', { fault: 'stop-hidden', for_ms: 60_000 }],
    ['the venue asks for fewer requests', { fault: 'status', status: 429, times: 3 }],
  ] as const)('%s: everything is closed, and nothing is opened', async (_, fault) => {
    await openEverything();
    await venue.setFaults([fault]);
    expect(await close(90_000)).toMatchObject({ result: 'FLAT' });
    await venue.setFaults([]);
    await expectFlat();
  });

  test('an answer without positions is no proof while the totals show margin', async () => {
    await openEverything();
    await venue.setFaults([{ fault: 'positions', how: 'empty' }]);
    expect(await close(3_000)).toMatchObject({ result: 'NOT_PROVEN' });
    expect(said.join('\n')).toContain('contradicts itself');
    expect((await truth()).positions).toHaveLength(2);
    await venue.setFaults([]);
    expect(await close()).toMatchObject({ result: 'FLAT' });
  });

  test('an unreachable venue is not flat', async () => {
    await venue.setFaults([{ fault: 'refuse' }]);
    expect(await close(1_000)).toMatchObject({ result: 'NOT_PROVEN', before: undefined });
  });

  test('hedge mode: both legs are closed', async () => {
    const mode = { method: 'POST', path: '/fapi/v1/positionSide/dual' } as const;
    await rest.send(
      { ...mode, query: () => ({ dualSidePosition: 'true' }), weight: () => 1, parse: () => 1 },
      undefined,
    );
    await order('BTCUSDT', 'BUY', '0.010', { positionSide: 'LONG' });
    await order('BTCUSDT', 'SELL', '0.020', { positionSide: 'SHORT' });
    expect((await truth()).positions).toHaveLength(2);
    expect(await close()).toMatchObject({ result: 'FLAT' });
    await expectFlat();
  });
});

test('a position above the largest market order is closed in parts that sum up to it', () => {
  let id = 0;
  const position = { symbol: 'BTCUSDT', positionSide: 'BOTH', amount: '-250.5' } as never;
  const orders = closeOrders(position, '120', () => `p${++id}`);
  expect(orders.map(({ side, quantity, reduceOnly }) => [side, quantity, reduceOnly])).toEqual([
    ...[
      ['BUY', '120.0', true],
      ['BUY', '120.0', true],
    ],
    ['BUY', '10.5', true],
  ]);
  expect(closeOrders({ ...(position as object), amount: '120' } as never, '120', () => 'x')).toHaveLength(1);
});

describe('npm run panic', () => {
  async function panic(args: readonly string[], env: Record<string, string> = {}) {
    const folder = settingsFolder();
    const settings = {
      ...{ HELIOS_SETTINGS_DIR: folder, SYSTEM_DATA_DIR: join(folder, 'data'), SYSTEM_LOG_DIR: join(folder, 'logs') },
      ...{ BINANCE_REST_URL: venue.url, BINANCE_API_KEY: KEY.apiKey, BINANCE_API_SECRET: KEY.apiSecret },
      // Nothing listens there.
      ...{ REDIS_HOST: '127.0.0.1', REDIS_PORT: '1' },
    };
    const script = join(import.meta.dirname, '../src/panic/panic.ts');
    mkdirSync(join(folder, 'data'));
    const supervisor = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const ended = once(supervisor, 'exit');
    await expect.poll(() => processBegan(supervisor.pid ?? 0)).toBeDefined();
    const record = { pid: supervisor.pid, began: processBegan(supervisor.pid ?? 0), started_ts: 0, detached: true };
    writeFileSync(join(folder, 'data/supervisor.json'), JSON.stringify(record));
    const child = spawn(process.execPath, [script, ...args], { env: { ...bareEnvironment(), ...settings, ...env } });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
    child.stdin.end();
    const [code] = await once(child, 'close');
    const isFleetAlive = supervisor.exitCode === null && supervisor.signalCode === null;
    supervisor.kill('SIGKILL');
    await ended;
    return { code, text, folder, isFleetAlive };
  }

  test('with Redis dead and a fault in other settings it closes everything, ends the fleet, and leaves a report', async () => {
    await openEverything();
    const { code, text, folder, isFleetAlive } = await panic(['--yes'], { DASHBOARD_PORT: 'none' });
    expect([code, isFleetAlive], text).toEqual([0, false]);
    expect(text).toContain('position  BTCUSDT LONG 0.010');
    expect(text).toContain('FLAT: two readings');
    expect(text).not.toContain(KEY.apiSecret);
    await expectFlat();
    const [file = ''] = readdirSync(join(folder, 'logs'));
    const report = JSON.parse(readFileSync(join(folder, 'logs', file), 'utf8'));
    expect(report).toMatchObject({ result: 'FLAT', network: 'testnet', before: { positions: [{}, {}] } });
    const ids = (await ledger()).map(({ order: row }) => row?.client_order_id ?? '');
    expect(new Set(ids.filter((id) => id.startsWith('panic-'))).size).toBe(2);
  });

  test('without a confirmation it shows the account and changes nothing', async () => {
    await openEverything();
    const { code, text, isFleetAlive } = await panic([]);
    expect([code, isFleetAlive]).toEqual([1, true]);
    expect(text).toContain('stop      BTCUSDT SELL STOP_MARKET at 10000.00');
    expect(text).toContain('Nothing was changed: you must confirm');
    expect((await truth()).positions).toHaveLength(2);
  });

  test.each([
    [{ BINANCE_API_SECRET: '' }, 'BINANCE_API_SECRET is not set'],
    [{ BINANCE_TESTNET: 'perhaps' }, 'which account is meant'],
    [{ BINANCE_API_SECRET: 'e5Xn0QiB7rKw2VtD'.repeat(4) }, 'the venue refuses the API key'],
  ])('is refused with %j', async (env, words) => {
    const { code, text } = await panic(['--yes'], env);
    expect(code).toBe(1);
    expect(text).toContain(words);
  });
});
