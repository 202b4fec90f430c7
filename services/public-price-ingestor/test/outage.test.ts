import { afterEach, describe, expect, test } from 'vitest';
import { createVirtualMarket, type VirtualMarket } from './virtual-market.ts';
import { refused, status } from './virtual-venue.ts';

const MINUTE = 60_000;
let market: VirtualMarket;
afterEach(async () => {
  await market.stop();
  expect(market.faults).toEqual([]);
});

const asked = (): number => market.venue.asked.length;
const warned = (): string[] => market.said('warn').map(({ message }) => message);
const SINGLE = 'a request failed';
const AWAY = 'the venue does not answer, no entries meanwhile';

/** Requests to the venue while time passes. */
async function during(ms: number): Promise<number> {
  const before = asked();
  await market.time.pass(ms);
  return asked() - before;
}

describe('a venue that goes away', () => {
  test('is detected within seconds, replaced by CoinGecko, tried at growing intervals, and used again with all it missed', async () => {
    market = await createVirtualMarket();
    await market.time.pass(MINUTE);
    market.venue.venueFault = () => refused;
    const goneTs = market.time.now();
    await market.time.pass(5_000);
    expect(market.said('warn').at(-1)).toMatchObject({ message: AWAY, fields: { code: 'DOWN' } });
    const away = await market.venueStatus();
    expect(away).toMatchObject({
      state: 'DOWN',
      problem: expect.stringMatching(/./),
      advice: expect.stringMatching(/./),
    });
    expect(away?.away_since_ts).toBeGreaterThanOrEqual(goneTs);
    expect(away?.away_since_ts).toBeLessThanOrEqual(goneTs + 5_000);
    expect(market.of('fallback')).toMatchObject([
      { symbol: 'BTCUSDT', price: '101', source: 'coingecko' },
      { symbol: 'ETHUSDT', price: '99.5', source: 'coingecko' },
    ]);
    expect(await market.fallbackPrice('BTCUSDT')).toMatchObject({ price: '101', source: 'coingecko' });
    const books = market.of('book').length;

    const tries = [await during(MINUTE), await during(4 * MINUTE)];
    expect(tries[0]).toBeLessThan(8);
    expect(tries[1]).toBeLessThan(8);
    expect(market.of('book').length).toBe(books);
    expect(market.of('break')).toMatchObject([
      { symbol: 'BTCUSDT', kind: 'BOOK_INVALID', reason: '60 s without data' },
      { symbol: 'ETHUSDT', kind: 'BOOK_INVALID' },
    ]);
    expect((market.of('break')[0]?.ts_event ?? 0) - goneTs).toBeGreaterThanOrEqual(MINUTE - 1_000);
    // Every 20 s, not at each try of the venue.
    expect(market.venue.coinGeckoAsked.length).toBeGreaterThan(14);
    expect(market.venue.coinGeckoAsked.length).toBeLessThan(18);

    market.venue.venueFault = undefined;
    await market.time.pass(2 * MINUTE);
    expect(market.said('info').at(-1)?.message).toBe('the venue answers again');
    expect(await market.venueStatus()).toEqual({ state: 'ANSWERING' });
    expect(market.of('book').length).toBeGreaterThan(books + 50);
    const minutes = market.of('kline', 'BTCUSDT').filter((kline) => kline.interval === '1m');
    const opens = minutes.map((kline) => kline.open_ts);
    expect(opens).toEqual(opens.map((_, i) => (opens[0] ?? 0) + i * MINUTE));
    expect(opens.length).toBeGreaterThanOrEqual(7);
    const listed = (await market.klines('BTCUSDT', '1m')).map((kline) => kline.open_ts);
    expect(listed).toEqual(listed.map((_, i) => (listed[0] ?? 0) - i * MINUTE));
    expect(warned()).toEqual([SINGLE, AWAY]);
    const before = market.venue.coinGeckoAsked.length;
    await market.time.pass(2 * MINUTE);
    expect(market.venue.coinGeckoAsked.length).toBe(before);
  });

  test('ends its sessions after a minute without any other price; later readers get the whole history again', async () => {
    market = await createVirtualMarket();
    market.venue.coinGeckoFault = () => refused;
    await market.time.pass(MINUTE);
    const heard = market.of('kline').length;
    expect(heard).toBeLessThan(10);
    market.venue.venueFault = () => refused;
    await market.time.pass(3 * MINUTE);
    expect(market.of('break')).toMatchObject([
      { symbol: 'BTCUSDT', kind: 'SESSION_END' },
      { symbol: 'ETHUSDT', kind: 'SESSION_END' },
    ]);
    expect(warned()).toEqual([SINGLE, AWAY, 'CoinGecko gives no fallback prices either']);
    market.venue.venueFault = undefined;
    await market.time.pass(MINUTE);
    const minutes = market.of('kline', 'ETHUSDT').filter((kline) => kline.interval === '1m');
    expect(minutes.length).toBeGreaterThan(490);
    expect(minutes.every((kline) => kline.ts_event > kline.close_ts)).toBe(true);
    const types = market.heard
      .slice(market.heard.findLastIndex((event) => event.type === 'break'))
      .map(({ type }) => type);
    // The history comes before the first book, so decisions use warm indicators.
    expect(types.indexOf('book')).toBeGreaterThan(2_000);
  });

  test('ends the session when the fallback fails, too', async () => {
    market = await createVirtualMarket();
    await market.time.pass(MINUTE);
    market.venue.venueFault = () => refused;
    market.venue.coins = { bitcoin: 100 };
    await market.time.pass(2 * MINUTE);
    expect(market.of('break')).toMatchObject([
      { symbol: 'BTCUSDT', kind: 'BOOK_INVALID' },
      { symbol: 'ETHUSDT', kind: 'SESSION_END' },
    ]);
    expect(warned()).toContain('CoinGecko gave no price for this coin: it has no fallback price');
    market.venue.coinGeckoFault = () => status(500);
    await market.time.pass(5 * MINUTE);
    expect(market.of('break', 'BTCUSDT').at(-1)).toMatchObject({ kind: 'SESSION_END' });
  });
});

describe('without any network from the start', () => {
  test('the service logs what it cannot reach, shows its symbols, keeps trying, and opens when it can', async () => {
    market = await createVirtualMarket();
    market.venue.coins = { bitcoin: 100, ethereum: 100 };
    market.venue.venueFault = () => refused;
    market.venue.coinGeckoFault = () => refused;
    await market.time.pass(5 * MINUTE);
    expect(market.said('warn')).toMatchObject([
      {
        message: AWAY,
        fields: { code: 'DOWN', problem: expect.stringContaining('http://venue.example'), next_try_sec: 1 },
      },
      { fields: { code: 'DOWN', problem: expect.stringContaining('http://gecko.example') } },
    ]);
    expect(await market.watchlist()).toEqual(['BTCUSDT', 'ETHUSDT']);
    expect(asked()).toBeLessThan(15);
    market.venue.coinGeckoFault = undefined;
    await market.time.pass(11 * MINUTE);
    expect(market.of('fallback', 'BTCUSDT').length).toBeGreaterThan(0);
    market.venue.venueFault = undefined;
    await market.time.pass(3 * MINUTE);
    expect(market.of('book').length).toBeGreaterThan(100);
    // signal-engine followed the symbols while their lists were empty, so it must receive the history.
    expect(market.of('kline', 'BTCUSDT').length).toBeGreaterThan(2_000);
    expect(await market.klines('BTCUSDT', '4h')).toHaveLength(498);
  });
});

describe('other interruptions', () => {
  test('while Redis is away books are dropped and klines kept', async () => {
    market = await createVirtualMarket({ symbols: ['BTCUSDT'] });
    await market.time.pass(MINUTE);
    market.fake.goDown();
    await market.time.pass(3 * MINUTE);
    market.fake.comeBack();
    const before = market.of('book').length;
    await market.time.pass(MINUTE);
    expect(market.of('book').length).toBeGreaterThan(before + 100);
    const listed = (await market.klines('BTCUSDT', '1m')).map((kline) => kline.open_ts);
    expect(listed).toEqual(listed.map((_, i) => (listed[0] ?? 0) - i * MINUTE));
    expect(warned()).toContain('market events are dropped until redis is back');
  });

  test('a restarted service continues: readers get only the klines that closed meanwhile', async () => {
    market = await createVirtualMarket({ symbols: ['BTCUSDT'] });
    await market.time.pass(MINUTE);
    await market.stop();
    market.heard.length = 0;
    await market.time.pass(7 * MINUTE);
    market.start();
    await market.time.pass(10_000);
    const minutes = market.of('kline').filter((kline) => kline.interval === '1m');
    expect(minutes.length).toBeGreaterThanOrEqual(7);
    expect(minutes.length).toBeLessThanOrEqual(8);
    expect(await market.klines('BTCUSDT', '1m')).toHaveLength(1_440);
  });
});
