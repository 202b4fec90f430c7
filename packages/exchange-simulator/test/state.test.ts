import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { ExchangeStart } from '../src/exchange-start.ts';
import { type RunningExchange, startExchange } from '../src/start-exchange.ts';
import { StateFile } from '../src/state/state-file.ts';
import { readStateText, stateText } from '../src/state/state-text.ts';
import { SignedClient } from './signed-client.ts';
import { get, HandClock, START_MS, stopped } from './venue-client.ts';

const KEY = { apiKey: 'K'.repeat(64), apiSecret: 'S'.repeat(64) };
const MARKET = { kind: 'generator', seed: 3, symbols: ['BTCUSDT', 'ETHUSDT'] } as const;

let clock: HandClock;
let path: string;

beforeEach(() => {
  clock = new HandClock();
  const folder = mkdtempSync(join(tmpdir(), 'exchange-state-'));
  path = join(folder, 'state.jsonl');
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

const start = (options: Partial<ExchangeStart> = {}): Promise<RunningExchange> =>
  startExchange({ market: MARKET, nowMs: clock.now, key: KEY, state: path, ...options });

const clientOf = (venue: RunningExchange): SignedClient => new SignedClient(venue, KEY, clock.now);

async function accountOf(venue: RunningExchange): Promise<Record<string, unknown>> {
  return (await get({ url: venue.controlUrl }, '/control/accounts')).body.accounts[0];
}

const limit = (side: 'BUY' | 'SELL', price: string) =>
  ({ type: 'LIMIT', timeInForce: 'GTC', side, price, quantity: '0.010' }) as const;

test('texts of a state keep bigints apart from texts that look like them', () => {
  const value = { id: 9_007_199_300_000_000_001n, name: '#12', other: '##', list: [-5n, '7', undefined, null, 0.5] };
  expect(readStateText(stateText(value))).toEqual({ ...value, list: [-5n, '7', null, null, 0.5] });
});

test('a restart keeps account, orders, prices and time; ids go on', async () => {
  const first = await start();
  const client = clientOf(first);
  await client.order({ type: 'MARKET', side: 'BUY', quantity: '0.010' });
  await client.order(limit('BUY', '40000.00'));
  await client.call('DELETE', '/fapi/v1/order', {
    symbol: 'BTCUSDT',
    orderId: /"orderId":(\d+)/.exec((await client.order(limit('SELL', '900000.00'))).text)?.[1] ?? '',
  });
  await client.call('POST', '/fapi/v1/leverage', { symbol: 'ETHUSDT', leverage: 7 });
  await client.call('POST', '/fapi/v1/marginType', { symbol: 'ETHUSDT', marginType: 'ISOLATED' });
  await first.advanceBy(60_000);
  const price = Number((await get(first, '/fapi/v1/ticker/price?symbol=BTCUSDT')).body.price);
  expect(await accountOf(first)).toMatchObject({ leverage: { ETHUSDT: 7 }, margin_types: { ETHUSDT: 'ISOLATED' } });
  const [before, ledger] = [await accountOf(first), (await get({ url: first.controlUrl }, '/control/ledger')).body];
  const [stoppedAt, trades] = [first.now(), await client.call('GET', '/fapi/v1/userTrades', { symbol: 'BTCUSDT' })];
  await first.stop();

  const second = stopped(await start());
  expect(second.now()).toBeGreaterThanOrEqual(stoppedAt - 1_000);
  expect(await accountOf(second)).toEqual(before);
  expect((await get({ url: second.controlUrl }, '/control/ledger')).body).toEqual(ledger);
  expect((await clientOf(second).call('GET', '/fapi/v1/userTrades', { symbol: 'BTCUSDT' })).body).toEqual(trades.body);
  const later = Number((await get(second, '/fapi/v1/ticker/price?symbol=BTCUSDT')).body.price);
  expect(Math.abs(later / price - 1)).toBeLessThan(0.02);
  await clientOf(second).order(limit('BUY', '40000.00'));
  const { entries } = (await get({ url: second.controlUrl }, `/control/ledger?after=${ledger.last_seq}`)).body;
  expect(entries).toHaveLength(1);
  const ids = ledger.entries.flatMap(({ order }: { order?: { order_id: string } }) => order?.order_id ?? []);
  expect(ids.every((id: string) => BigInt(id) < BigInt(entries[0].order.order_id))).toBe(true);
});

test('conditional orders wait on after a restart, and those that triggered are not sent again', async () => {
  const first = await start();
  const price = Number((await get(first, '/fapi/v1/ticker/price?symbol=BTCUSDT')).body.price);
  await clientOf(first).order({ type: 'MARKET', side: 'BUY', quantity: '0.010' });
  const stop = { algoType: 'CONDITIONAL', symbol: 'BTCUSDT', side: 'SELL', type: 'STOP_MARKET' } as const;
  const far = { ...stop, triggerPrice: (price * 0.7).toFixed(1), closePosition: 'true', clientAlgoId: 'far' };
  const near = { ...stop, triggerPrice: (price * 0.95).toFixed(1), quantity: '0.004', clientAlgoId: 'near' };
  for (const parameters of [far, near])
    expect((await clientOf(first).call('POST', '/fapi/v1/algoOrder', parameters)).status).toBe(200);
  await first.setFaults([{ fault: 'jump', symbol: 'BTCUSDT', percent: -10 }]);
  await first.advanceBy(3_000);
  const algoOf = (venue: RunningExchange, clientAlgoId: string) =>
    clientOf(venue).call('GET', '/fapi/v1/algoOrder', { clientAlgoId });
  const [farBefore, nearBefore] = [await algoOf(first, 'far'), await algoOf(first, 'near')];
  expect([farBefore.body.algoStatus, nearBefore.body.algoStatus]).toEqual(['NEW', 'FINISHED']);
  await first.stop();
  const second = stopped(await start());
  expect((await algoOf(second, 'far')).text).toBe(farBefore.text);
  expect((await algoOf(second, 'near')).text).toBe(nearBefore.text);
  await second.setFaults([{ fault: 'jump', symbol: 'BTCUSDT', percent: -40 }]);
  await second.advanceBy(3_000);
  expect((await algoOf(second, 'far')).body.algoStatus).toBe('FINISHED');
  expect((await accountOf(second))['positions']).toEqual([]);
  const { entries } = (await get({ url: second.controlUrl }, '/control/ledger')).body;
  const sent = entries.filter(({ execution }: { execution?: string }) => execution === 'NEW');
  expect(sent).toHaveLength(3);
});

test('a countdown goes on, and cancels orders after the restart', async () => {
  const first = await start();
  await clientOf(first).order(limit('BUY', '40000.00'));
  const countdown = { symbol: 'BTCUSDT', countdownTime: 60_000 };
  expect((await clientOf(first).call('POST', '/fapi/v1/countdownCancelAll', countdown)).status).toBe(200);
  await first.advanceBy(30_000);
  await first.stop();
  const second = stopped(await start());
  await second.advanceBy(20_000);
  expect((await accountOf(second))['open_orders']).toHaveLength(1);
  await second.advanceBy(15_000);
  expect((await accountOf(second))['open_orders']).toEqual([]);
});

test('a place in the queue survives: what traded ahead of it counts', async () => {
  const first = await start();
  const bid = (await get(first, '/fapi/v1/depth?symbol=BTCUSDT&limit=5')).body.bids[4][0];
  await clientOf(first).order(limit('BUY', bid));
  clock.ms += 1_500;
  await first.advance();
  await first.stop();
  const saved = () =>
    readFileSync(path, 'utf8')
      .split('\n')
      .findLast((line) => line.includes('queueAhead')) ?? '';
  const place = /"place":\{[^}]*\}/.exec(saved())?.[0];
  expect(place).toMatch(/"queueAhead":\d+/);
  stopped(await start());
  expect(saved()).toContain(place);
});

test('a place in the queue survives: a canceled order ahead of it does not', async () => {
  const first = await start();
  const ahead = await clientOf(first).order({ ...limit('BUY', '40000.00'), newClientOrderId: 'ahead' });
  await clientOf(first).order({ ...limit('BUY', '40000.00'), newClientOrderId: 'behind' });
  expect(ahead.status).toBe(200);
  await clientOf(first).call('DELETE', '/fapi/v1/order', { symbol: 'BTCUSDT', origClientOrderId: 'ahead' });
  clock.ms += 1_500;
  await first.advance();
  await first.stop();
  const behind = readFileSync(path, 'utf8')
    .split('\n')
    .findLast((line) => line.includes('"behind"'));
  // 10 steps of the other order were ahead, and no quantity is shown at this price.
  expect(behind).toContain('"queueAhead":0');
});

test('a cut-off last line is dropped and told', async () => {
  const first = await start();
  await clientOf(first).order(limit('BUY', '40000.00'));
  const before = await accountOf(first);
  await clientOf(first).order(limit('BUY', '40001.00'));
  await first.stop();
  const whole = readFileSync(path, 'utf8');
  const lastOrder = whole.lastIndexOf('\n', whole.length - 2);
  writeFileSync(path, whole.slice(0, lastOrder + 40));
  const second = stopped(await start());
  expect(second.state?.content.tornBytes).toBe(39);
  expect(await accountOf(second)).toEqual(before);
});

test.each([
  ['another file', 'symbol,price\nBTCUSDT,1\n', /is not a state file of the local exchange/],
  ['half a header', '{"format":"helios-exchange-state"', /is not a state file/],
  ['a later version', '{"format":"helios-exchange-state","version":2,"accounts":[]}\n', /version 2 .* reads version 1/],
  [
    'another account',
    '{"format":"helios-exchange-state","version":1,"accounts":[{"id":"other","keys":[]}]}\n',
    /the account “other”, which the command line does not have/,
  ],
  [
    'another key',
    '{"format":"helios-exchange-state","version":1,"accounts":[{"id":"main","keys":["0123456789abcdef"]}]}\n',
    /the account “main” of another API key/,
  ],
  [
    'a damaged line',
    '{"format":"helios-exchange-state","version":1,"accounts":[]}\n{"at":1}\n{"at":\n{"at":2}\n',
    /damaged at line 3.*first 2 lines/,
  ],
])('%s is refused with a way out, and stays as it is', async (_, text, message) => {
  writeFileSync(path, text);
  const failure = await start().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(HopelessStart);
  expect(String(failure)).toMatch(message);
  expect(String(failure)).toContain('othing was started and the file is unchanged.');
  expect(readFileSync(path, 'utf8')).toBe(text);
  if (!text.includes('damaged') && !text.includes('"at"')) expect(existsSync(`${path}.lock`)).toBe(false);
});

test('an empty file is as good as none; a folder is refused', async () => {
  writeFileSync(path, '');
  expect((await accountOf(stopped(await start())))['wallet']).toBe('10000.00000000');
  await expect(start({ state: join(path, 'x') })).rejects.toThrow(/cannot be used: .*Check the path after --state/);
});

test('a link is followed, and a device is refused and stays a device', async () => {
  const link = `${path}.link`;
  symlinkSync(path, link);
  writeFileSync(path, '');
  await (await start({ state: link })).stop();
  expect([lstatSync(link).isSymbolicLink(), readFileSync(path, 'utf8').startsWith('{"format"')]).toEqual([true, true]);
  rmSync(link);
  symlinkSync('/dev/null', link);
  await expect(start({ state: link })).rejects.toThrow(/cannot be used: it is not an ordinary file/);
  expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('after a failed write nothing is answered, not even what changes nothing', () => {
  const file = StateFile.open(path, []);
  onTestFinished(() => file.stop());
  file.rewrite([]);
  expect(() => file.append(undefined)).not.toThrow();
  const unwritable: Record<string, unknown> = {};
  unwritable['itself'] = unwritable;
  expect(() => file.append({ at: 1, lists: { rows: [unwritable] } })).toThrow(/cannot write .* it answers no more/);
  expect(() => file.append(undefined)).toThrow(/it answers no more/);
});

test('a second exchange on the same file is refused, and the first goes on', async () => {
  const first = stopped(await start());
  await expect(start()).rejects.toThrow(`Another exchange uses ${path}, so nothing was started.`);
  expect((await clientOf(first).order(limit('BUY', '40000.00'))).status).toBe(200);
});

test('an exchange without a file writes none', async () => {
  stopped(await startExchange({ market: MARKET, nowMs: clock.now, key: KEY }));
  expect([existsSync(path), clock.ms]).toEqual([false, START_MS]);
});
