import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DATA, get, HandClock, stopped } from '../../exchange-simulator/test/venue-client.ts';
import { type CoinGeckoStart, type RunningCoinGecko, startCoinGecko } from '../src/coingecko.ts';

const coins = [
  { id: 'bitcoin', symbol: 'btc', usd: 64_000 },
  { id: 'ethereum', symbol: 'eth', usd: 3_400 },
];
const startOn = async (clock: HandClock, options: Partial<CoinGeckoStart> = {}): Promise<RunningCoinGecko> =>
  stopped(await startCoinGecko({ coins, nowMs: clock.now, ...options }));

test('simple prices: only known coins, in known currencies', async () => {
  const gecko = await startOn(new HandClock());
  const { body } = await get(
    gecko,
    '/api/v3/simple/price?ids=bitcoin,nosuchcoin,ethereum&vs_currencies=usd,xyz,constructor',
  );
  expect(body).toEqual({ bitcoin: { usd: 64_000 }, ethereum: { usd: 3_400 } });
});

test('simple prices include volume, change and age on request', async () => {
  const clock = new HandClock();
  const gecko = await startOn(clock);
  const query = 'include_24hr_vol=true&include_24hr_change=true&include_last_updated_at=true&include_market_cap=true';
  const { body } = await get(gecko, `/api/v3/simple/price?ids=bitcoin&vs_currencies=usd&${query}`);
  const names = ['usd', 'usd_market_cap', 'usd_24h_vol', 'usd_24h_change', 'last_updated_at'];
  expect(Object.keys(body.bitcoin)).toEqual(names);
  expect(body.bitcoin.last_updated_at).toBe(clock.ms / 1_000);
});

test('a price without updates keeps its old time', async () => {
  const clock = new HandClock();
  const gecko = await startOn(clock);
  const ask = () =>
    get(gecko, '/api/v3/simple/price?ids=bitcoin,dogecoin&vs_currencies=usd&include_last_updated_at=true');
  clock.ms += 300_000;
  expect(clock.ms / 1_000 - (await ask()).body.bitcoin.last_updated_at).toBe(300);
  gecko.setPrice('bitcoin', 65_000);
  gecko.setPrice('dogecoin', 0.12);
  expect((await ask()).body).toMatchObject({
    bitcoin: { usd: 65_000, last_updated_at: clock.ms / 1_000 },
    dogecoin: { usd: 0.12 },
  });
  gecko.removeCoin('dogecoin');
  expect(Object.keys((await ask()).body)).toEqual(['bitcoin']);
});

test('missing or wrong parameters get a status and a message', async () => {
  const gecko = await startOn(new HandClock());
  const statuses: number[] = [];
  for (const path of [
    'simple/price?vs_currencies=usd',
    'simple/price?ids=bitcoin',
    'coins/markets',
    'coins/markets?vs_currency=zzz',
    'nothing',
  ]) {
    const got = await get(gecko, `/api/v3/${path}`);
    statuses.push(got.status);
    expect(typeof got.body.error).toBe('string');
  }
  expect(statuses).toEqual([422, 422, 422, 400, 404]);
});

test('markets are ranked by market cap, paged, and filtered by id', async () => {
  const gecko = await startOn(new HandClock());
  const ids = async (query: string) =>
    (await get(gecko, `/api/v3/coins/markets?vs_currency=usd&${query}`)).body.map(({ id }: { id: string }) => id);
  expect(await ids('')).toEqual(['bitcoin', 'ethereum']);
  expect(await ids('per_page=1&page=2')).toEqual(['ethereum']);
  expect(await ids('ids=ethereum,nosuchcoin')).toEqual(['ethereum']);
});

test('too many calls in a minute are refused until it ends', async () => {
  const clock = new HandClock();
  const gecko = await startOn(clock, { callsPerMinute: 2 });
  const ping = () => get(gecko, '/api/v3/ping');
  expect([(await ping()).status, (await ping()).status]).toEqual([200, 200]);
  const over = await ping();
  expect(over).toMatchObject({ status: 429, body: { status: { error_code: 429 } } });
  expect(over.headers.get('retry-after')).toBe('40');
  clock.ms += 40_000;
  expect((await ping()).status).toBe(200);
});

test('it has the same faults as the local venue', async () => {
  const gecko = await startOn(new HandClock());
  await gecko.setFaults([
    { fault: 'status', status: 503, times: 1 },
    { fault: 'status', status: 403, times: 1 },
    { fault: 'html', times: 1 },
  ]);
  const got = [await get(gecko, '/api/v3/ping'), await get(gecko, '/api/v3/ping'), await get(gecko, '/api/v3/ping')];
  expect(got.map(({ status }) => status)).toEqual([503, 403, 502]);
  await gecko.setFaults([{ fault: 'refuse' }]);
  await expect(get(gecko, '/api/v3/ping')).rejects.toThrow('fetch failed');
  expect(gecko.requests().paths['/api/v3/ping']?.requests).toBe(3);
});

const recorded = join(DATA, 'coingecko/coins_markets_top_20240604_usd.json');
describe.skipIf(!existsSync(recorded))('compared with the recorded list', () => {
  test('a row has the same fields, order and types', async () => {
    const gecko = await startOn(new HandClock());
    const [ours] = (await get(gecko, '/api/v3/coins/markets?vs_currency=usd')).body;
    const rows: Record<string, unknown>[] = JSON.parse(readFileSync(recorded, 'utf8'));
    expect(Object.keys(ours)).toEqual(Object.keys(rows[0] ?? {}));
    for (const [name, value] of Object.entries(ours)) {
      const seen = new Set(rows.map((row) => (row[name] === null ? 'null' : typeof row[name])));
      expect([name, seen.has(value === null ? 'null' : typeof value)]).toEqual([name, true]);
    }
  });
});
