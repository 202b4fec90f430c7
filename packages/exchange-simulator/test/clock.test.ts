import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { startExchange } from '../src/start-exchange.ts';
import { SteppedClock } from '../src/stepped-clock.ts';
import { connected } from './stream-client.ts';
import { get, HandClock, START_MS, stopped, venueOn } from './venue-client.ts';

const STEP_MS = 600_000;
const KEY = { apiKey: 'K'.repeat(64), apiSecret: 'S'.repeat(64) };
const MARKET = { kind: 'generator', seed: 7, symbols: ['BTCUSDT', 'ETHUSDT'] } as const;

const post = (url: string, body: string) => get({ url }, '/control/clock', { method: 'POST', body });

function account(venue: { readonly url: string }, timestamp: number) {
  const query = `timestamp=${timestamp}`;
  const signature = createHmac('sha256', KEY.apiSecret).update(query).digest('hex');
  return get(venue, `/fapi/v3/account?${query}&signature=${signature}`, { headers: { 'X-MBX-APIKEY': KEY.apiKey } });
}

test('a clock adds its steps, and runs faster than its base by its speed', () => {
  const base = new HandClock();
  const clock = new SteppedClock(base.now, 60);
  base.ms += 1_000;
  expect(clock.now()).toBe(START_MS + 60_000);
  clock.step(500);
  expect([clock.now(), clock.base(), clock.steppedMs]).toEqual([START_MS + 60_500, START_MS + 1_000, 500]);
});

test('a step plays minutes of market, klines and streams at once', async () => {
  const venue = await venueOn(new HandClock());
  const client = await connected(`${venue.streamUrl}/market/stream?streams=btcusdt@kline_1m`);
  const before = (await get(venue, '/fapi/v1/time')).body.serverTime;
  const got = await post(venue.controlUrl, JSON.stringify({ advance_ms: STEP_MS }));
  expect(got).toMatchObject({ status: 200, body: { now: before + STEP_MS, stepped_ms: STEP_MS } });
  expect((await get(venue, '/fapi/v1/time')).body.serverTime).toBe(before + STEP_MS);
  expect((await get({ url: venue.controlUrl }, '/control/clock')).body).toEqual(got.body);
  const klines = (await get(venue, '/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=10')).body;
  expect(klines).toHaveLength(10);
  expect(klines.every((row: unknown[], index: number) => index === 0 || row[0] === klines[index - 1][0] + 60_000)).toBe(
    true,
  );
  await client.drained();
  const closed = client.eventsOf('btcusdt@kline_1m').filter(({ k }) => k.x);
  expect(closed).toHaveLength(10);
  expect(client.end).toBeUndefined();
});

test('steps add to the machine’s clock, and a client with a real clock keeps working', async () => {
  const venue = stopped(await startExchange({ market: MARKET, key: KEY }));
  await post(venue.controlUrl, '{"advance_ms":600000}');
  expect(venue.now() - Date.now()).toBeGreaterThanOrEqual(599_000);
  expect((await account(venue, Date.now())).status).toBe(200);
  expect((await account(venue, venue.now())).status).toBe(200);
  expect((await account(venue, Date.now() + 300_000)).body.code).toBe(-1021);
  await venue.setFaults([{ fault: 'clock', offset_ms: -30_000 }]);
  expect((await account(venue, Date.now())).body.code).toBe(-1021);
  expect((await account(venue, Date.now() - 30_000)).status).toBe(200);
});

test('the whole venue runs as fast as its clock', async () => {
  const base = new HandClock();
  const venue = await venueOn(base, { timeSpeed: 60, key: KEY });
  const first = (await get(venue, '/fapi/v1/depth?symbol=BTCUSDT&limit=5')).body;
  base.ms += 1_000;
  const later = (await get(venue, '/fapi/v1/depth?symbol=BTCUSDT&limit=5')).body;
  expect(later.E - first.E).toBe(60_000);
  expect(later.lastUpdateId - first.lastUpdateId).toBeGreaterThanOrEqual(250);
  expect((await account(venue, base.ms)).status).toBe(200);
  expect((await get({ url: venue.controlUrl }, '/control/clock')).body).toMatchObject({ time_speed: 60 });
});

test.each(['{', '{}', '{"advance_ms":0}', '{"advance_ms":-5}', '{"advance_ms":1.5}', '{"advance_ms":1e12}', '[]'])(
  'a step of %s is refused, and the clock stays',
  async (body) => {
    const venue = await venueOn(new HandClock());
    const got = await post(venue.controlUrl, body);
    expect(got.status).toBe(400);
    expect(got.body.error).toMatch(/^The clock was not moved: (.|\n)*Send for example \{"advance_ms":60000\}\.$/);
    expect(venue.now()).toBe(START_MS);
  },
);
