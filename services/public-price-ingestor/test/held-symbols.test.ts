import { Channels, Maps } from '@helios/shared/contracts/catalog.ts';
import { afterEach, expect, test } from 'vitest';
import { createVirtualMarket, type VirtualMarket } from './virtual-market.ts';
import { refused } from './virtual-venue.ts';

const MINUTE = 60_000;
let market: VirtualMarket;
afterEach(async () => {
  await market.stop();
  expect(market.faults).toEqual([]);
});

test('a position opened by hand on another symbol adds that symbol to the list', async () => {
  market = await createVirtualMarket({ symbols: ['BTCUSDT', 'ETHUSDT'], trading: { symbols: ['BTCUSDT'] } });
  await market.time.pass(10_000);
  expect(await market.watchlist()).toEqual(['BTCUSDT']);
  const news: string[][] = [];
  await market.fake.bus('signal-engine').subscribe(Channels.watchlistChanges, ({ symbols }) => void news.push(symbols));
  await openPosition(market, 'ETHUSDT');
  await market.time.pass(20_000);
  expect(await market.watchlist()).toEqual(['BTCUSDT', 'ETHUSDT']);
  expect(news.at(-1)).toEqual(['BTCUSDT', 'ETHUSDT']);
  expect(market.of('book', 'ETHUSDT').length).toBeGreaterThan(5);
  expect(await market.klines('ETHUSDT', '1h')).toHaveLength(498);
});

test('a named symbol with a position stays on the list when the venue halts it, and leaves once nothing is open', async () => {
  market = await createVirtualMarket({ trading: { rescan_interval_sec: 60 } });
  await openPosition(market, 'ETHUSDT');
  await market.time.pass(10_000);
  market.venue.statuses = { ETHUSDT: 'SETTLING' };
  await market.time.pass(3 * MINUTE);
  expect(await market.watchlist()).toEqual(['BTCUSDT', 'ETHUSDT']);
  expect((await market.assets())['ETHUSDT']).toMatchObject({ on_list: true });
  expect(market.said('warn')).toEqual([]);
  await market.fake.bus('decision-logger').write((batch) => batch.setMap(Maps.openPositions, {}));
  await market.time.pass(3 * MINUTE);
  expect(await market.watchlist()).toEqual(['BTCUSDT']);
  expect(market.said('warn')).toMatchObject([{ fields: { symbol: 'ETHUSDT' } }]);
});

test('symbols with positions beside the named ones are on the list also while the venue was never reached', async () => {
  market = await createVirtualMarket({ symbols: ['BTCUSDT', 'ETHUSDT'], trading: { symbols: ['BTCUSDT'] } });
  await market.stop();
  await openPosition(market, 'ETHUSDT');
  market.venue.venueFault = () => refused;
  market.start();
  await market.time.pass(MINUTE);
  expect(await market.watchlist()).toEqual(['BTCUSDT', 'ETHUSDT']);
  expect(market.of('fallback', 'ETHUSDT').length).toBeGreaterThan(1);
});

test('a venue that reports every named symbol as halted removes none from the list', async () => {
  market = await createVirtualMarket({ trading: { rescan_interval_sec: 60 } });
  await market.time.pass(10_000);
  market.venue.statuses = { BTCUSDT: 'TRADING_HALT', ETHUSDT: 'TRADING_HALT' };
  await market.time.pass(5 * MINUTE);
  expect(await market.watchlist()).toEqual(['BTCUSDT', 'ETHUSDT']);
  expect(market.said('warn')).toMatchObject([{ message: 'watchlist stays as it is' }]);
});

async function openPosition({ fake }: VirtualMarket, symbol: string): Promise<void> {
  await fake.bus('decision-logger').write((batch) =>
    batch.setField(Maps.openPositions, `${symbol}:LONG`, {
      run: 'public:mainnet',
      symbol,
      side: 'LONG',
      quantity: 1,
      entry_price: 100,
      entry_ts: 1,
      entry_fee: 0,
      signal_id: 'by-hand',
      simulated: true,
    }),
  );
}
