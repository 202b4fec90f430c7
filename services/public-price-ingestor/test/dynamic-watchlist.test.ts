import { TRAP_CONTRACTS } from '@helios/exchange-simulator/listing/trap-contracts.ts';
import { Channels, Maps } from '@helios/shared/contracts/catalog.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, onTestFinished, test } from 'vitest';
import { createIngestorHarness } from './ingestor-harness.ts';

const COINS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'BNBUSDT', 'XRPUSDT'];
const RUN = 'public:mainnet';

/** The service without named symbols: two places, chosen again every second. */
async function startChoosing() {
  const harness = await createIngestorHarness({
    exchange: {
      market: { kind: 'generator', seed: 3, symbols: COINS },
      moreContracts: TRAP_CONTRACTS,
      // A scan weighs about 55, once per second: on a busy machine the test would wait for the next minute's budget.
      limits: { weightPerMinute: 100_000 },
    },
    trading: {
      symbols: [],
      watchlist_size: 2,
      rescan_interval_sec: 1,
      watchlist_min_age_min: 0,
      min_quote_volume: 0,
    },
  });
  const page = harness.fake.bus('dashboard-api');
  const changes: string[][] = [];
  await page.subscribe(Channels.watchlistChanges, ({ symbols }) => void changes.push(symbols));
  const service = await harness.start();
  onTestFinished(async () => {
    await service.stop();
    await harness.stop();
  });
  const assets = () => page.getMap(Maps.assetScores);
  const isWatched = async (symbol: string) => (await harness.watchlist()).includes(symbol);
  return { harness, service, changes, assets, isWatched };
}

test('symbols are chosen and logged with their reasons, followed by klines, and changed without a restart', async () => {
  const { harness, service, changes, assets, isWatched } = await startChoosing();
  const [best = '', second = ''] = await eventually(
    'a first list',
    async () => {
      const list = await harness.watchlist();
      return list.length === 2 ? list : undefined;
    },
    30_000,
  );
  const scores = await assets();
  expect(scores[best]).toMatchObject({ run: RUN, on_list: true, reason: 'TOP' });
  expect(scores[best]?.explanation).toContain(`${best}: score `);
  expect(Object.values(scores).filter(({ on_list }) => !on_list)).toHaveLength(2);
  expect(changes).toContainEqual([best, second]);

  await harness.fake.bus('decision-logger').write((batch) =>
    batch.setField(Maps.openPositions, `${second}:LONG`, {
      run: RUN,
      symbol: second,
      side: 'LONG',
      quantity: 1,
      entry_price: 100,
      entry_ts: 1,
      entry_fee: 0,
      signal_id: 's1',
      simulated: true,
    }),
  );
  await harness.venue.setFaults([
    { fault: 'symbol', symbol: best, status: 'TRADING_HALT' },
    { fault: 'symbol', symbol: second, status: 'SETTLING' },
  ]);
  await eventually('the halted symbol gives way', async () => !(await isWatched(best)), 30_000);
  const list = await harness.watchlist();
  expect(list).toHaveLength(2);
  expect(list).toContain(second);
  expect((await assets())[second]).toMatchObject({ reason: 'HELD', on_list: true });
  const joined = list.find((symbol) => symbol !== second) ?? '';
  expect(TRAP_CONTRACTS.slice(2).map(({ symbol }) => symbol)).not.toContain(joined);
  expect((await harness.klines(joined, '1m')).length).toBeGreaterThan(100);
  await eventually('its books', async () => (await harness.sample(joined)) !== undefined, 30_000);
  await eventually('news of the list as it is', async () => {
    const now = await harness.watchlist();
    return changes.at(-1)?.toSorted().join() === now.toSorted().join();
  });
  expect(service.faults).toEqual([]);
}, 120_000);
