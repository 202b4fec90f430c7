import { eventually } from '@helios/shared/testing/eventually.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import type { RunningExchange } from '../src/start-exchange.ts';
import { get, HandClock, venueOn } from './venue-client.ts';

let clock: HandClock;
let venue: RunningExchange;

beforeEach(async () => {
  clock = new HandClock();
  venue = await venueOn(clock);
});

const ping = () => get(venue, '/fapi/v1/ping');
const depth = async (symbol = 'BTCUSDT') => (await get(venue, `/fapi/v1/depth?symbol=${symbol}&limit=5`)).body;
/** The cause of a failed fetch. */
const causeOf = (error: unknown) => String((error as { cause?: { code?: string } }).cause?.code);

test('refuse closes the port, and the control port opens it again', async () => {
  await venue.setFaults([{ fault: 'refuse' }]);
  await expect(ping()).rejects.toThrow('fetch failed');
  expect(causeOf(await ping().catch((error: unknown) => error))).toBe('ECONNREFUSED');
  const healed = await fetch(`${venue.controlUrl}/control/faults`, { method: 'DELETE' });
  expect(await healed.json()).toEqual({ faults: [] });
  expect((await ping()).status).toBe(200);
});

test('refuse with for_ms ends by itself', async () => {
  await venue.setFaults([{ fault: 'refuse', for_ms: 60_000 }]);
  await expect(ping()).rejects.toThrow('fetch failed');
  clock.ms += 60_000;
  expect(
    await eventually('the port opens', () =>
      ping().then(
        (got) => got.status,
        () => undefined,
      ),
    ),
  ).toBe(200);
});

test('reset cuts the connection', async () => {
  await venue.setFaults([{ fault: 'reset' }]);
  expect(['ECONNRESET', 'UND_ERR_SOCKET']).toContain(causeOf(await ping().catch((error: unknown) => error)));
});

test('a fault with a label goes on in the next list, and its strikes are counted', async () => {
  const once = { fault: 'status', status: 503, times: 1, label: 'once' } as const;
  const met = async () => (await get({ url: venue.controlUrl }, '/control/faults')).body;
  await venue.setFaults([once]);
  expect((await ping()).status).toBe(503);
  await venue.setFaults([once, { fault: 'slow', ms: 0, label: 'slow' }]);
  expect((await ping()).status).toBe(200);
  expect(await met()).toMatchObject({ met: { once: 1, slow: 1 } });
  await venue.setFaults([]);
  await venue.setFaults([once]);
  expect((await ping()).status).toBe(503);
});

test('hang never answers, and stop does not wait for it', async () => {
  await venue.setFaults([{ fault: 'hang' }]);
  await expect(get(venue, '/fapi/v1/ping', { signal: AbortSignal.timeout(200) })).rejects.toThrow('timeout');
  const waiting = ping().then(
    () => 'answered',
    () => 'cut',
  );
  await eventually('both are counted', () => venue.requests().requests === 2);
  await venue.stop();
  expect(await waiting).toBe('cut');
});

test('slow gives the right answer late', async () => {
  await venue.setFaults([{ fault: 'slow', ms: 150 }]);
  const before = performance.now();
  expect((await ping()).status).toBe(200);
  expect(performance.now() - before).toBeGreaterThanOrEqual(140);
});

test.each([
  [429, 'application/json;charset=utf-8', -1003, '30'],
  [418, 'application/json;charset=utf-8', -1003, '30'],
  [451, 'application/json;charset=utf-8', 0, null],
  [500, 'application/json;charset=utf-8', -1000, null],
  [503, 'application/json;charset=utf-8', -1008, null],
  [504, 'application/json;charset=utf-8', -1007, null],
  [403, 'text/html; charset=utf-8', undefined, null],
])('status %i comes with its own body', async (status, type, code, retryAfter) => {
  await venue.setFaults([{ fault: 'status', status }]);
  const got = await ping();
  expect(got.status).toBe(status);
  expect(got.headers.get('content-type')).toBe(type);
  expect(got.headers.get('retry-after')).toBe(retryAfter);
  expect(got.body?.code).toBe(code);
});

test('a status fault uses the given wait and body', async () => {
  await venue.setFaults([{ fault: 'status', status: 418, retry_after_sec: 7, body: '{"code":-1,"msg":"x"}' }]);
  const got = await ping();
  expect(got.headers.get('retry-after')).toBe('7');
  expect(got.text).toBe('{"code":-1,"msg":"x"}');
});

test('garbage sends a JSON content type without JSON', async () => {
  await venue.setFaults([{ fault: 'garbage' }]);
  const got = await ping();
  expect(got.status).toBe(200);
  expect(got.headers.get('content-type')).toContain('json');
  expect(() => JSON.parse(got.text)).toThrow(SyntaxError);
});

test('html sends a proxy’s page, with any status', async () => {
  await venue.setFaults([{ fault: 'html' }]);
  expect(await ping()).toMatchObject({ status: 502, text: expect.stringContaining('<!DOCTYPE html>') });
  await venue.setFaults([{ fault: 'html', status: 200 }]);
  expect((await ping()).status).toBe(200);
});

test('half announces the full length and breaks off', async () => {
  await venue.setFaults([{ fault: 'half', path: '/fapi/v1/depth' }]);
  const response = await fetch(`${venue.url}/fapi/v1/depth?symbol=BTCUSDT`);
  expect(response.status).toBe(200);
  expect(Number(response.headers.get('content-length'))).toBeGreaterThan(500);
  await expect(response.text()).rejects.toThrow();
});

test('a fault applies to its path and for its number of times only', async () => {
  await venue.setFaults([{ fault: 'status', status: 500, path: '/fapi/v1/ping', times: 2 }]);
  const statuses: number[] = [];
  for (const path of ['ping', 'time', 'ping', 'ping']) statuses.push((await get(venue, `/fapi/v1/${path}`)).status);
  expect(statuses).toEqual([500, 200, 500, 200]);
  expect(venue.faults()).toEqual([]);
});

test('faults combine: a slow 500, then the next in the list', async () => {
  await venue.setFaults([
    { fault: 'slow', ms: 60 },
    { fault: 'status', status: 500, times: 1 },
    { fault: 'status', status: 503, times: 1 },
  ]);
  const before = performance.now();
  expect([(await ping()).status, (await ping()).status, (await ping()).status]).toEqual([500, 503, 200]);
  expect(performance.now() - before).toBeGreaterThanOrEqual(170);
});

describe('clock skew', () => {
  test('shifts every stamp and the minute of the weight', async () => {
    await venue.setFaults([{ fault: 'clock', offset_ms: 45_000 }]);
    clock.ms += 1_000;
    const got = await get(venue, '/fapi/v1/time');
    expect(got.body.serverTime).toBe(clock.ms + 45_000);
    expect(got.headers.get('date')).toBe(new Date(clock.ms + 45_000).toUTCString());
    const { T } = await depth();
    expect(T).toBeGreaterThan(clock.ms + 43_000);
    expect(venue.requests().minutes.at(-1)?.minute_ts).toBe(Math.floor((clock.ms + 45_000) / 60_000) * 60_000);
  });

  test('a server behind our clock keeps its kline open after we count it as closed', async () => {
    await venue.setFaults([{ fault: 'clock', offset_ms: -30_000 }]);
    clock.ms += 45_000;
    const [row] = (await get(venue, '/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1')).body;
    expect(row[6]).toBeLessThan(clock.ms);
    clock.ms += 10_000;
    const [later] = (await get(venue, '/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1')).body;
    expect(later[0]).toBe(row[0]);
    expect(later[8]).toBeGreaterThan(row[8]);
  });
});

describe('a symbol’s trouble', () => {
  test('halted: listed as halted, book and trades stand still, other symbols continue', async () => {
    await venue.setFaults([{ fault: 'symbol', symbol: 'BTCUSDT', status: 'TRADING_HALT' }]);
    const before = await depth();
    const [lastTrade] = (await get(venue, '/fapi/v1/trades?symbol=BTCUSDT&limit=1')).body;
    const other = await depth('ETHUSDT');
    clock.ms += 30_000;
    expect(await depth()).toEqual({ ...before, E: before.E + 30_000 });
    expect((await get(venue, '/fapi/v1/trades?symbol=BTCUSDT&limit=1')).body).toEqual([lastTrade]);
    expect((await depth('ETHUSDT')).lastUpdateId).toBeGreaterThan(other.lastUpdateId);
    const info = (await get(venue, '/fapi/v1/exchangeInfo')).body;
    expect(info.symbols.map((row: { status: string }) => row.status)).toEqual(['TRADING_HALT', 'TRADING']);
    expect((await get(venue, '/fapi/v1/ticker/24hr')).body).toHaveLength(1);
    await venue.setFaults([]);
    expect((await depth()).lastUpdateId).toBeGreaterThan(before.lastUpdateId);
    clock.ms += 5_000;
    const [resumed] = (await get(venue, '/fapi/v1/trades?symbol=BTCUSDT&limit=1')).body;
    expect(resumed.id).toBeGreaterThan(lastTrade.id);
  });

  test('frozen: listed as before, sent with new stamps, and nothing changes', async () => {
    const before = await depth();
    await venue.setFaults([{ fault: 'freeze', symbol: 'BTCUSDT', for_ms: 60_000 }]);
    clock.ms += 59_000;
    expect(await depth()).toEqual({ ...before, E: before.E + 59_000 });
    const info = (await get(venue, '/fapi/v1/exchangeInfo')).body;
    expect(info.symbols.map((row: { status: string }) => row.status)).toEqual(['TRADING', 'TRADING']);
    clock.ms += 1_000;
    expect((await depth()).lastUpdateId).toBeGreaterThan(before.lastUpdateId);
  });

  test('delisted: gone from the list, and refused as unknown', async () => {
    await venue.setFaults([{ fault: 'symbol', symbol: 'BTCUSDT', status: 'DELISTED' }]);
    expect(await depth()).toEqual({ code: -1121, msg: 'Invalid symbol.' });
    expect((await get(venue, '/fapi/v1/exchangeInfo')).body.symbols).toHaveLength(1);
    expect((await get(venue, '/fapi/v1/ticker/bookTicker')).body).toHaveLength(1);
  });

  test.each([-99.9999, -97, -60, -37.3, -10, 0.0003, 3, 900])(
    'a jump of %d percent keeps prices on the tick, sorted, with a spread of at least one tick',
    async (percent) => {
      await venue.setFaults([{ fault: 'jump', symbol: 'BTCUSDT', percent }]);
      for (let step = 0; step < 20; step += 1) {
        clock.ms += 250;
        const { bids, asks } = await depth();
        const ticks = ([price]: [string]) => Number((Number(price) / 0.1).toFixed(6));
        expect(ticks(asks[0]) - ticks(bids[0])).toBeGreaterThanOrEqual(1);
        const [down, up] = [bids.map(ticks), asks.map(ticks)];
        expect([...down, ...up].every((at) => Number.isInteger(at) && at >= 1)).toBe(true);
        expect(down).toEqual(down.toSorted((a: number, b: number) => b - a));
        expect(up).toEqual(up.toSorted((a: number, b: number) => a - b));
      }
    },
  );

  test('a jump moves book, trades and mark price together, on the tick, and never crosses the book', async () => {
    const before = await depth();
    await venue.setFaults([{ fault: 'jump', symbol: 'BTCUSDT', percent: -10 }]);
    const after = await depth();
    expect(Number(after.bids[0][0]) / Number(before.bids[0][0])).toBeCloseTo(0.9, 4);
    expect(Number(after.bids[0][0])).toBeLessThan(Number(after.asks[0][0]));
    expect(after.bids[0][0]).toMatch(/^\d+\.\d0$/);
    clock.ms += 5_000;
    const [trade] = (await get(venue, '/fapi/v1/trades?symbol=BTCUSDT&limit=1')).body;
    const mark = (await get(venue, '/fapi/v1/premiumIndex?symbol=BTCUSDT')).body;
    expect(Number(trade.price) / Number(before.bids[0][0])).toBeCloseTo(0.9, 2);
    expect(Number(mark.markPrice) / Number(before.bids[0][0])).toBeCloseTo(0.9, 2);
    const [kline] = (await get(venue, '/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1')).body;
    expect(Number(kline[2]) / Number(kline[3])).toBeGreaterThan(1.1);
  });
});

describe('the control endpoint', () => {
  const post = (text: string, base = venue.controlUrl) =>
    fetch(`${base}/control/faults`, { method: 'POST', body: text });

  test('takes one fault, a list, or `{faults: […]}`, and shows what remains', async () => {
    await post('{"fault":"status","status":500,"times":3}');
    await ping();
    expect((await get({ url: venue.controlUrl }, '/control/faults')).body).toMatchObject({
      faults: [{ fault: 'status', status: 500, times: 2, path: '/' }],
    });
    await post('[{"fault":"slow","ms":1},{"fault":"garbage","path":"/fapi/v1/depth"}]');
    expect(venue.faults()).toHaveLength(2);
    await post('{"faults":[]}', venue.url);
    expect(venue.faults()).toEqual([]);
  });

  test('refuses an invalid fault, says why, and changes nothing', async () => {
    await venue.setFaults([{ fault: 'slow', ms: 1 }]);
    for (const text of [
      '{',
      '{"fault":"magic"}',
      '{"fault":"slow","ms":-1}',
      '[{"fault":"slow","ms":1,"extra":1}]',
      '7',
      'null',
    ]) {
      const response = await post(text);
      expect([text, response.status]).toEqual([text, 400]);
      const { error } = (await response.json()) as { error: string };
      expect(error).toMatch(/not JSON|No fault was changed/);
    }
    expect(venue.faults()).toEqual([{ fault: 'slow', ms: 1, path: '/' }]);
    await expect(venue.setFaults([{ fault: 'slow', ms: -1 }])).rejects.toThrow();
  });

  test.each([
    ['{"fault":"magic"}', /'refuse' \| 'reset'/],
    ['{}', /at \[0\]\.fault/],
    ['{"fault":"user-event","how":"eaten"}', /"lost"\|"duplicated"/],
    ['{"faults":[{"fault":"slow"}],"extra":1}', /"extra"/],
    ['{"fault":"clock","offset_ms":1795981096000}', /at \[0\]\.offset_ms/],
  ])('says what is wrong with %s', async (text, why) => {
    expect(((await (await post(text)).json()) as { error: string }).error).toMatch(why);
    expect(venue.faults()).toEqual([]);
  });

  test.each(['symbol', 'freeze', 'jump'])(
    'refuses %s for an unlisted symbol, and names the listed ones',
    async (fault) => {
      const more = { symbol: { status: 'CLOSE' }, jump: { percent: 1 } }[fault];
      const response = await post(JSON.stringify({ fault, symbol: 'BTCUSD', ...more }));
      expect(response.status).toBe(400);
      const { error } = (await response.json()) as { error: string };
      expect(error).toBe('No fault was changed: there is no symbol BTCUSD. Known: BTCUSDT, ETHUSDT.');
      expect(venue.faults()).toEqual([]);
    },
  );

  test('an unknown control path gets a list of the valid ones', async () => {
    const got = await get(venue, '/control/nonsense');
    expect(got).toMatchObject({ status: 404, body: { error: expect.stringContaining('/control/faults') } });
  });

  test('its requests are not counted, and faults do not apply to it', async () => {
    await venue.setFaults([{ fault: 'status', status: 500, path: '/' }]);
    expect((await get(venue, '/control/faults')).status).toBe(200);
    expect(venue.requests().requests).toBe(0);
  });
});
