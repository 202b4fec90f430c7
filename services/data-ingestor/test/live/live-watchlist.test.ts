import { TRAP_CONTRACTS } from '@helios/exchange-simulator/listing/trap-contracts.ts';
import { Channels, Maps } from '@helios/shared/contracts/catalog.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, test } from 'vitest';
import { freshBooks, type LiveHarness, RUN, startFollowing } from './live-harness.ts';

const COINS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'BNBUSDT', 'XRPUSDT'];

/** The service without named symbols: two places, chosen again every second. */
async function startChoosing() {
  const { harness, service } = await startFollowing({
    exchange: {
      market: { kind: 'generator', seed: 3, symbols: COINS },
      moreContracts: TRAP_CONTRACTS,
      limits: { weightPerMinute: 100_000 },
    },
    trading: {
      symbols: [],
      watchlist_size: 2,
      rescan_interval_sec: 1,
      watchlist_min_age_min: 0,
      min_quote_volume: 0,
    },
    hear: COINS,
  });
  const changes: string[][] = [];
  await harness.page.subscribe(Channels.watchlistChanges, ({ symbols }) => void changes.push(symbols));
  return { harness, service, changes };
}

function hold(harness: LiveHarness, symbol: string): Promise<void> {
  const position = {
    run: RUN,
    symbol,
    side: 'LONG',
    quantity: 1,
    entry_price: 100,
    entry_ts: 1,
    entry_fee: 0,
    signal_id: 's1',
    simulated: false,
  } as const;
  return harness.fake
    .bus('decision-logger')
    .write((batch) => batch.setField(Maps.openPositions, `${symbol}:LONG`, position));
}

test('in live mode symbols are chosen with their reasons, streamed, kept while a position is open, and changed without a restart', async () => {
  const { harness, service, changes } = await startChoosing();
  const [best = '', second = ''] = await eventually(
    'a first choice',
    async () => {
      const list = await harness.watchlist();
      const assets = await harness.assets();
      return list.length === 2 && list.every((symbol) => assets[symbol]?.reason === 'TOP') ? list : undefined;
    },
    30_000,
  );
  await freshBooks(harness, [best, second]);
  const assets = await harness.assets();
  expect(assets[best]).toMatchObject({ run: RUN, on_list: true });
  expect(assets[best]?.explanation).toContain(`${best}: score `);

  await hold(harness, second);
  await harness.venue.setFaults([
    { fault: 'symbol', symbol: best, status: 'TRADING_HALT' },
    { fault: 'symbol', symbol: second, status: 'SETTLING' },
  ]);
  const joined = await eventually(
    'another symbol in its place',
    async () => {
      const list = await harness.watchlist();
      return list.includes(best) ? undefined : list.find((symbol) => symbol !== second);
    },
    30_000,
  );
  expect(COINS).toContain(joined);
  expect(await harness.watchlist()).toContain(second);
  expect((await harness.assets())[second]).toMatchObject({ reason: 'HELD', on_list: true });
  expect((await harness.klines(joined, '1m')).length).toBeGreaterThan(100);
  await freshBooks(harness, [joined]);
  const now = (await harness.watchlist()).toSorted().join();
  await eventually('news of the list as it is', () => changes.at(-1)?.toSorted().join() === now);

  await harness.venue.setFaults([]);
  await eventually('the best one is back', async () => (await harness.watchlist()).includes(best), 30_000);
  await freshBooks(harness, [best]);
  expect(service.faults).toEqual([]);
}, 120_000);
