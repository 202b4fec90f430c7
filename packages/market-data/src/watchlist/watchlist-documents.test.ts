import { selectWatchlist } from '@helios/core/selection/select-watchlist.ts';
import { aListing, aSurvey, marketFigures } from '@helios/core/testing/made-market.ts';
import { Maps, Rankings } from '@helios/shared/contracts/catalog.ts';
import type { OpenOrder, OpenPosition } from '@helios/shared/domain/position.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { expect, test } from 'vitest';
import { readExposedSymbols } from './exposed-symbols.ts';
import { restoredMembers, watchlistDocuments } from './watchlist-documents.ts';

const RUN = 'public:mainnet';

function aSelection() {
  const listings = Array.from({ length: 30 }, (_, i) => aListing(`M${i}`));
  const survey = aSurvey(listings, (symbol, place) => marketFigures(symbol, place));
  const params = defaultSettings({ trading: { watchlist_size: 4 } }).trading;
  return selectWatchlist({ survey, members: [], held: new Set(['GONEUSDT']), params, nowMs: T0 });
}

test('the list and the next candidates are written to Redis and restored as members', async () => {
  const selection = aSelection();
  const { symbols, scores, assets } = watchlistDocuments(selection, RUN, T0);
  const bus = createFakeRedis().bus('public-price-ingestor');
  await bus.write((batch) => {
    batch.setMap(Maps.assetScores, assets);
    batch.setRanking(Rankings.watchlist, scores);
  });
  expect((await bus.getRanking(Rankings.watchlist)).map(({ member }) => member)).toEqual(symbols);
  const read = await bus.getMap(Maps.assetScores);
  expect(Object.values(read).filter(({ on_list }) => on_list)).toHaveLength(4);
  expect(Object.values(read).filter(({ reason }) => reason === 'OUTSCORED')).toHaveLength(4);
  const best = selection.list[0];
  expect(read[best?.symbol ?? '']).toMatchObject({ run: RUN, score: best?.score, parts: best?.parts, since_ts: T0 });
  expect(read['GONEUSDT']).toMatchObject({ reason: 'HELD', on_list: true });
  const members = restoredMembers(read, RUN).toSorted((a, b) => symbols.indexOf(a.symbol) - symbols.indexOf(b.symbol));
  expect(members).toEqual(selection.list.map(({ symbol, sinceTs, score }) => ({ symbol, sinceTs, score })));
  expect(restoredMembers(read, 'public:testnet')).toEqual([]);
});

test('symbols that were not chosen are no members after a restart', () => {
  const list = aSelection().list.map((one, i) => ({
    ...one,
    reason: i === 0 ? ('START' as const) : ('FIXED' as const),
  }));
  expect(restoredMembers(watchlistDocuments({ list, rejected: [] }, RUN, T0).assets, RUN)).toEqual([]);
});

test('exposed symbols are those of this run’s positions and orders', async () => {
  const fake = createFakeRedis();
  const position: OpenPosition = {
    run: RUN,
    symbol: 'BTCUSDT',
    side: 'LONG',
    quantity: 1,
    entry_price: 100,
    entry_ts: T0,
    entry_fee: 0,
    signal_id: 's1',
    simulated: true,
  };
  const order: OpenOrder = {
    run: RUN,
    order_id: 'o1',
    signal_id: 's2',
    symbol: 'ETHUSDT',
    side: 'SHORT',
    purpose: 'ENTRY',
    price: 100,
    quantity: 1,
    placed_ts: T0,
    expires_ts: T0 + 1,
    simulated: true,
  };
  await fake.bus('decision-logger').write((batch) => {
    batch.setMap(Maps.openPositions, {
      'BTCUSDT:LONG': position,
      'XRPUSDT:LONG': { ...position, symbol: 'XRPUSDT', run: 'another run' },
    });
    batch.setMap(Maps.openOrders, { o1: order });
  });
  expect(await readExposedSymbols(fake.bus('public-price-ingestor'), RUN)).toEqual(new Set(['BTCUSDT', 'ETHUSDT']));
  expect(await readExposedSymbols(fake.bus('data-ingestor'), 'no run')).toEqual(new Set());
});
