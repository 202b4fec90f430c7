import { afterEach, describe, expect, test } from 'vitest';
import { createVirtualMarket, type VirtualMarket } from './virtual-market.ts';
import { refused, status } from './virtual-venue.ts';

const MINUTE = 60_000;
let market: VirtualMarket;
afterEach(async () => {
  await market.stop();
  expect(market.faults).toEqual([]);
});

const HTML = status(200, '<html>hello</html>');
const warned = (): string[] => market.said('warn').map(({ message }) => message);

describe('CoinGecko', () => {
  test('has no price for an unknown coin, which is logged once, but has prices for the others', async () => {
    market = await createVirtualMarket({ symbols: ['BTCUSDT', 'ABCDEFUSDT'] });
    market.venue.coins = { bitcoin: 100 };
    await market.time.pass(MINUTE);
    market.venue.venueFault = () => refused;
    await market.time.pass(5 * MINUTE);
    expect(new Set(market.of('fallback').map(({ symbol }) => symbol))).toEqual(new Set(['BTCUSDT']));
    expect(market.said('warn').filter(({ fields }) => fields['symbol'] === 'ABCDEFUSDT')).toMatchObject([
      { message: 'no CoinGecko id is known for this symbol: it has no fallback price' },
    ]);
  });

  test('is not used if its price is that of another coin', async () => {
    market = await createVirtualMarket({ symbols: ['BTCUSDT'] });
    market.venue.coins = { bitcoin: 60_000 };
    await market.time.pass(MINUTE);
    market.venue.venueFault = () => refused;
    await market.time.pass(2 * MINUTE);
    expect(market.of('fallback')).toEqual([]);
    expect(warned().filter((message) => message.startsWith('CoinGecko’s price is too far'))).toHaveLength(1);
    expect(market.of('break')).toMatchObject([{ kind: 'SESSION_END' }]);
  });

  test.each<[string, ReturnType<typeof status>, string]>([
    ['asks for fewer requests', status(429, '', { 'retry-after': '120' }), 'LIMITED'],
    ['answers with HTML', HTML, 'GARBAGE'],
    ['refuses the country', status(403), 'GEO_BLOCKED'],
  ])('%s: logged once, requested at growing intervals', async (_, answer, code) => {
    market = await createVirtualMarket({ symbols: ['BTCUSDT'] });
    market.venue.coins = { bitcoin: 100 };
    await market.time.pass(MINUTE);
    market.venue.venueFault = () => refused;
    market.venue.coinGeckoFault = () => answer;
    await market.time.pass(10 * MINUTE);
    expect(market.venue.coinGeckoAsked.length).toBeLessThan(14);
    expect(market.said('warn').slice(2)).toMatchObject([{ fields: { code } }]);
    market.venue.coinGeckoFault = undefined;
    await market.time.pass(11 * MINUTE);
    expect(market.of('fallback').length).toBeGreaterThan(0);
  });

  test('is not requested if its address is empty', async () => {
    market = await createVirtualMarket({ polling: { coingecko_url: '' } });
    market.venue.venueFault = () => refused;
    await market.time.pass(2 * MINUTE);
    expect(market.venue.coinGeckoAsked).toEqual([]);
  });

  const real = { coingecko_url: 'https://api.coingecko.com/api/v3' };

  test('is not requested for a custom venue, which is logged once', async () => {
    market = await createVirtualMarket({ restUrl: 'http://127.0.0.1:9090', polling: real });
    await market.time.pass(MINUTE);
    market.venue.venueFault = () => refused;
    await market.time.pass(2 * MINUTE);
    expect(market.venue.coinGeckoAsked).toEqual([]);
    expect(market.of('fallback')).toEqual([]);
    const said = market.said('info').filter(({ message }) => message.startsWith('CoinGecko is not used'));
    expect(said).toMatchObject([{ fields: { venue: '127.0.0.1:9090' } }]);
  });

  test.each(['', 'https://fapi.binance.com'])(
    'is requested for the network’s own venue (rest_url “%s”)',
    async (restUrl) => {
      market = await createVirtualMarket({ restUrl, polling: real });
      await market.time.pass(MINUTE);
      market.venue.venueFault = () => refused;
      await market.time.pass(2 * MINUTE);
      expect(market.of('fallback').length).toBeGreaterThan(0);
    },
  );
});

describe('CoinGecko’s prices', () => {
  test('have the age that CoinGecko states, in dollars per coin or per thousand coins', async () => {
    market = await createVirtualMarket({ symbols: ['BTCUSDT', '1000PEPEUSDT'] });
    market.venue.coins = { bitcoin: 101, pepe: 0.0999 };
    await market.time.pass(MINUTE);
    market.venue.venueFault = () => refused;
    await market.time.pass(MINUTE);
    expect(market.of('fallback', 'BTCUSDT')[0]).toMatchObject({ price: '101' });
    expect(market.of('fallback', '1000PEPEUSDT')[0]).toMatchObject({ price: '99.9' });
    for (const { ts_event, ts_init } of market.of('fallback')) {
      expect(ts_init - ts_event).toBeGreaterThanOrEqual(5_000);
      expect(ts_init - ts_event).toBeLessThan(6_000);
    }
  });

  test('stamped ahead of our clock count as new, not as future', async () => {
    market = await createVirtualMarket({ symbols: ['BTCUSDT'] });
    await market.time.pass(MINUTE);
    market.venue.coinsFrozenTs = market.time.now() + 5 * MINUTE;
    market.venue.venueFault = () => refused;
    await market.time.pass(MINUTE);
    expect(market.of('fallback').length).toBeGreaterThan(2);
    for (const { ts_event, ts_init } of market.of('fallback')) expect(ts_event).toBe(ts_init);
  });

  test('that stay the same prolong no session, and are not used once they are too old', async () => {
    market = await createVirtualMarket({ symbols: ['BTCUSDT'] });
    await market.time.pass(MINUTE);
    market.venue.coinsFrozenTs = market.time.now();
    market.venue.venueFault = () => refused;
    await market.time.pass(15 * MINUTE);
    expect(market.of('break').map(({ kind }) => kind)).toEqual(['BOOK_INVALID', 'SESSION_END']);
    const ages = market.of('fallback').map((price) => price.ts_init - price.ts_event);
    expect(Math.max(...ages)).toBeLessThanOrEqual(4 * MINUTE);
    expect(warned()).toContain('CoinGecko’s price is too old, not used');
  });

  test('that are an hour old at the start are not used', async () => {
    market = await createVirtualMarket({ symbols: ['BTCUSDT'] });
    await market.time.pass(MINUTE);
    market.venue.coinsFrozenTs = market.time.now() - 60 * MINUTE;
    market.venue.venueFault = () => refused;
    await market.time.pass(3 * MINUTE);
    expect(market.of('fallback')).toEqual([]);
    expect(market.of('break')).toMatchObject([{ kind: 'SESSION_END' }]);
  });
});
