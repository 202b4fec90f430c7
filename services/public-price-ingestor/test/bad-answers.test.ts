import { afterEach, describe, expect, test } from 'vitest';
import { createVirtualMarket, type VirtualMarket } from './virtual-market.ts';
import { status } from './virtual-venue.ts';

const MINUTE = 60_000;
let market: VirtualMarket;
afterEach(async () => {
  await market.stop();
  expect(market.faults).toEqual([]);
});

const HTML = status(200, '<html>hello</html>');
const asked = (): number => market.venue.asked.length;
const warned = (): string[] => market.said('warn').map(({ message }) => message);
const AWAY = 'the venue does not answer, no entries meanwhile';

/** Requests to the venue while time passes. */
async function during(ms: number): Promise<number> {
  const before = asked();
  await market.time.pass(ms);
  return asked() - before;
}

describe('refusals', () => {
  test('a ban lasts to its end; no request is sent meanwhile', async () => {
    market = await createVirtualMarket();
    await market.time.pass(MINUTE);
    market.venue.venueFault = () => status(418, '{"code":-1003,"msg":"banned"}', { 'retry-after': '300' });
    await market.time.pass(2_000);
    expect(market.said('warn').at(-1)).toMatchObject({ message: AWAY, fields: { code: 'BANNED' } });
    market.venue.venueFault = undefined;
    expect(await during(298_000)).toBe(0);
    expect(market.of('fallback').length).toBeGreaterThan(10);
    await market.time.pass(10_000);
    expect(market.said('info').at(-1)?.message).toBe('the venue answers again');
  });

  test.each([403, 451])(
    '%d: CoinGecko at once, the venue every half minute at first, then at growing intervals',
    async (code) => {
      market = await createVirtualMarket();
      await market.time.pass(MINUTE);
      market.venue.venueFault = () => status(code, '<html>Access denied</html>');
      await market.time.pass(2_000);
      expect(market.said('warn').at(-1)).toMatchObject({
        fields: { code: 'GEO_BLOCKED', advice: expect.stringContaining('binance.rest_url') },
      });
      expect(market.of('fallback').length).toBeGreaterThan(0);
      expect(await during(MINUTE)).toBeLessThanOrEqual(2);
      expect(await during(30 * MINUTE)).toBeLessThanOrEqual(7);
      expect(warned()).toEqual([AWAY]);
    },
  );

  test('a symbol that the venue refuses affects only itself, is logged once, and is used again later', async () => {
    market = await createVirtualMarket();
    await market.time.pass(MINUTE);
    market.venue.venueFault = (_, symbol) =>
      symbol === 'ETHUSDT' ? status(400, '{"code":-1121,"msg":"Invalid symbol."}') : undefined;
    const before = market.of('book', 'BTCUSDT').length;
    await market.time.pass(5 * MINUTE);
    expect(market.of('book', 'BTCUSDT').length - before).toBeGreaterThan(500);
    expect(market.of('break')).toMatchObject([{ symbol: 'ETHUSDT', kind: 'SESSION_END' }]);
    expect(warned()).toEqual(['the venue refuses this symbol']);
    const refusedRequests = market.venue.asked.filter((one) => one.symbol === 'ETHUSDT').slice(-30);
    expect((refusedRequests.at(-1)?.ts ?? 0) - (refusedRequests.at(-6)?.ts ?? 0)).toBeGreaterThan(30_000);
    market.venue.venueFault = undefined;
    await market.time.pass(3 * MINUTE);
    expect(market.said('info').map(({ message }) => message)).toContain('the venue serves this symbol again');
    expect(market.of('book', 'ETHUSDT').at(-1)?.ts_event).toBeGreaterThan(market.time.now() - 2_000);
  });
});

describe('bad answers', () => {
  test.each([
    ['HTML', HTML],
    ['half an answer', status(200, '{"lastUpdateId":17000,"E":1')],
    ['another shape', status(200, '{"hello":[1,2,3]}')],
    ['an empty body', status(200, '')],
    ['a gateway’s error', status(502, '<html>Bad Gateway</html>')],
  ])('%s now and then is dropped and counted, and nothing else happens', async (_, answer) => {
    market = await createVirtualMarket();
    let count = 0;
    market.venue.venueFault = () => {
      count += 1;
      return count > 20 && count % 5 === 0 ? answer : undefined;
    };
    await market.time.pass(5 * MINUTE);
    expect(market.of('book').length).toBeGreaterThan(700);
    expect(warned().every((message) => message === 'a request failed')).toBe(true);
    expect(warned().length).toBeLessThanOrEqual(5);
    expect(market.of('fallback')).toEqual([]);
    expect(market.of('break')).toEqual([]);
    const minutes = (await market.klines('BTCUSDT', '1m')).slice(0, 5).map((kline) => kline.open_ts);
    expect(minutes).toEqual(minutes.map((__, i) => (minutes[0] ?? 0) - i * MINUTE));
  });

  test.each([
    ['HTML', HTML],
    ['a 500', status(500)],
  ])('only %s: the venue counts as away, although it sends its time, and gets no requests', async (_, answer) => {
    market = await createVirtualMarket();
    await market.time.pass(MINUTE);
    market.venue.venueFault = (path) => (path.endsWith('/time') ? undefined : answer);
    await market.time.pass(10_000);
    expect(warned()).toContain(AWAY);
    expect(await during(10 * MINUTE)).toBeLessThan(70);
    expect(warned().length).toBeLessThan(5);
  });

  test('crossed, empty, older or unchanged books are not published', async () => {
    market = await createVirtualMarket({ symbols: ['BTCUSDT'] });
    await market.time.pass(10_000);
    const before = market.of('book').length;
    const ts = market.time.now();
    const level = [['100.0', '1']];
    for (const body of [
      { lastUpdateId: ts, E: ts, T: ts, bids: [['100.2', '1']], asks: level },
      { lastUpdateId: ts, E: ts, T: ts, bids: [], asks: level },
      { lastUpdateId: 5, E: 5, T: 5, bids: level, asks: [['101', '1']] },
    ]) {
      market.venue.venueFault = (path) => (path.endsWith('/depth') ? status(200, JSON.stringify(body)) : undefined);
      await market.time.pass(5_000);
    }
    expect(market.of('book').length).toBeLessThanOrEqual(before + 1);
    const still = { lastUpdateId: ts + 15_000, E: ts + 15_000, T: ts, bids: level, asks: [['101', '1']] };
    market.venue.venueFault = (path) => (path.endsWith('/depth') ? status(200, JSON.stringify(still)) : undefined);
    await market.time.pass(5_000);
    expect(market.of('book').filter((book) => book.ts_event === ts + 15_000)).toHaveLength(1);
  });
});
